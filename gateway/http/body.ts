import { z } from 'zod';
import { HttpProblem } from './problem.ts';

/**
 * Reads a JSON body by its schema, and no more of it than `mostBytes`. Throws `HttpProblem`: 413, or 400 with every
 * field that is wrong. Values are not repeated: a body may hold a secret. (Hono's own body limit fails on a body
 * without a length unless node-server replaces the global `Request`.)
 */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  mostBytes: number,
): Promise<z.output<Schema>> {
  const parsed = z.safeParse(schema, parse(await readText(request, mostBytes)));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    detail: message,
  }));
  throw new HttpProblem(400, 'the body was not understood', errors);
}

async function readText({ body }: Request, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new HttpProblem(413, `the body has more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'the body is not JSON');
  }
}
