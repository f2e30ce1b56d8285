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
  usableBeforeStopExpandedUncertaintyKg: nonNegative,
  residualExpandedUncertaintyKg: nonNegative,
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
    'gauge.classPercent',
    'gauge.spanMpa',
    'gauge.readingMpa',
  ]),
  value: z.string(),
});
export type Assumption = z.infer<typeof assumptionSchema>;

/** An amount with its expanded uncertainty (k = 2), kg. */
export const amountSchema = z.object({ kg: z.number(), expandedUncertaintyKg: nonNegative });

/**
 * What leaves the pack. `steady`: from the fall of the mass; `metered`: from a flow meter. `calculating`: something is
 * drawn and not yet known to 10 %; `not-significant`: nothing that could be told from nothing. Only the first two have
 * numbers.
 */
export const consumptionSchema = z.object({
  kgPerHour: z.number().nullable(),
  expandedUncertaintyKgPerHour: z.number().nullable(),
  state: z.enum(['steady', 'metered', 'calculating', 'not-significant', 'unknown']),
  /** Length of the window the number was read from. */
  windowMinutes: z.number().nullable(),
});

/** Hours to the stop pressure, and the consumption that was assumed to go on. */
export const timeToStopSchema = z.object({
  estimate: nonNegative,
  low: nonNegative,
  high: nonNegative,
  kgPerHour: z.number(),
  basisHours: z.number(),
});

/**
 * A stretch of time with the same gas in the same pack. One that began with `return` (another mass after an isolation) or
 * `rise` waits for a person to say what happened.
 */
export const segmentSchema = z.object({
  at: z.int(),
  kind: z.enum(['first', 'return', 'rise', 'cylinders', 'calibration']),
  beforeKg: z.number().nullable(),
  startKg: z.number(),
  resolved: z.boolean(),
  drawn: amountSchema,
});

const currentDeliverySchema = z.object({
  id: z.string(),
  serial: z.string(),
  origin: z.string(),
  arrivedAt: z.int(),
  /** Null where a part of it is not known: an isolation nobody explained, or nothing measured. */
  drawn: amountSchema.nullable(),
});

/** Q = (10 P + 1) V of the High Pressure Gas Safety Act: apart from kilograms, "confirm with the authority". */
export const legalQuantitySchema = z.object({
  packM3: nonNegative,
  siteM3: nonNegative,
  thresholdM3: nonNegative,
  siteAtThreshold: z.boolean(),
});

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
  cylinders: z.int(),
  /** How many of them are open; which ones nobody records. */
  openCylinders: z.int(),
  hydrogen: hydrogenSchema.nullable(),
  /** Mass of a lawfully full pack: 19.6 MPa gauge at 35 degC. */
  fullReferenceKg: nonNegative,
  stopPressureMpa: z.number(),
  nameplate: z.object({ totalKg: z.number(), usableKg: z.number(), physical: z.literal(false) }),
  consumption: consumptionSchema,
  timeToStopHours: timeToStopSchema.nullable(),
  /** Since when the line is closed, so that the gauge does not show the pack. */
  isolatedSince: z.int().nullable(),
  segment: segmentSchema.nullable(),
  /** The confirmed delivery whose gas this is, and what was drawn of it. */
  delivery: currentDeliverySchema.nullable(),
  calibration: z.object({ id: z.string(), validUntil: z.int(), expired: z.boolean() }).nullable(),
  legal: legalQuantitySchema,
  assumed: z.array(assumptionSchema),
  alarms: z.array(
    z.object({ id: z.string(), kind: z.string(), since: z.int(), acknowledged: z.boolean() }),
  ),
});
export type Pack = z.infer<typeof packSchema>;

const extremesSchema = z.object({ least: z.number(), most: z.number() }).nullable();

/**
 * What a point of several minutes stands for, so that thinning hides nothing: the extremes of its minutes (null where
 * none had a value), how many of them had a pressure, and how many there are.
 */
const historyStretchSchema = z.object({
  pressureMpa: extremesSchema,
  totalKg: extremesSchema,
  usableKg: extremesSchema,
  knownMinutes: z.int().nonnegative(),
  minutes: z.int().positive(),
});

/** One point of a pack's history; a null is a minute without a trustworthy value, `why` says the reason. */
export const packHistoryPointSchema = z.object({
  at: z.int(),
  measuredAt: z.int(),
  pressureMpa: z.number().nullable(),
  temperatureC: z.number().nullable(),
  totalKg: z.number().nullable(),
  usableKg: z.number().nullable(),
  /** Of `totalKg` and of `usableKg`. */
  expandedUncertaintyKg: z.number().nullable(),
  usableExpandedUncertaintyKg: z.number().nullable(),
  quality: shownQualitySchema,
  why: shownWhySchema.optional(),
  /** Absent where the point stands for one minute. */
  stretch: historyStretchSchema.optional(),
});
export type PackHistoryPoint = z.infer<typeof packHistoryPointSchema>;
