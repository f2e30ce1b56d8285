import { z } from 'zod';

/** ISO 8601 with an offset, or epoch milliseconds; answers epoch milliseconds. */
export const timeSchema = z
  .string()
  .transform((text, context) => {
    const ms = /^\d{12,15}$/.test(text) ? Number(text) : isoToMs(text);
    if (Number.isSafeInteger(ms)) return ms;
    context.addIssue('is not a time: write 2026-04-01T00:00:00+09:00 or epoch milliseconds');
    return z.NEVER;
  })
  .meta({ description: 'ISO 8601 with offset, or epoch milliseconds' });

function isoToMs(text: string): number {
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
  return iso.test(text) ? Date.parse(text) : Number.NaN;
}

export const span = { from: timeSchema.optional(), to: timeSchema.optional() };
/** Every list: `next` is the cursor of the page after this one. */
export const list = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });

/** Where several sites have an asset of one name, this decides. */
export const siteQuery = z.object({ site: z.string().optional() });

/** For lists that grow: newest first, so many at a time. */
export const pageQuery = siteQuery.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional().meta({ description: '`next` of the page before' }),
});

/** Intervals, oldest first: so many as JSON, where `cursor` is the `next` of the page before, or all of them as CSV. */
export const intervalPage = {
  format: z.enum(['json', 'csv']).default('json'),
  limit: z.coerce.number().int().min(1).max(20_000).default(2_000),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is no `next` of a page before')
    .optional(),
};

export interface Route {
  readonly method: 'get' | 'post';
  /** Hono notation: `{id}` of OpenAPI is `:id` here. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** JSON, validated by this. */
  readonly body?: z.ZodType;
  /** Of the answer; 200 where it is left out. */
  readonly status?: 201;
  readonly answer: z.ZodType;
  readonly media: 'application/json' | 'application/x-ndjson' | 'text/event-stream';
  /** Asked for by `format`. */
  readonly otherMedia?: readonly ('text/csv' | 'text/html')[];
  /** What headers of the answer say, by name; with an ETag, `If-None-Match` is answered with 304. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the answer, for the documentation; of a streamed one, an item. */
  readonly example?: unknown;
}
