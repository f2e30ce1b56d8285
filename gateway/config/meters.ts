import { z } from 'zod';
import { deviceIdSchema, idSchema } from '#device/contract';

/** The registers of energy, all in Wh; each is an account of its own (design.md, wire contract). */
export const energyQuantities = [
  'generated',
  'exported',
  'imported',
  'consumed',
  'auxiliary',
  'charged',
  'discharged',
] as const;
export type EnergyQuantity = (typeof energyQuantities)[number];

/** What a fuel cell has beside them: `gas` in dm3, `heat` in kJ. */
export const fuelQuantities = ['gas', 'heat'] as const;
export const registerQuantities = [...energyQuantities, ...fuelQuantities] as const;
export type RegisterQuantity = (typeof registerQuantities)[number];

const text = z.string().min(1).max(200);

/** What makes a meter's figure one that a claim may be built on (facts/jcredit.md). */
const evidenceSchema = z.discriminatedUnion('kind', [
  /** 特定計量器; `markExpires` is the end of its 検定 mark (検満). */
  z.strictObject({
    kind: z.literal('specified'),
    markExpires: z.iso.date('is a date: 2031-05-31'),
  }),
  z.strictObject({ kind: z.literal('calibrated'), document: text }),
]);

const settings = {
  /** Where the counter begins again at 0; what the device itself says of its meter goes before. */
  wrapAt: z.int().positive().optional(),
  ratedW: z.number().positive().max(1e9).optional(),
  /** Readings further apart than this are a gap, and a meter silent for longer is. Where it is left out, 300 is assumed. */
  reportingPeriodSeconds: z.int().min(1).max(86_400).optional(),
  maker: text.optional(),
  model: text.optional(),
  serial: text.optional(),
  evidence: evidenceSchema.optional(),
  /** 活動量のモニタリング区分. */
  class: z.enum(['A', 'B', 'C']).optional(),
};
const settingsSchema = z.strictObject(settings);
export type MeterSettings = z.infer<typeof settingsSchema>;

const ofQuantity = settingsSchema.optional();
/** Rated in W is what makes electricity. */
const ofFuel = settingsSchema.omit({ ratedW: true }).optional();
/** A generator always has `generated`; other registers of the same asset are named here. */
export const generatorMetersSchema = z
  .strictObject({
    generated: settingsSchema.prefault({}),
    exported: ofQuantity,
    imported: ofQuantity,
    consumed: ofQuantity,
    auxiliary: ofQuantity,
    charged: ofQuantity,
    discharged: ofQuantity,
    /** Of fuel cells alone. */
    gas: ofFuel,
    heat: ofFuel,
  })
  .prefault({});

/** One meter of the site itself, as at its grid connection; its registers share what is said of it. */
export const siteMeterSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(100).optional(),
  /** A meter without a device is read by people. */
  device: deviceIdSchema.optional(),
  quantities: z
    .array(z.enum(energyQuantities))
    .min(1, 'name at least one register')
    .superRefine((quantities, context) => {
      for (const [index, quantity] of quantities.entries())
        if (quantities.indexOf(quantity) !== index)
          context.addIssue({
            code: 'custom',
            path: [index],
            message: `"${quantity}" is named twice: two meters on one channel`,
            input: quantity,
          });
    }),
  staleAfterSeconds: z.number().positive().max(86_400).default(180),
  ...settings,
});
export type SiteMeterConfig = z.infer<typeof siteMeterSchema>;
