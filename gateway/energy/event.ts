import { z } from 'zod';
import { type Resolution, resolutionSchema } from './resolution.ts';

/** What settles an event without a person: a rule, or what the device declared. */
const settlementSchema = z.strictObject({
  kind: z.enum(['wrap', 'jitter', 'rejoined', 'rollback', 'declared-replacement']),
  by: z.enum(['rule', 'device']),
});

export const registerEventKindSchema = z.enum([
  'wrap',
  'jitter',
  'rollback',
  'fall',
  'implausible-rise',
  'replacement',
  'reported',
]);

/**
 * A fall, an implausible rise or another meter; `reported` is what only a person knew of. `at` is the reading where it was seen, `before` and `after` what the
 * register showed, `beforeAt` when. Without a resolution it is open: the step across it is not energy.
 */
export const registerEventSchema = z.strictObject({
  id: z.string(),
  meter: z.string(),
  at: z.int(),
  kind: registerEventKindSchema,
  before: z.int(),
  beforeAt: z.int(),
  after: z.int(),
  resolution: z.union([resolutionSchema, settlementSchema]).nullable(),
});
export type RegisterEvent = z.infer<typeof registerEventSchema>;

/** A person's word, and the kind of event it was said of; `about` is missing where that was not recorded. */
export type Said = Resolution & { readonly about?: RegisterEvent['kind'] | undefined };

/**
 * One reading is at most one event, so meter and instant name it for ever; a dot is in no id of ours
 * (`{site}/{asset}/{quantity}`), so that the name also fits a URL.
 */
export function eventId(meter: string, at: number): string {
  return `${meter.replaceAll('/', '.')}.${at}`;
}
