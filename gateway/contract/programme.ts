import { z } from 'zod';
import { energyIntervalSchema } from './energy.ts';

const date = z.string().meta({ description: 'Japan date', examples: ['2026-04-01'] });
const item = z.enum(['generated', 'sold', 'auxiliary', 'gas', 'heat']);

/** A programme's project: a list of small installations under one methodology. */
export const projectSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  methodology: z.string(),
  factorRule: z.string(),
  appliedOn: date,
  from: date,
  to: date,
  members: z.int(),
  revision: z.int(),
});
export type ShownProject = z.infer<typeof projectSchema>;

const findingSchema = z.object({
  weight: z.enum(['wrong', 'warning']),
  kind: z.string(),
  id: z.string(),
  field: z.string(),
  detail: z.string(),
});

/** A member under its pseudonym, with what it brings. */
export const programmeMemberSchema = z.object({
  id: z.string(),
  kind: z.enum(['household', 'business']),
  appliedOn: date,
  admittedOn: date,
  leftOn: date.nullable(),
  /** In which its reductions count: half-open, epoch ms. */
  window: z.object({ from: z.int(), to: z.int() }),
  revision: z.int(),
  devices: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      maker: z.string(),
      model: z.string(),
      serial: z.string(),
      operationStartedOn: date,
      ratedW: z.number(),
      /** By which it was applied for within two years of its first operation. */
      daysLeft: z.int(),
    }),
  ),
  meters: z.array(
    z.object({
      id: z.string(),
      device: z.string(),
      item,
      register: z.string(),
      serial: z.string(),
      class: z.enum(['A', 'B', 'C']),
      evidence: z.object({ kind: z.string() }).loose().nullable(),
      from: date,
      to: date.nullable(),
    }),
  ),
  findings: z.array(findingSchema),
});
export type ShownMember = z.infer<typeof programmeMemberSchema>;

const amountsSchema = z.object({
  wh: z.int(),
  /** Across gaps that touch the period and lie only partly in it: in no total. */
  unallocatedWh: z.int(),
  coveredSeconds: z.int(),
  missingSeconds: z.int(),
  /** Register events that nobody explained: what happened across them is in no total. */
  openEvents: z.int(),
});

const perItem = z.object({
  generated: amountsSchema.nullable(),
  sold: amountsSchema.nullable(),
  auxiliary: amountsSchema.nullable(),
});

/** What registers of a formula say together: EL = generated - sold - auxiliary over the stretches that count. */
const calculatedEnergySchema = z.object({
  elWh: z.int(),
  generatedWh: z.int(),
  soldWh: z.int(),
  auxiliaryWh: z.int(),
  coveredSeconds: z.int(),
  missingSeconds: z.int(),
  /** By reason: stretches that earn nothing; Wh as far as they are known. */
  uncounted: z.array(
    z.object({ reason: z.string(), stretches: z.int(), seconds: z.int(), elWh: z.int() }),
  ),
});
export type CalculatedEnergy = z.infer<typeof calculatedEnergySchema>;

/** A fiscal year of a member: what its registers counted inside its window. */
export const activitySchema = z.object({
  member: z.string(),
  fiscalYear: z.int(),
  from: z.int(),
  to: z.int(),
  items: perItem,
  /** Null where the methodology has no device of the member. */
  energy: calculatedEnergySchema.nullable(),
});
export type Activity = z.infer<typeof activitySchema>;

const reason = z.object({ reason: z.string(), detail: z.string() });
const kilograms = z.string().nullable().meta({ description: 'exact: a decimal, or p/q' });

const calculationBandSchema = z.object({
  band: z.enum(['all', 't<1', '1<=t<2.5', 't>=2.5']),
  elWh: z.int(),
  factor: z.string().nullable().meta({ description: 't-CO2/kWh, exact; null where there is none' }),
  /** Symbol and fiscal year of the rows it is made of; `/factors` has their documents. */
  source: z.string().nullable(),
  baselineKg: kilograms,
  projectKg: kilograms,
  reductionKg: kilograms,
  /** Why no claim takes the factor yet. */
  provisional: z.array(reason),
});
export type CalculationBand = z.infer<typeof calculationBandSchema>;

/** A fiscal year of a member as a claim calculates it, as far as the year is over; nothing is truncated here. */
export const memberCalculationSchema = z.object({
  member: z.string(),
  fiscalYear: z.int(),
  from: z.int(),
  to: z.int(),
  energy: calculatedEnergySchema,
  /** One exact multiplication each. */
  bands: z.array(calculationBandSchema),
  items: perItem,
  /** The first 1,000 stretches that earn nothing, each with its reason. */
  uncounted: z.array(
    z.object({
      from: z.int(),
      to: z.int(),
      band: calculationBandSchema.shape.band.nullable(),
      generatedWh: z.int().nullable(),
      soldWh: z.int().nullable(),
      auxiliaryWh: z.int().nullable(),
      elWh: z.int().nullable(),
      reason: z.string(),
      detail: z.string(),
    }),
  ),
  /** Why no claim takes the member yet. */
  provisional: z.array(reason),
});
export type MemberCalculation = z.infer<typeof memberCalculationSchema>;

/** A project as a whole: no member can be told from it. */
export const progressSchema = z.object({
  project: z.string(),
  fiscalYear: z.int(),
  at: z.int(),
  members: z.object({ enrolled: z.int(), counting: z.int(), left: z.int() }),
  devices: z.int(),
  meters: z.int(),
  marksEndingSoon: z.int(),
  findings: z.object({ wrong: z.int(), warning: z.int() }),
  /** Null for a ward while fewer than three members count: a sum of one or two is theirs. */
  energy: perItem.nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** In what a register counts: `Wh`, of gas `dm3` at its meter, of heat `kJ`. */
const countedUnit = z
  .enum(['Wh', 'dm3', 'kJ'])
  .meta({ description: 'of the amounts beside it: dm3 of the item gas, kJ of heat, else Wh' });
export type CountedUnit = z.infer<typeof countedUnit>;

/** A half hour of one meter of a member. */
export const memberIntervalSchema = energyIntervalSchema.extend({
  wh: z.int().meta({ description: 'in `unit`, whatever the name says; `unallocated`, too' }),
  unit: countedUnit,
  member: z.string(),
  meter: z.string(),
  item,
  register: z.string(),
  missingSeconds: z.int(),
});
export type MemberInterval = z.infer<typeof memberIntervalSchema>;

/** Of every answer about a project's members: a digest over the heads of its seals (`seals/handed-out.ts` says of what). */
export const sealHeadsHeader = 'kadoru-seal-heads';

/**
 * The heads of the project's seals as they were when it was pulled, on the last page: keep them. `seals check --heads`
 * takes the whole answer, or the digest alone (it is in the header of every pull).
 */
export const pulledSealsSchema = z.object({
  digest: z.string(),
  heads: z.array(z.object({ register: z.string(), head: z.string() })),
});

/** A page of intervals; `cursor` is where the next pull goes on (`since`), the same on every page of one pull. */
export const intervalPullSchema = z.object({
  items: z.array(memberIntervalSchema),
  next: z.string().optional(),
  cursor: z.string(),
  seals: pulledSealsSchema.optional(),
});
export type IntervalPull = z.infer<typeof intervalPullSchema>;

/** A reading of a register as it is stored, and what people said it was. */
export const registerReadingSchema = z.object({
  member: z.string(),
  meter: z.string(),
  at: z.int(),
  value: z.number().nullable(),
  raw: z.number().nullable(),
  quality: z.string(),
  why: z.string().nullable(),
  clock: z.string(),
  /** Of `value` and `corrected`; `raw` is in the device's own. */
  unit: countedUnit,
  /** Only where a correction stands; null: no value at all. What is counted is this. */
  corrected: z.number().nullable().optional(),
});
export type RegisterReading = z.infer<typeof registerReadingSchema>;

/** Who took data of members, what of it, when and why. */
export const pullSchema = z.object({
  id: z.string(),
  at: z.int(),
  by: z.string(),
  project: z.string(),
  what: z.string(),
  why: z.string(),
  /** The digest over the heads of seals that went out with it (header `kadoru-seal-heads`). */
  seals: z.string().nullable(),
});
export type Pull = z.infer<typeof pullSchema>;

const text = z.string().trim().min(1).max(200);
/** What is done with personal information. */
export const handlingActionSchema = z.enum([
  'hand-over',
  'receipt',
  'use',
  'copy',
  'storage',
  'check',
  'return',
  'disposal',
  'incident',
]);
const handling = {
  project: text,
  action: handlingActionSchema,
  what: text,
  who: text,
  medium: text.optional(),
  quantity: text.optional(),
  method: text.optional(),
  checkedBy: text.optional(),
  approvedBy: text.optional(),
  counterpart: text.optional(),
  keptOn: text.optional(),
};
/** A line for the ledger of handled personal information: what was done, when, by whom. */
export const handlingRequestSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'has letters, digits, ".", "_" and "-", at most 64')
    .optional(),
  ...handling,
  at: z.int(),
  by: z.string().trim().min(1).max(100),
});
export const handlingSchema = z.object({
  ...handling,
  id: z.string(),
  at: z.int(),
  by: z.string(),
  recordedAt: z.int(),
});
export type Handling = z.infer<typeof handlingSchema>;
