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

/** A fiscal year of a member: what its registers counted inside its window. */
export const activitySchema = z.object({
  member: z.string(),
  fiscalYear: z.int(),
  from: z.int(),
  to: z.int(),
  items: perItem,
});
export type Activity = z.infer<typeof activitySchema>;

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

/** A half hour of one meter of a member. */
export const memberIntervalSchema = energyIntervalSchema.extend({
  wh: z
    .int()
    .meta({ description: 'Wh; of the items gas and heat dm3 and kJ, in `unallocated`, too' }),
  member: z.string(),
  meter: z.string(),
  item,
  register: z.string(),
  missingSeconds: z.int(),
});
export type MemberInterval = z.infer<typeof memberIntervalSchema>;

/** A page of intervals; `cursor` is where the next pull goes on (`since`), the same on every page of one pull. */
export const intervalPullSchema = z.object({
  items: z.array(memberIntervalSchema),
  next: z.string().optional(),
  cursor: z.string(),
});

/** A reading of a register as it is stored. */
export const registerReadingSchema = z.object({
  member: z.string(),
  meter: z.string(),
  at: z.int(),
  value: z.number().nullable(),
  raw: z.number().nullable(),
  quality: z.string(),
  why: z.string().nullable(),
  clock: z.string(),
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
});
export type Pull = z.infer<typeof pullSchema>;

const text = z.string().trim().min(1).max(200);
const handling = {
  project: text,
  action: z.enum([
    'hand-over',
    'receipt',
    'use',
    'copy',
    'storage',
    'check',
    'return',
    'disposal',
    'incident',
  ]),
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
