import { z } from 'zod';
import type { RegisterReading } from './input.ts';

/**
 * A person's word on one reading: what it was (`before`), what it should have been (`after`; null: no value at all).
 * The reading stays as it was stored; derivation takes the corrected value in its place.
 */
export const correctionSchema = z.strictObject({
  at: z.int(),
  before: z.int().nonnegative().nullable(),
  after: z.int().nonnegative().nullable(),
  by: z.string().min(1).max(200),
  why: z.string().min(1).max(1_000),
});
export type Correction = z.infer<typeof correctionSchema>;

/**
 * The reading as its corrections, oldest first, leave it. One whose `before` is not what it finds was made of something
 * else and does nothing. A corrected value is `uncertain`: it was not measured so.
 */
export function corrected(
  reading: RegisterReading,
  corrections: readonly Correction[],
): RegisterReading {
  return corrections.reduce(
    (present, { at, before, after }) =>
      at === present.at && before === present.wh
        ? { ...present, wh: after, quality: after === null ? 'bad' : 'uncertain' }
        : present,
    reading,
  );
}
