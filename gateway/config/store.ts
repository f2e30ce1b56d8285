import { z } from 'zod';

const embedded = z.strictObject({ kind: z.literal('embedded') });

const influxdb = z.strictObject({
  kind: z.literal('influxdb'),
  /** Its address; a path in it is taken as the prefix a proxy serves it under. */
  url: z
    .url({ protocol: /^https?$/, error: 'is http://host:port or https://host:port' })
    .refine((url) => !/\/(api\/v2|write|query|ping)\/?$/.test(url), {
      error: 'is the address alone, without /api/v2, /write or /query',
    }),
  /** A bucket of 2.x, a database of 1.x (`database/policy` for a retention policy of its own). */
  bucket: z
    .string()
    .regex(/^[^/"\\\p{Cc}]+(\/[^/"\\\p{Cc}]+)?$/u, 'is the name of a bucket or database'),
  org: z.string().min(1).optional(),
  /** 2.x: a token; 1.x: `user:password`. */
  token: z.string().min(1).optional(),
  tokenFile: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
  create: z.boolean().default(false),
});

/** Where everything is stored. */
export const storeSchema = z
  .discriminatedUnion('kind', [embedded, influxdb], {
    error: 'kind is "embedded" (SQLite in the data folder) or "influxdb"',
  })
  .superRefine((store, context) => {
    if (store.kind !== 'influxdb') return;
    // A secret is not repeated in the message.
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, input: '…' });
    if (store.token !== undefined && store.tokenFile !== undefined)
      refuse('token', 'give token or tokenFile, not both');
    if (/^https?:\/\/[^/]*@/.test(store.url))
      refuse('url', 'holds a password: give it as token or tokenFile ("user:password")');
  });
