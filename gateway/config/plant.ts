import { z } from 'zod';
import { deviceIdSchema, idSchema } from '#device/contract';
import type { Assumption } from '#gateway/contract';
import { noticeNameplate } from '../hydrogen/nameplate.ts';
import { type SensorChain, worstChain } from '../hydrogen/sensor-chain.ts';

const name = z.string().min(1).max(100).optional();
/** A device that is not named: the pack is read by a person. */
const device = deviceIdSchema.optional();

const packSchema = z
  .strictObject({
    id: idSchema,
    name,
    device,
    cylinders: z.int().min(1).max(200),
    cylinderLitres: z.number().positive().max(3000),
    openCylinders: z.int().min(1).optional(),
    tap: z.enum(['pack', 'line']).default('pack'),
    fillingPressureMpa: z.number().positive().max(70).default(19.6),
    transmitter: z
      .strictObject({
        classPercent: z.number().positive().max(worstChain.transmitter.classPercent).optional(),
        spanMpa: z.number().positive().max(70).optional(),
        coefficientPercentPer10K: z.number().nonnegative().max(2).optional(),
      })
      .prefault({}),
    shuntPercent: z.number().nonnegative().max(5).optional(),
    thermometer: z
      .strictObject({
        class: z.enum(['pt100-a', 'pt100-b', 'ds18b20']).optional(),
        placement: z.enum(['wall', 'ambient']).optional(),
      })
      .prefault({}),
    volumePercent: z.number().nonnegative().max(5).optional(),
    stop: z.strictObject({ referenceC: z.number().min(-40).max(40).default(0) }).prefault({}),
    nameplate: z
      .strictObject({ totalKg: z.number().positive(), usableKg: z.number().positive() })
      .default({ totalKg: noticeNameplate.totalKg, usableKg: noticeNameplate.usableKg }),
    staleAfterSeconds: z.number().positive().max(86_400).default(10),
  })
  .refine((pack) => (pack.openCylinders ?? 1) <= pack.cylinders, {
    path: ['openCylinders'],
    error: 'more open cylinders than the pack has',
  });
export type PackConfig = z.infer<typeof packSchema>;

const generatorSchema = z.strictObject({
  id: idSchema,
  name,
  kind: z.enum(['pv', 'fuel-cell']),
  device,
  staleAfterSeconds: z.number().positive().max(86_400).default(180),
});
export type GeneratorConfig = z.infer<typeof generatorSchema>;

export const siteSchema = z
  .strictObject({
    id: idSchema,
    name,
    packs: z.array(packSchema).default([]),
    generators: z.array(generatorSchema).default([]),
  })
  .superRefine((site, context) => {
    const seen = new Set<string>();
    for (const group of ['packs', 'generators'] as const)
      for (const [index, { id }] of site[group].entries()) {
        if (seen.has(id))
          context.addIssue({
            code: 'custom',
            path: [group, index, 'id'],
            message: `"${id}" is used twice in this site`,
            input: id,
          });
        seen.add(id);
      }
  });

/** The sensor chain of a pack: what is stated, and the worst supported for what is not (each listed). */
export function sensorChain(pack: PackConfig): { chain: SensorChain; assumed: Assumption[] } {
  const assumed: Assumption[] = [];
  const or = <T extends number | string>(
    stated: T | undefined,
    field: Assumption['field'],
    worst: T,
  ): T => {
    if (stated !== undefined) return stated;
    assumed.push({ field, value: String(worst) });
    return worst;
  };
  const worst = worstChain;
  const chain: SensorChain = {
    transmitter: {
      classPercent: or(
        pack.transmitter.classPercent,
        'transmitter.classPercent',
        worst.transmitter.classPercent,
      ),
      spanMpa: or(pack.transmitter.spanMpa, 'transmitter.spanMpa', worst.transmitter.spanMpa),
      coefficientPercentPer10K: or(
        pack.transmitter.coefficientPercentPer10K,
        'transmitter.coefficientPercentPer10K',
        worst.transmitter.coefficientPercentPer10K,
      ),
    },
    shuntPercent: or(pack.shuntPercent, 'shuntPercent', worst.shuntPercent),
    thermometer: or(pack.thermometer.class, 'thermometer.class', worst.thermometer),
    placement: or(pack.thermometer.placement, 'thermometer.placement', worst.placement),
    volumePercent: or(pack.volumePercent, 'volumePercent', worst.volumePercent),
  };
  return { chain, assumed };
}
