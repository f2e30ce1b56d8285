import { z } from 'zod';

/** One stored reading as `/readings` streams it. */
export const storedReadingSchema = z.object({
  at: z.int(),
  value: z.number().nullable(),
  raw: z.number().nullable(),
  quality: z.string(),
  why: z.string().nullable(),
  stream: z.string(),
  seq: z.int(),
  receivedAt: z.int(),
});

/** Sequence numbers that were never stored. `open` until filled; `final` once a device's own event says so. */
export const gapSchema = z.object({
  site: z.string(),
  device: z.string(),
  stream: z.string(),
  firstSeq: z.int(),
  lastSeq: z.int(),
  from: z.int(),
  to: z.int(),
  state: z.enum(['open', 'final']),
  why: z.string().optional(),
});
export type Gap = z.infer<typeof gapSchema>;
