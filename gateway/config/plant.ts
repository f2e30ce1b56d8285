import { z } from 'zod';
import { deviceIdSchema, idSchema } from '#device/contract';
import { type Assumption, originSchema } from '#gateway/contract';
import { noticeNameplate } from '../hydrogen/nameplate.ts';
import {
  type Needle,
  type SensorChain,
  worstChain,
  worstNeedle,
  worstTransmitter,
} from '../hydrogen/sensor-chain.ts';
import { generatorMetersSchema, siteMeterSchema } from './meters.ts';
import { fuelMistakes, reductionSchema, soldMistakes } from './reduction.ts';

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
        classPercent: z.number().positive().max(worstTransmitter.classPercent).optional(),
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
    /** The Bourdon gauge on the pack: what a person reads. */
    gauge: z
      .strictObject({
        classPercent: z.number().positive().max(worstNeedle.classPercent).optional(),
        spanMpa: z.number().positive().max(100).optional(),
        readingMpa: z.number().positive().max(2).optional(),
      })
      .prefault({}),
    /** A flow meter in the line (quantities `flow`, `drawn`): its class, percent of the reading. */
    flowMeter: z.strictObject({ classPercent: z.number().positive().max(10) }).optional(),
    /** A fall faster than this is no draw but a closed line. */
    largestDrawNlPerMin: z.number().positive().max(100_000).default(1000),
    stop: z.strictObject({ referenceC: z.number().min(-40).max(40).default(0) }).prefault({}),
    nameplate: z
      .strictObject({ totalKg: z.number().positive(), usableKg: z.number().positive() })
      .default({ totalKg: noticeNameplate.totalKg, usableKg: noticeNameplate.usableKg }),
    staleAfterSeconds: z.number().positive().max(86_400).default(10),
    /** How long what a person read is shown as the present state. */
    manualStaleAfterHours: z
      .number()
      .positive()
      .max(24 * 31)
      .default(24),
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
  meters: generatorMetersSchema,
  reduction: reductionSchema,
});
export type GeneratorConfig = z.infer<typeof generatorSchema>;

/** Supply notice, section 3(3): the maker may draw at most this for the product; it does not say how that is counted. */
const noticeAllotmentKg = 25.1;

export const siteSchema = z
  .strictObject({
    id: idSchema,
    name,
    packs: z.array(packSchema).default([]),
    /** What each origin may supply. */
    allotments: z
      .array(z.strictObject({ origin: originSchema, kg: z.number().positive().max(1_000_000) }))
      .default(originSchema.options.map((origin) => ({ origin, kg: noticeAllotmentKg }))),
    generators: z.array(generatorSchema).default([]),
    /** Meters of the site itself: grid import and export, consumption, storage. */
    meters: z.array(siteMeterSchema).default([]),
  })
  .superRefine((site, context) => {
    for (const [index, { origin }] of site.allotments.entries())
      if (site.allotments.findIndex((other) => other.origin === origin) !== index)
        context.addIssue({
          code: 'custom',
          path: ['allotments', index, 'origin'],
          message: `"${origin}" has one allotment already`,
          input: origin,
        });
    for (const mistake of [...soldMistakes(site), ...fuelMistakes(site)])
      context.addIssue({ code: 'custom', ...mistake });
    const seen = new Set<string>();
    for (const group of ['packs', 'generators', 'meters'] as const)
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

/** Says what a configuration does not state, with the worst supported value in its place. */
class Assumed {
  readonly list: Assumption[] = [];

  or<T extends number | string>(stated: T | undefined, field: Assumption['field'], worst: T): T {
    if (stated !== undefined) return stated;
    this.list.push({ field, value: String(worst) });
    return worst;
  }
}

/** The sensor chain of a pack: what is stated, and the worst supported for what is not (each listed). */
export function sensorChain(pack: PackConfig): { chain: SensorChain; assumed: Assumption[] } {
  const assumed = new Assumed();
  const worst = worstTransmitter;
  const { classPercent, spanMpa, coefficientPercentPer10K } = pack.transmitter;
  const chain: SensorChain = {
    instrument: {
      kind: 'transmitter',
      classPercent: assumed.or(classPercent, 'transmitter.classPercent', worst.classPercent),
      spanMpa: assumed.or(spanMpa, 'transmitter.spanMpa', worst.spanMpa),
      coefficientPercentPer10K: assumed.or(
        coefficientPercentPer10K,
        'transmitter.coefficientPercentPer10K',
        worst.coefficientPercentPer10K,
      ),
      shuntPercent: assumed.or(pack.shuntPercent, 'shuntPercent', worst.shuntPercent),
    },
    thermometer: assumed.or(pack.thermometer.class, 'thermometer.class', worstChain.thermometer),
    placement: assumed.or(
      pack.thermometer.placement,
      'thermometer.placement',
      worstChain.placement,
    ),
    volumePercent: assumed.or(pack.volumePercent, 'volumePercent', worstChain.volumePercent),
  };
  return { chain, assumed: assumed.list };
}

/** The same pack read by a person: the Bourdon gauge's needle, and a thermometer held to a cylinder. */
export function manualChain(pack: PackConfig): { chain: SensorChain; assumed: Assumption[] } {
  const assumed = new Assumed();
  const { classPercent, spanMpa, readingMpa } = pack.gauge;
  const instrument: Needle = {
    kind: 'needle',
    classPercent: assumed.or(classPercent, 'gauge.classPercent', worstNeedle.classPercent),
    spanMpa: assumed.or(spanMpa, 'gauge.spanMpa', worstNeedle.spanMpa),
    readingMpa: assumed.or(readingMpa, 'gauge.readingMpa', worstNeedle.readingMpa),
  };
  const chain: SensorChain = {
    instrument,
    thermometer: 'handheld',
    placement: 'ambient',
    volumePercent: assumed.or(pack.volumePercent, 'volumePercent', worstChain.volumePercent),
  };
  return { chain, assumed: assumed.list };
}

/** What is assumed of a pack of which nothing is stated: of a transmitter's chain, and of a gauge read by eye. */
export const assumedOfAnyPack: Assumption[] = (() => {
  const pack = packSchema.parse({ id: 'pack', cylinders: 1, cylinderLitres: 1 });
  const { assumed } = sensorChain(pack);
  const stated = new Set(assumed.map(({ field }) => field));
  return [...assumed, ...manualChain(pack).assumed.filter(({ field }) => !stated.has(field))];
})();
