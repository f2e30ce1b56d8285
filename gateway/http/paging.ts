import { badField } from './problem.ts';

interface Keyed {
  readonly at: number;
  readonly id: string;
}

/**
 * The page of a list that a query asks for, newest first. A cursor names the last item of the page before and not its
 * place, so that what came in or was taken back meanwhile shifts nothing. Throws `HttpProblem` (400).
 */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  keyOf: (item: T) => Keyed,
): { items: T[]; next?: string } {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => newestFirst(a.key, b.key));
  const after = cursor === undefined ? undefined : parsed(cursor);
  const rest = after === undefined ? keyed : keyed.filter(({ key }) => newestFirst(after, key) < 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const shown = page.map(({ item }) => item);
  if (last === undefined || rest.length <= limit) return { items: shown };
  return { items: shown, next: `${last.key.at}_${last.key.id}` };
}

function newestFirst(a: Keyed, b: Keyed): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

function parsed(cursor: string): Keyed {
  const [, at, id] = /^(\d{1,16})_(.*)$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id };
  throw badField('cursor', cursor, 'is no `next` of a page before');
}
