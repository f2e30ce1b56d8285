import { z } from 'zod';
import { qualitySchema, whySchema } from '#device/contract';

const nonNegative = z.number().nonnegative();

/** Quality of a shown figure: as on the wire, and `why` also knows what only a gateway can say. */
export const shownQualitySchema = qualitySchema;
export const shownWhySchema = z.enum([...whySchema.options, 'isolated']);

/** Physical hydrogen in a pack. Expanded uncertainties are k = 2. `usable` is above 1 MPa gauge at the present
 * temperature; `usableBeforeStop` is above the stop pressure. */
export const hydrogenSchema = z.object({
  totalKg: nonNegative,
  usableKg: nonNegative,
  usableBeforeStopKg: nonNegative,
  residualKg: nonNegative,
  expandedUncertaintyKg: nonNegative,
  usableExpandedUncertaintyKg: nonNegative,
  normalCubicMetres: nonNegative,
  equation: z.string(),
});
export type Hydrogen = z.infer<typeof hydrogenSchema>;

/** Figures the calculation took because the configuration does not state them: shown, never silent. */
export const assumptionSchema = z.object({
  field: z.enum([
    'transmitter.classPercent',
    'transmitter.spanMpa',
    'transmitter.coefficientPercentPer10K',
    'shuntPercent',
    'thermometer.class',
    'thermometer.placement',
    'volumePercent',
  ]),
  value: z.string(),
});
export type Assumption = z.infer<typeof assumptionSchema>;

export const packSchema = z.object({
  id: z.string(),
  name: z.string(),
  site: z.string(),
  source: z.enum(['transmitter', 'manual']),
  measuredAt: z.int().nullable(),
  ageMs: z.int().nullable(),
  quality: shownQualitySchema,
  why: shownWhySchema.optional(),
  pressureMpa: z.number().nullable(),
  temperatureC: z.number().nullable(),
  temperature: z.object({
    measuredAt: z.int().nullable(),
    ageMs: z.int().nullable(),
    quality: shownQualitySchema,
    why: shownWhySchema.optional(),
  }),
  /** Range of the dial: what the pack may hold and what the transmitter can say. */
  fillingPressureMpa: z.number(),
  residualPressureMpa: z.number(),
  openCylinders: z.int(),
  hydrogen: hydrogenSchema.nullable(),
  stopPressureMpa: z.number(),
  nameplate: z.object({ totalKg: z.number(), usableKg: z.number(), physical: z.literal(false) }),
  consumption: z.object({
    kgPerHour: z.number().nullable(),
    expandedUncertaintyKgPerHour: z.number().nullable(),
    state: z.enum(['calculating', 'steady', 'not-significant', 'not-computed']),
  }),
  timeToStopHours: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
  assumed: z.array(assumptionSchema),
  alarms: z.array(z.object({ id: z.string(), kind: z.string(), since: z.int() })),
});
export type Pack = z.infer<typeof packSchema>;

/** One point of a pack's history; a null is a minute without a trustworthy value, `why` says the reason. */
export const packHistoryPointSchema = z.object({
  at: z.int(),
  measuredAt: z.int(),
  pressureMpa: z.number().nullable(),
  temperatureC: z.number().nullable(),
  totalKg: z.number().nullable(),
  usableKg: z.number().nullable(),
  expandedUncertaintyKg: z.number().nullable(),
  quality: shownQualitySchema,
  why: shownWhySchema.optional(),
});
export type PackHistoryPoint = z.infer<typeof packHistoryPointSchema>;
