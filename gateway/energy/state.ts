import { z } from 'zod';
import { registerEventSchema } from './event.ts';

/** Where energy is counted from: the highest value of the segment, last read at `at`, first shown at `changedAt`. */
const levelSchema = z.strictObject({
  at: z.int(),
  wh: z.int(),
  changedAt: z.int(),
  uncertain: z.boolean(),
});
export type Level = z.infer<typeof levelSchema>;

/**
 * Readings that showed one value from `from` to `to`. `event`: what led to them is not explained. `broken`: there were
 * gaps in between.
 */
const runSchema = z.strictObject({
  from: z.int(),
  to: z.int(),
  wh: z.int(),
  uncertain: z.boolean(),
  broken: z.boolean(),
  event: registerEventSchema.nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** What the device announced, waiting for the reading that shows it. */
const announcedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rollback'), wh: z.int().nullable() }),
  z.strictObject({
    kind: z.literal('replacement'),
    startWh: z.int().nullable(),
    finalWh: z.int().nullable(),
  }),
]);

/**
 * All that accounting remembers of a register: plain data of bounded size, so that it can be kept as a checkpoint and
 * gone on from. `held` are readings of which it is not yet known whether they are a new segment or a mistake.
 */
export const registerStateSchema = z.strictObject({
  serial: z.string().nullable(),
  wrapAt: z.int().nullable(),
  ratedW: z.number().nullable(),
  seenAt: z.int(),
  ignoreUntil: z.int(),
  level: levelSchema.nullable(),
  dipped: z.boolean(),
  announced: announcedSchema.nullable(),
  held: z.array(runSchema),
});
export type RegisterState = z.infer<typeof registerStateSchema>;

export const noState: RegisterState = {
  serial: null,
  wrapAt: null,
  ratedW: null,
  seenAt: 0,
  ignoreUntil: 0,
  level: null,
  dipped: false,
  announced: null,
  held: [],
};
