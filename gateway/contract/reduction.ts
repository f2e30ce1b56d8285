import { z } from 'zod';

const wh = z.int().nullable();
/** An exact decimal, or `p/q` where it does not end. */
const exactText = z.string();

/** Why a figure is provisional, or why something earns nothing. */
const reasonSchema = z.object({ reason: z.string(), detail: z.string() });
export type ReductionReason = z.infer<typeof reasonSchema>;

/** What a generator has saved so far, as far as a gateway without a programme can say: never a claim. */
export const generatorReductionSchema = z.object({
  methodology: z.string(),
  /** Since 00:00 Japan time; null where nothing of today counts yet. */
  todayKg: exactText.nullable(),
  fiscalYear: z.int(),
  fiscalYearKg: exactText.nullable(),
  /** The end of the newest interval in it. */
  until: z.int().nullable(),
  /** Never empty before a programme confirmed all of it. */
  provisional: z.array(reasonSchema),
  /** Why nothing is credited at all. */
  withheld: reasonSchema.nullable(),
});
export type GeneratorReduction = z.infer<typeof generatorReductionSchema>;

/** Of a fuel cell: kg = elWh x factor + heatKj x heatFactor - gasDm3 x gasFactor. */
const fuelPartSchema = z.object({
  /** As the gas meter counted it. */
  gasDm3: z.int(),
  heatKj: z.int(),
  /** kg-CO2 per kJ: of the fuel, over the efficiency of the boiler that is replaced. */
  heatFactor: exactText,
  /** kg-CO2 per dm3 of the meter: of the fuel, its heating value and the meter's conditions. */
  gasFactor: exactText,
});

/** One multiplication: the energy of a fiscal year and band, times the factor of that year (t-CO2/kWh). */
const partSchema = z.object({
  fiscalYear: z.int(),
  band: z.string(),
  elWh: z.int(),
  factor: exactText,
  fuel: fuelPartSchema.optional(),
  /** May be negative: it keeps its sign. */
  kg: exactText,
});

/**
 * Reduction of a half-open interval. At 30m one from an instant at which all registers are known to the next: longer
 * than a half hour over a gap. A longer interval holds what lies wholly inside and counts; `unallocated` are those that
 * lie across one of its ends, counted in the longer interval that holds them whole.
 */
export const reductionSchema = z.object({
  start: z.int(),
  end: z.int(),
  generatedWh: wh,
  soldWh: wh,
  auxiliaryWh: wh,
  /** Generated - sold - auxiliary; negative where more left than came. */
  elWh: wh,
  /** Null where nothing of it counts. */
  kg: exactText.nullable(),
  coveredSeconds: z.int(),
  parts: z.array(partSchema),
  unallocated: z.array(z.object({ from: z.int(), to: z.int(), elWh: z.int(), kg: exactText })),
  withheld: reasonSchema.nullable(),
  provisional: z.boolean(),
});
export type ShownReduction = z.infer<typeof reductionSchema>;

/** A time that earns nothing, and why; energy is null where it is not known. */
export const withheldSchema = reasonSchema.extend({
  from: z.int(),
  to: z.int(),
  generatedWh: wh,
  soldWh: wh,
  auxiliaryWh: wh,
  elWh: wh,
});
export type ShownWithheld = z.infer<typeof withheldSchema>;

export const reductionListSchema = z.object({
  generator: z.string(),
  methodology: z.object({
    id: z.string(),
    /** What a person read; null while the methodology is unconfirmed. */
    confirmed: z.object({ document: z.string(), version: z.string(), page: z.string() }).nullable(),
  }),
  factorRule: z.string(),
  provisional: z.array(reasonSchema),
  items: z.array(reductionSchema),
  next: z.string().optional(),
  /** Of the whole span that was asked for, oldest first; `withheldCount` says how many there are. */
  withheld: z.array(withheldSchema),
  withheldCount: z.int(),
});
export type ReductionList = z.infer<typeof reductionListSchema>;

const factorSchema = z.object({
  fiscalYear: z.int().nullable(),
  symbol: z.string(),
  value: z.string(),
  unit: z.string(),
  end: z.string(),
  class: z.enum(['published', 'fixture']),
  document: z.string(),
  version: z.string(),
  page: z.string(),
  verifiedBy: z.string().nullable(),
  verifiedOn: z.string().nullable(),
  /** Whether a claim may be built on it. */
  status: z.enum(['verified', '要確認']),
  /** It came with the program, or a person entered it; of two of one year and symbol the entered one stands. */
  origin: z.enum(['shipped', 'entered']),
});
export type ShownFactor = z.infer<typeof factorSchema>;

export const factorListSchema = z.object({
  items: z.array(factorSchema),
  /** What would apply to each fiscal year: its own row, or the one of another year that stands in for it. */
  years: z.array(
    z.object({
      fiscalYear: z.int(),
      symbol: z.string(),
      value: z.string().nullable(),
      ofYear: z.int().nullable(),
      status: z.enum(['verified', '要確認']),
    }),
  ),
});
export type FactorList = z.infer<typeof factorListSchema>;
