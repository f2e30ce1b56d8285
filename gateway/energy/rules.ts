import { z } from 'zod';

const minuteMs = 60_000;
const wholeSchema = z.int().nonnegative();

/** How one register is judged. Every default can be set per meter. */
export const rulesSchema = z.strictObject({
  /** Readings no further apart than this are split at a boundary in proportion to time; across more it is a gap. */
  periodMs: z
    .int()
    .positive()
    .default(5 * minuteMs),
  /** A fall of at most this is noise of the last digits: it counts 0, and energy resumes above the highest value. */
  jitterWh: wholeSchema.default(10),
  /** After a fall nobody explained, a register that has not risen by more than this may still rejoin the old level. */
  rejoinRiseWh: wholeSchema.default(10),
  /** For so long after it, where the way up could also be new energy: long enough for a night and a few days of snow. */
  rejoinWithinMs: z
    .int()
    .positive()
    .default(7 * 24 * 60 * minuteMs),
  /** Where the meter's own `meta` does not say it. */
  ratedW: z.number().positive().optional(),
  /** A rise is implausible above rated power times this: an array in cold sun gives more than its plate says. */
  ratedFactor: z.number().min(1).default(1.5),
  /** A meter may show a new value only this often (30 minutes is the interval of Japanese metering). */
  heldMs: z
    .int()
    .nonnegative()
    .default(30 * minuteMs),
  /** The coarsest digit: displays of whole kWh rise by 1,000 Wh at once. */
  resolutionWh: wholeSchema.default(1_000),
  /** What an unrated meter is believed: no home makes 1 MW. */
  unratedW: z.number().positive().default(1_000_000),
});
export type Rules = z.infer<typeof rulesSchema>;

export const defaultRules: Rules = rulesSchema.parse({});
