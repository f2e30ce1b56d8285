import { z } from 'zod';
import { idSchema } from '#device/contract';
import { factorRules } from '../emissions/factor-rule.ts';
import { auxiliaryTreatments } from '../emissions/incidental.ts';
import { fuels } from '../emissions/methodology.ts';
import { fuelQuantities } from './meters.ts';

const text = z.string().trim().min(1).max(200);
/** Where it is written: a claim says so, too. */
const cited = { document: text, page: text };
/** A number as it was written: what follows from it is exact. */
const decimal = (least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .refine(
      (value) => /^-?\d+(\.\d{1,4})?$/.test(String(value)),
      'is a decimal of four places at most, such as 0.9',
    );

/**
 * From when on settings are valid: they change with the fiscal year, where every sum of a claim is split anyway. Left out,
 * they were valid from the beginning.
 */
const validFrom = z.iso
  .date('is a date: 2026-04-01')
  .endsWith('-04-01', 'is a 1 April: settings of a fuel cell change with the fiscal year')
  .optional();

const settings = {
  validFrom,
  /** Of the boiler that it replaces, a share of 1. */
  boilerEfficiency: z.strictObject({ value: decimal(0.01, 1), ...cited }),
  /** GJ (HHV) per 1,000 Nm3: 45 of town gas 13A (facts/jcredit.md). */
  heatingValue: z.strictObject({ gjPer1000Nm3: decimal(1, 500), ...cited }),
  /** At which the gas meter counts; the pressure as a gauge shows it. */
  gasMeter: z.strictObject({
    temperatureC: decimal(-50, 100),
    gaugePressureKpa: decimal(-50, 1_000),
    ...cited,
  }),
};

/** What the formula of a fuel cell needs beside registers and factors, on one basis (HHV), and what was valid before. */
const fuelCellSchema = z
  .strictObject({
    fuel: z.enum(fuels),
    ...settings,
    /** Settings of before, in any order. */
    earlier: z.array(z.strictObject(settings)).max(50).default([]),
  })
  .superRefine(({ validFrom: since, earlier }, context) => {
    const dates = new Set([since ?? '']);
    for (const [index, each] of earlier.entries()) {
      const from = each.validFrom ?? '';
      const path = ['earlier', index, 'validFrom'];
      if (from >= (since ?? ''))
        context.addIssue({
          code: 'custom',
          path,
          message: 'is not before `validFrom` of the settings now',
        });
      else if (dates.has(from))
        context.addIssue({ code: 'custom', path, message: 'is that of other settings' });
      dates.add(from);
    }
  });
export type FuelCellConfig = z.output<typeof fuelCellSchema>;
/** One set of settings. */
export type FuelCellSettings = Omit<FuelCellConfig, 'earlier'>;

/**
 * How a generator's energy becomes a reduction. Its methodology follows from its kind. What it sells is its own register
 * `exported` where there is one, else `exported` of the site's only meter that has it.
 */
export const reductionSchema = z
  .strictObject({
    factorRule: z.enum(factorRules).default('all-source'),
    /** `none`: nothing it makes leaves the site; or the site's meter that counts what does. */
    sold: z.union([z.literal('none'), z.strictObject({ meter: idSchema })]).optional(),
    auxiliary: z.enum(auxiliaryTreatments).default('subtracted'),
    operationStartedOn: z.iso.date('is a date: 2025-10-01').optional(),
    /** Its inverter charges a battery from the grid, and may count that as generated. */
    gridChargingBattery: z.boolean().default(false),
    /** What it sells is counted together with what something else sells. */
    sharedExport: z.boolean().default(false),
    /** Of a fuel cell; without it no heat and no fuel is credited. */
    fuelCell: fuelCellSchema.optional(),
  })
  .refine(
    ({ factorRule, operationStartedOn }) => factorRule === 'all-source' || operationStartedOn,
    {
      path: ['operationStartedOn'],
      error: 'say when operation started: the transitional rule counts from there',
    },
  )
  .prefault({});

interface Site {
  readonly generators: readonly {
    readonly kind: 'pv' | 'fuel-cell';
    readonly meters: Readonly<Partial<Record<(typeof fuelQuantities)[number], unknown>>>;
    readonly reduction: z.output<typeof reductionSchema>;
  }[];
  readonly meters: readonly { readonly id: string; readonly quantities: readonly string[] }[];
}

/** Meters of sold energy that the site does not have. */
export function soldMistakes({ generators, meters }: Site) {
  return generators.flatMap(({ reduction: { sold } }, index) => {
    if (sold === undefined || sold === 'none') return [];
    const meter = meters.find(({ id }) => id === sold.meter);
    if (meter?.quantities.includes('exported') === true) return [];
    const message = meter === undefined ? 'is no meter of this site' : 'has no register "exported"';
    const path = ['generators', index, 'reduction', 'sold', 'meter'];
    return [{ path, message, input: sold.meter }];
  });
}

/** Gas and heat of what burns nothing. */
export function fuelMistakes({ generators }: Site) {
  return generators.flatMap(({ kind, meters, reduction: { fuelCell } }, index) => {
    if (kind === 'fuel-cell') return [];
    const at = ['generators', index];
    const given = [
      ...fuelQuantities.map((name) => ({ path: [...at, 'meters', name], input: meters[name] })),
      { path: [...at, 'reduction', 'fuelCell'], input: fuelCell },
    ];
    return given
      .filter(({ input }) => input !== undefined)
      .map((each) => ({ ...each, message: 'is of fuel cells alone' }));
  });
}
