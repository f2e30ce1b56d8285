import { z } from 'zod';
import { shownQualitySchema } from './pack.ts';

const person = z.string().trim().min(1).max(100);
const why = z.string().trim().min(1).max(1_000);
const wh = z.int().nonnegative();
const meter = z.string().meta({ description: '{site}/{asset}/{quantity}' });

/** An amount across a gap: made between `from` and `to`, nobody knows when. */
const unallocatedSchema = z.object({ from: z.int(), to: z.int(), wh: z.int() });

/**
 * Energy of a half-open interval. `wh` of a longer one is the sum of its half hours and of the unallocated amounts
 * wholly inside it; `revision` rises whenever the content changes, and is 0 while nothing of it is settled.
 */
export const energyIntervalSchema = z.object({
  start: z.int(),
  end: z.int(),
  wh: z.int(),
  unallocated: z.array(unallocatedSchema),
  coveredSeconds: z.int(),
  quality: shownQualitySchema,
  revision: z.int(),
  /** Ids of register events in it that nobody has explained: what happened across them is not in `wh`. */
  openEvents: z.array(z.string()),
});
export type EnergyInterval = z.infer<typeof energyIntervalSchema>;

/** What a person says happened (gateway/energy, "What a person can say"). */
export const registerResolutionRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reset-to-zero'), finalWh: wh.optional(), by: person, why }),
  z.strictObject({
    kind: z.literal('replaced'),
    finalWh: wh.optional(),
    startWh: wh.optional(),
    by: person,
    why,
  }),
  z.strictObject({ kind: z.literal('wrapped'), wrapAt: z.int().positive(), by: person, why }),
  z.strictObject({ kind: z.literal('rollback'), by: person, why }),
  z.strictObject({ kind: z.literal('real'), by: person, why }),
  z.strictObject({ kind: z.literal('error'), until: z.int().optional(), by: person, why }),
]);

export const registerEventSchema = z.object({
  id: z.string(),
  meter,
  at: z.int(),
  kind: z.string(),
  before: z.int(),
  beforeAt: z.int(),
  after: z.int(),
  /** By a person, a rule or the device; null while it waits. */
  resolution: z.looseObject({ kind: z.string(), by: z.string() }).nullable(),
});
export type ShownRegisterEvent = z.infer<typeof registerEventSchema>;

const recorded = { id: z.string(), by: z.string(), recordedAt: z.int() };

export const meterReadingRequestSchema = z.strictObject({
  meter,
  at: z.int(),
  wh,
  by: person,
  /** Of the photograph of the display. */
  photoSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is 64 hexadecimal digits')
    .optional(),
});
export const meterReadingSchema = z.object({
  ...recorded,
  meter,
  at: z.int(),
  wh,
  photoSha256: z.string().nullable(),
  /** What the metered register showed around that time; null where there is none to compare with. */
  metered: z
    .object({ at: z.int(), wh: z.int(), differenceWh: z.int(), agrees: z.boolean() })
    .nullable(),
});
export type MeterReading = z.infer<typeof meterReadingSchema>;
/** Of an uploaded table: all rows, or none. */
export const meterReadingsTakenSchema = z.object({
  items: z.array(meterReadingSchema),
});

export const correctionRequestSchema = z.strictObject({
  /** The sender's own: the same said again under it is answered as it stands. */
  id: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'has letters, digits, ".", "_" and "-", at most 64')
    .optional(),
  meter,
  at: z.int(),
  before: wh.nullable(),
  after: wh.nullable(),
  by: person,
  why,
});
export const correctionSchema = z.object({
  ...recorded,
  meter,
  at: z.int(),
  before: z.int().nullable(),
  after: z.int().nullable(),
  why: z.string(),
});
export type ShownCorrection = z.infer<typeof correctionSchema>;

/** Energy from `start` until what was read last. */
const totalSchema = z.object({
  start: z.int(),
  wh: z.int(),
  coveredSeconds: z.int(),
});
export type EnergyTotal = z.infer<typeof totalSchema>;

export const meterSchema = z.object({
  meter,
  name: z.string(),
  device: z.string().nullable(),
  identity: z.object({
    maker: z.string().nullable(),
    model: z.string().nullable(),
    /** As configured, and as the device says. */
    serial: z.string().nullable(),
    saidSerial: z.string().nullable(),
    wrapAt: z.int().nullable(),
    ratedW: z.number().nullable(),
    class: z.enum(['A', 'B', 'C']).nullable(),
  }),
  evidence: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('specified'),
        markExpires: z.string(),
        /** `soon`: within 90 days. */
        mark: z.enum(['valid', 'soon', 'expired']),
      }),
      z.object({ kind: z.literal('calibrated'), document: z.string() }),
    ])
    .nullable(),
  /** Readings further apart than this are a gap; `assumed` where no configuration says it. */
  reportingPeriod: z.object({ seconds: z.int(), assumed: z.boolean() }),
  registerWh: z.int().nullable(),
  readAt: z.int().nullable(),
  today: z.object({ wh: z.int(), since: z.int(), until: z.int() }).nullable(),
  /** Of the half hour that is running. */
  halfHour: totalSchema.nullable(),
  month: totalSchema.nullable(),
  fiscalYear: totalSchema.nullable(),
  /** The oldest of those that wait for a person, and how many there are. */
  openEvents: z.array(registerEventSchema),
  openEventCount: z.int(),
});
export type Meter = z.infer<typeof meterSchema>;

/** Where the energy a site made went in a period; a null is not known. */
const energyBalanceSchema = z.object({
  start: z.int(),
  generatedWh: z.int().nullable(),
  exportedWh: z.int().nullable(),
  /** Generated and not exported: used or stored at the site. */
  selfConsumedWh: z.int().nullable(),
  /** Percent of the period so far that the least complete register covers. */
  coveredPercent: z.int(),
  until: z.int().nullable(),
});
export type EnergyBalance = z.infer<typeof energyBalanceSchema>;

export const siteEnergySchema = z.object({
  site: z.string(),
  /** The registers that were added up. */
  generatedBy: z.array(z.string()),
  exportedBy: z.array(z.string()),
  /** Register events of these that wait for a person: what happened across them is in no sum. */
  openEvents: z.int(),
  /** The half hour that is running: as close to now as registers can tell. */
  halfHour: energyBalanceSchema,
  today: energyBalanceSchema,
  month: energyBalanceSchema,
  fiscalYear: energyBalanceSchema,
});
export type SiteEnergy = z.infer<typeof siteEnergySchema>;
