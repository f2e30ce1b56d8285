import { z } from 'zod';
import { originSchema, withdrawableSchema } from '#gateway/contract';
import { energyQuantities, registerQuantities } from '../config/meters.ts';
import { registerEventKindSchema } from '../energy/event.ts';
import { resolutionSchema } from '../energy/resolution.ts';
import { pointsMistake } from '../hydrogen/calibration.ts';
import { programmeBodies, type ProgrammeBodies } from './programme-kinds.ts';

/** What people state about packs and meters, by record kind: the shape of each record's body. Times are epoch ms, pressures gauge. */
const text = z.string().min(1).max(200);
const gaugeState = z.object({
  at: z.int(),
  pressureMpa: z.number(),
  temperatureC: z.number(),
});

/** A pack that came; its gas is what is drawn until the next one. `at` of the record is when it was opened to the line. */
export const deliveryBodySchema = z.object({
  /** The segment that it explains: a swap or refill the gateway saw. */
  segmentAt: z.int().optional(),
  serial: text,
  origin: originSchema,
  openCylinders: z.int().min(1),
  /** The outlet it was connected by. */
  outlet: text.optional(),
  purityCertificate: text.optional(),
  safetyDataSheet: text.optional(),
  tightnessTest: text.optional(),
  arrival: gaugeState,
});
export const deliveryReturnBodySchema = z.object({ delivery: z.string(), state: gaugeState });

/** What happened before a segment that nobody could see the beginning of. */
export const resolutionBodySchema = z
  .object({
    segmentAt: z.int(),
    /** `same`: the same gas (the difference is neither drawn nor lost); `closed-cylinders`: the volume changed. */
    what: z.enum(['swap', 'drawn', 'loss', 'closed-cylinders', 'same']),
    openCylinders: z.int().min(1).optional(),
    comment: z.string().max(500).optional(),
  })
  .refine(({ what, openCylinders }) => what !== 'closed-cylinders' || openCylinders !== undefined, {
    path: ['openCylinders'],
    error: 'say how many cylinders are open now',
  });

export const drawBodySchema = z.object({
  from: z.int(),
  to: z.int(),
  /** What the person expects to be drawn, and how sure that is (k = 2). */
  expectedKg: z.number().positive(),
  expandedUncertaintyKg: z.number().nonnegative().default(0),
});

export const batchBodySchema = z.object({
  lot: text,
  from: z.int(),
  to: z.int(),
  units: z.int().min(1),
  product: text.optional(),
});

export const calibrationBodySchema = z.object({
  validUntil: z.int(),
  points: z
    .array(z.object({ shownMpa: z.number(), referenceMpa: z.number() }))
    .max(50)
    .superRefine((points, context) => {
      const mistake = pointsMistake(points);
      if (mistake !== undefined)
        context.addIssue({ code: 'custom', path: [mistake.index], message: mistake.detail });
    }),
  expandedUncertaintyMpa: z.number().positive().max(5).optional(),
  certificate: text.optional(),
});

export const gaugeReadingBodySchema = z.object({
  pressureMpa: z.number(),
  temperatureC: z.number(),
});

/** How the one allotment of an origin is counted, once somebody was told: the notice does not say. */
export const allotmentBodySchema = z.object({
  origin: originSchema,
  basis: z.enum(['physical-kg', 'per-pack']),
  kg: z.number().positive(),
  kgPerPack: z.number().positive().optional(),
  document: text,
});

/** Takes a record back; nothing is ever removed. */
export const withdrawalBodySchema = z.object({
  kind: z.enum([...withdrawableSchema.options, 'allotment']),
  id: z.string(),
  why: text,
});

const meterQuantity = z.enum(registerQuantities);
const reason = z.string().min(1).max(1_000);

/** What happened at a register event, or at a reading that shows none; `at` is that reading's. */
const registerResolutionBodySchema = z.object({
  quantity: meterQuantity,
  resolution: resolutionSchema,
  /** What kind of event the person saw. */
  about: registerEventKindSchema.optional(),
});

/** What a reading should have been; `at` is the reading's. The reading stays as it is stored. */
const readingCorrectionBodySchema = z.object({
  quantity: meterQuantity,
  before: z.int().nonnegative().nullable(),
  after: z.int().nonnegative().nullable(),
  why: reason,
});

/** A meter's display read by a person. */
const meterReadingBodySchema = z.object({
  quantity: z.enum(energyQuantities),
  wh: z.int().nonnegative(),
  photoSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

/** The body of a record, by its kind. */
interface RecordBodies extends ProgrammeBodies {
  readonly delivery: z.output<typeof deliveryBodySchema>;
  readonly 'delivery-return': z.output<typeof deliveryReturnBodySchema>;
  readonly 'segment-resolution': z.output<typeof resolutionBodySchema>;
  readonly draw: z.output<typeof drawBodySchema>;
  readonly batch: z.output<typeof batchBodySchema>;
  readonly calibration: z.output<typeof calibrationBodySchema>;
  readonly 'gauge-reading': z.output<typeof gaugeReadingBodySchema>;
  readonly allotment: z.output<typeof allotmentBodySchema>;
  readonly 'register-resolution': z.output<typeof registerResolutionBodySchema>;
  readonly 'reading-correction': z.output<typeof readingCorrectionBodySchema>;
  readonly 'meter-reading': z.output<typeof meterReadingBodySchema>;
  readonly withdrawal: z.output<typeof withdrawalBodySchema>;
}
export type RecordKind = keyof RecordBodies;
export type RecordBody<Kind extends RecordKind> = RecordBodies[Kind];

/** A schema looked up by its kind answers that kind's body. */
export const recordBodies: { readonly [Kind in RecordKind]: z.ZodType<RecordBodies[Kind]> } = {
  delivery: deliveryBodySchema,
  'delivery-return': deliveryReturnBodySchema,
  'segment-resolution': resolutionBodySchema,
  draw: drawBodySchema,
  batch: batchBodySchema,
  calibration: calibrationBodySchema,
  'gauge-reading': gaugeReadingBodySchema,
  allotment: allotmentBodySchema,
  'register-resolution': registerResolutionBodySchema,
  'reading-correction': readingCorrectionBodySchema,
  'meter-reading': meterReadingBodySchema,
  withdrawal: withdrawalBodySchema,
  ...programmeBodies,
};
