import { z } from 'zod';
import { amountSchema, hydrogenSchema } from './pack.ts';

/**
 * What people state about a pack, and what the gateway makes of it. Times are epoch ms, pressures MPa gauge, `by` is who
 * says so. A request may carry an `id` of its own: the same content again is then answered as before, and not doubled.
 */
const person = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(200);
const id = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -, at most 64')
  .optional();
const stated = { id, by: person };
const recorded = { id: z.string(), by: z.string(), recordedAt: z.int() };
/** Where the hydrogen was made. */
export const originSchema = z.enum(['tokyo', 'yamanashi']);
export type Origin = z.infer<typeof originSchema>;
const origin = originSchema;
const gaugeState = z.object({ at: z.int(), pressureMpa: z.number(), temperatureC: z.number() });

export const gaugeReadingRequestSchema = z.strictObject({
  ...stated,
  pressureMpa: z.number(),
  temperatureC: z.number(),
  readAt: z.int(),
});
/** The answer to a reading by eye: what it means, and how it fits the transmitter (null where there is none fresh). */
export const gaugeReadingSchema = z.object({
  ...recorded,
  readAt: z.int(),
  pressureMpa: z.number(),
  temperatureC: z.number(),
  hydrogen: hydrogenSchema,
  transmitter: z
    .object({ pressureMpa: z.number(), differenceMpa: z.number(), toleranceMpa: z.number() })
    .nullable(),
});
export type GaugeReading = z.infer<typeof gaugeReadingSchema>;

export const deliveryRequestSchema = z.strictObject({
  ...stated,
  /** The segment it explains (`at` of one that waits); without one it is entered from the papers alone. */
  segmentAt: z.int().optional(),
  openedAt: z.int(),
  serial: text,
  origin,
  openCylinders: z.int().min(1),
  outlet: text.optional(),
  purityCertificate: text.optional(),
  safetyDataSheet: text.optional(),
  tightnessTest: text.optional(),
  arrival: gaugeState,
});
export const deliveryReturnRequestSchema = z.strictObject({ ...stated, state: gaugeState });
/**
 * A delivery with the account of its gas, which ends when it came off the line or the next was opened. `drawn` is null
 * while a change of mass in it is unexplained, or where nothing was measured.
 */
export const deliverySchema = z.object({
  ...recorded,
  segmentAt: z.int().nullable(),
  openedAt: z.int(),
  endedAt: z.int().nullable(),
  serial: z.string(),
  origin,
  openCylinders: z.int(),
  outlet: z.string().nullable(),
  purityCertificate: z.string().nullable(),
  safetyDataSheet: z.string().nullable(),
  tightnessTest: z.string().nullable(),
  arrival: gaugeState.extend({ kg: z.number().nullable() }),
  returned: gaugeState
    .extend({ id: z.string(), kg: z.number().nullable(), by: z.string() })
    .nullable(),
  drawn: amountSchema.nullable(),
  lostKg: z.number(),
  unexplained: z.int(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** A stretch of time with the same gas. `waiting`: a person has yet to say what happened before it. */
export const packSegmentSchema = z.object({
  at: z.int(),
  endedAt: z.int().nullable(),
  kind: z.enum(['first', 'return', 'rise', 'cylinders', 'calibration']),
  before: gaugeState.extend({ kg: z.number() }).nullable(),
  start: gaugeState.extend({ kg: z.number() }),
  openCylinders: z.int(),
  drawn: amountSchema,
  waiting: z.boolean(),
  /** What explains it: a record of its own, or the delivery that names it. */
  resolution: z
    .object({
      kind: z.enum(['segment-resolution', 'delivery']),
      id: z.string(),
      what: z.enum(['swap', 'drawn', 'loss', 'closed-cylinders', 'same']),
      by: z.string(),
      recordedAt: z.int(),
      comment: z.string().nullable(),
    })
    .nullable(),
  /** Isolations within it, each with what it came back to; `vented`: an equal pack may have taken its place. */
  isolations: z.array(
    z.object({ from: z.int(), to: z.int().nullable(), vented: z.boolean().nullable() }),
  ),
});
export type PackSegment = z.infer<typeof packSegmentSchema>;

export const resolutionRequestSchema = z
  .strictObject({
    ...stated,
    what: z.enum(['swap', 'drawn', 'loss', 'closed-cylinders', 'same']),
    openCylinders: z.int().min(1).optional(),
    comment: z.string().max(500).optional(),
  })
  .refine(({ what, openCylinders }) => what !== 'closed-cylinders' || openCylinders !== undefined, {
    path: ['openCylinders'],
    error: 'say how many cylinders are open now',
  });

export const drawRequestSchema = z.strictObject({
  ...stated,
  from: z.int(),
  to: z.int(),
  expectedKg: z.number().positive(),
  expandedUncertaintyKg: z.number().nonnegative().optional(),
});
export const drawSchema = z.object({
  ...recorded,
  from: z.int(),
  to: z.int(),
  expectedKg: z.number(),
  expandedUncertaintyKg: z.number(),
  /** By the fall of the mass; null until it began, and while a change of mass in it is unexplained. */
  measured: amountSchema.nullable(),
});
export type Draw = z.infer<typeof drawSchema>;

export const batchRequestSchema = z.strictObject({
  ...stated,
  lot: text,
  from: z.int(),
  to: z.int(),
  units: z.int().min(1),
  product: text.optional(),
});
/**
 * `not-resolved`: too small to be told from nothing; then `lessThanKg` bounds it. `no-data`: nothing was measured near
 * its start or its end. Times count to the minute.
 */
export const batchSchema = z.object({
  ...recorded,
  lot: z.string(),
  product: z.string().nullable(),
  from: z.int(),
  to: z.int(),
  units: z.int(),
  state: z.enum(['resolved', 'not-resolved', 'unexplained', 'running', 'no-data']),
  drawn: amountSchema.nullable(),
  lessThanKg: z.number().nullable(),
  kgPerUnit: z.number().nullable(),
});
export type Batch = z.infer<typeof batchSchema>;

export const calibrationRequestSchema = z.strictObject({
  ...stated,
  from: z.int(),
  validUntil: z.int(),
  points: z.array(z.strictObject({ shownMpa: z.number(), referenceMpa: z.number() })).max(50),
  expandedUncertaintyMpa: z.number().positive().max(5).optional(),
  certificate: text.optional(),
});
export const calibrationSchema = z.object({
  ...recorded,
  from: z.int(),
  validUntil: z.int(),
  points: z.array(z.object({ shownMpa: z.number(), referenceMpa: z.number() })),
  expandedUncertaintyMpa: z.number().nullable(),
  certificate: z.string().nullable(),
  state: z.enum(['planned', 'in-force', 'expired', 'replaced', 'withdrawn']),
  /** History being computed anew because of it; null once that is done. */
  recomputing: z.object({ from: z.int(), reached: z.int(), to: z.int() }).nullable(),
});
export type PackCalibration = z.infer<typeof calibrationSchema>;

export const withdrawalRequestSchema = z.strictObject({ ...stated, why: text });
export const withdrawableSchema = z.enum([
  'delivery',
  'delivery-return',
  'segment-resolution',
  'draw',
  'batch',
  'calibration',
]);
/** That a record was taken back: it stays, and is passed over. */
export const withdrawalSchema = z.object({
  ...recorded,
  kind: z.string(),
  record: z.string(),
  why: z.string(),
});
export type Withdrawal = z.infer<typeof withdrawalSchema>;

export const allotmentConfirmationRequestSchema = z
  .strictObject({
    ...stated,
    basis: z.enum(['physical-kg', 'per-pack']),
    kg: z.number().positive(),
    /** What one pack counts as, where packs are counted: the document says so, nothing here does. */
    kgPerPack: z.number().positive().optional(),
    document: text,
  })
  .refine(({ basis, kgPerPack }) => (basis === 'per-pack') === (kgPerPack !== undefined), {
    path: ['kgPerPack'],
    error: 'say what one pack counts as where packs are counted, and only there',
  });
/**
 * What one origin may supply. Its remainder is null until somebody confirmed how the allotment is counted: `physical-kg`
 * takes off what was drawn, `per-pack` what the confirmation says a pack counts as, for every pack delivered.
 */
export const allotmentSchema = z.object({
  site: z.string(),
  origin,
  kg: z.number(),
  confirmed: z
    .object({
      id: z.string(),
      basis: z.enum(['physical-kg', 'per-pack']),
      document: z.string(),
      by: z.string(),
      recordedAt: z.int(),
    })
    .nullable(),
  deliveries: z.int(),
  drawn: amountSchema.nullable(),
  remainderKg: z.number().nullable(),
});
export type Allotment = z.infer<typeof allotmentSchema>;

/**
 * A line of the receipt-and-issue book: a delivery received, the hydrogen issued from it, a loss, a pack returned, a
 * change nobody explained. What is issued is one line a delivery (or its part in the span): days of their own would be
 * smaller than their uncertainty.
 */
export const bookLineSchema = z.object({
  at: z.int(),
  pack: z.string(),
  origin: z.string(),
  entry: z.enum(['received', 'issued', 'lost', 'returned', 'unexplained']),
  serial: z.string(),
  kg: z.number().nullable(),
  expandedUncertaintyKg: z.number().nullable(),
  reference: z.string(),
  by: z.string(),
});
export type BookLine = z.infer<typeof bookLineSchema>;
