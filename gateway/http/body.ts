import { z } from 'zod';
import { isNestedDeeper, mostLevels } from '../nesting.ts';
import { HttpProblem, shown } from './problem.ts';

export interface BodyRules {
  readonly mostBytes: number;
  /** `hidden`: a problem must not repeat what was sent, because it may hold a secret. */
  readonly values: 'shown' | 'hidden';
}

const mostErrors = 50;

/**
 * Reads a JSON body by its schema, and no more of it than `mostBytes`. Throws `HttpProblem`: 413, or 400 with every
 * field that is wrong. (Hono's own body limit fails on a body without a length unless node-server replaces the global
 * `Request`.)
 */
export async function readJson<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  { mostBytes, values }: BodyRules,
): Promise<z.output<Schema>> {
  const given = parse(await readText(request, mostBytes));
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(places).map(({ path, detail }) => {
    const value = values === 'shown' ? shown(valueAt(given, path)) : undefined;
    const field = path.join('.');
    return value === undefined ? { field, detail } : { field, value, detail };
  });
  throw new HttpProblem(400, 'the body was not understood', errors.slice(0, mostErrors));
}

interface Place {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

/** Every unknown key is a place of its own. */
function places(issue: z.core.$ZodIssue): Place[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'is no part of this' }));
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** A body as text, and no more of it than `mostBytes`. Throws `HttpProblem` (413). */
export async function readText({ body }: Request, mostBytes: number): Promise<string> {
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
  const value = parseJson(text);
  if (isNestedDeeper(value))
    throw new HttpProblem(400, `the body is nested deeper than ${mostLevels} levels`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'the body is not JSON');
  }
}
