import { z } from 'zod';
import { HttpProblem, shown } from './problem.ts';

/** For routes that take no query: any key is a mistake. */
export const noQuery = z.object({});

/**
 * Reads a query by its schema. Unknown and repeated keys are mistakes too, and all mistakes are told at once:
 * a misspelt `form=` must not silently answer the whole history. Throws `HttpProblem` (400).
 */
export function readQuery<Schema extends z.ZodObject>(
  url: string,
  schema: Schema,
): z.output<Schema> {
  const given = new URL(url).searchParams;
  const parsed = z.safeParse(schema, Object.fromEntries(given));
  const misplaced = misplacedKeys([...given.keys()], Object.keys(schema.shape));
  if (parsed.success && misplaced.length === 0) return parsed.data;
  const wrong = (parsed.error?.issues ?? []).map((issue) => {
    const field = issue.path.join('.');
    return { field, value: shown(given.get(field) ?? undefined), detail: issue.message };
  });
  throw new HttpProblem(400, 'the query was not understood', [...misplaced, ...wrong].slice(0, 50));
}

function misplacedKeys(given: readonly string[], known: readonly string[]) {
  const unknown = known.length === 0 ? 'this route takes no query' : `known: ${known.join(', ')}`;
  return given.flatMap((key, index) => {
    const field = String(shown(key));
    if (!known.includes(key)) return [{ field, detail: `is no part of this query; ${unknown}` }];
    return given.indexOf(key) === index ? [] : [{ field, detail: 'is given more than once' }];
  });
}

/** A half-open span from a query; `from` must lie before `to`. Throws `HttpProblem` (400). */
export function spanOf(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  otherwise: { readonly from: number; readonly to: number },
): { from: number; to: number } {
  const span = { from: from ?? otherwise.from, to: to ?? otherwise.to };
  if (span.from < span.to) return span;
  const detail = `must be before "to": ${span.from} is not before ${span.to} (epoch ms; where one is left out its default is meant)`;
  throw new HttpProblem(400, `from: ${detail}`, [{ field: 'from', value: span.from, detail }]);
}
