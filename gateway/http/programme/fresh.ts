import { createHash, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { HeadsOf } from '../../seals/handed-out.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import type { Measured } from './selection.ts';

type FreshParts = Pick<AppParts, 'desk' | 'pull'>;

/** What happened before a start is not told apart by change numbers in memory. */
const start = randomUUID();

/**
 * An ETag (RFC 9110, section 8.8) of an answer about some meters, known without making it: it changes with whatever people
 * state, with every half hour of these meters that changes, and with `moment`. Weak: it says nothing of the bytes. Undefined
 * while one of the meters is being written.
 */
export function etagOf(
  c: Context<Env>,
  { desk, pull }: FreshParts,
  meters: readonly Measured[],
  moment: string | number = '',
): string | undefined {
  const states: number[] = [];
  for (const { meter } of meters) {
    const state = pull.changes.state(meter.register);
    if (state === undefined) return undefined;
    states.push(state);
  }
  const url = new URL(c.req.url);
  url.searchParams.delete('purpose');
  const content = [start, pull.storeId, desk.version, moment, url.pathname, url.search, ...states];
  return `W/"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 27)}"`;
}

/** Headers of an answer that may be kept and asked about again. */
export function keptHeaders(etag: string | undefined): Record<string, string> {
  const headers = { 'cache-control': 'private, no-cache' };
  return etag === undefined ? headers : { ...headers, etag };
}

/** Whether the reader has it already (If-None-Match). */
export function isKnown(c: Context<Env>, etag: string | undefined): boolean {
  const held = c.req.header('if-none-match') ?? '';
  return etag !== undefined && held.split(',').some((each) => each.trim() === etag);
}

/** The heads that go out with an answer, for its last page. */
export function sealsOf(c: Context<Env>): { readonly seals?: HeadsOf } {
  const seals = c.get('sealHeads');
  return seals === undefined ? {} : { seals };
}
