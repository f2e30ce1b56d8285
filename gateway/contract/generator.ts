import { z } from 'zod';
import { shownQualitySchema, shownWhySchema } from './pack.ts';
import { generatorReductionSchema } from './reduction.ts';

/** Energy since 00:00 Japan time from register differences; `since` is later where the day's first reading is. */
const energyTodaySchema = z.object({
  wh: z.int().nonnegative(),
  since: z.int(),
  until: z.int(),
});

export const generatorSchema = z.object({
  id: z.string(),
  name: z.string(),
  site: z.string(),
  kind: z.enum(['pv', 'fuel-cell']),
  measuredAt: z.int().nullable(),
  ageMs: z.int().nullable(),
  quality: shownQualitySchema,
  why: shownWhySchema.optional(),
  powerW: z.number().nullable(),
  generatedWh: z.int().nullable(),
  /** Null where nothing was measured today or the register fell and nobody has said why. */
  today: energyTodaySchema.nullable(),
  /** Null before anything is known of it. */
  reduction: generatorReductionSchema.nullable(),
});
export type Generator = z.infer<typeof generatorSchema>;
