import { z } from 'zod';
import { handlingActionSchema } from '#gateway/contract';

/**
 * What is recorded of a programme of many small installations (facts/jcredit.md), under the site `_programme`. The subject
 * of a record is the id of what it is about; a revision is a new record, the last one recorded stands. Members are
 * pseudonyms: no name, no address. Dates are Japan dates (`2026-04-01`), meant at their midnight.
 */
export const programmeSite = '_programme';

const text = z.string().trim().min(1).max(200);
const date = z.iso.date('is a date: 2026-04-01');
/** What the ids of projects, members, devices and meters look like. */
export const programmeIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'is an id: letters, digits, ".", "_" and "-"');
const id = programmeIdSchema;
const yen = z.int().nonnegative().max(1e12);

/** Where a rule is written. */
const cited = { document: text, page: text };

export const fuels = ['town-gas', 'lpg'] as const;
const fuel = z.enum(fuels, 'is town-gas or lpg');

export const projectBodySchema = z.strictObject({
  name: text.optional(),
  methodology: z.string().regex(/^EN-[A-Z]-\d{3}$/, 'is a methodology: EN-R-002'),
  fuel: fuel.optional(),
  factorRule: z.enum(['all-source', 'transitional']),
  /** Which year's factor applies is a cited setting of the project. */
  factorYear: z.strictObject({ years: z.literal('of-reduction'), ...cited }),
  /** What auxiliaries draw is subtracted, or treated as incidental emissions; never both. */
  auxiliary: z.strictObject({ treatment: z.enum(['subtracted', 'incidental']), ...cited }),
  appliedOn: date,
  from: date,
  to: date,
  payment: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('success-fee'),
      /** The partner's part of what is issued, a decimal between 0 and 1. */
      share: z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'is a part of 1: 0.70'),
    }),
    z.strictObject({ kind: z.literal('participation-fee') }),
  ]),
});

export const memberBodySchema = z.strictObject({
  project: id,
  kind: z.enum(['household', 'business']),
  appliedOn: date,
  admittedOn: date,
  leftOn: date.optional(),
  /** From when every required item is monitored. */
  monitoredFrom: date.optional(),
  environmentalValueOwner: z.enum(['member', 'project', 'other']),
  subsidies: z
    .array(z.strictObject({ name: text, takesValue: z.boolean() }))
    .max(20)
    .default([]),
  payback: z
    .strictObject({
      investmentYen: yen,
      subsidyYen: yen,
      savingYenPerYear: yen.positive('is more than 0'),
    })
    .optional(),
  /** Other schemes that count the same reduction: another project, a green-power certificate. */
  otherSchemes: z.array(text).max(20).default([]),
});

export const deviceBodySchema = z.strictObject({
  member: id,
  kind: z.enum(['pv', 'fuel-cell', 'led', 'air-conditioner']),
  maker: text,
  model: text,
  serial: text,
  /** Of a fuel cell. */
  fuel: fuel.optional(),
  operationStartedOn: date,
  ratedW: z.number().positive().max(1e9),
  /** Its meter may count what a battery took from the grid. */
  gridChargingBattery: z.boolean(),
  /** One export meter for this and another generator. */
  sharedExport: z.boolean(),
});

export const meterItems = ['generated', 'sold', 'auxiliary', 'gas', 'heat'] as const;
export const meterBodySchema = z.strictObject({
  member: id,
  device: id,
  item: z.enum(meterItems),
  /** The register it is: `{site}/{asset}/{quantity}`. */
  register: z
    .string()
    .max(200)
    .regex(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, 'is {site}/{asset}/{quantity}'),
  serial: text,
  class: z.enum(['A', 'B', 'C']),
  /** A meter without evidence earns nothing. */
  evidence: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('specified'), markExpires: date }),
      z.strictObject({ kind: z.literal('calibrated'), document: text }),
    ])
    .optional(),
  /** Its total is counted from pulses. */
  pulses: z.boolean(),
  from: date,
  to: date.optional(),
});

export const factorBodySchema = z.strictObject({
  fiscalYear: z.int().min(2000).max(2100),
  symbol: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,30}$/, 'is a symbol: letters, digits, "_" and "-"'),
  /** A decimal, exactly as published. */
  value: z.string().regex(/^\d{1,6}(\.\d{1,12})?$/, 'is a decimal such as 0.000434'),
  unit: text,
  /** Receiving-end factors already contain the losses of transmission. */
  /** `combustion`: of fuels, t-CO2/GJ (HHV). */
  end: z.enum(['receiving', 'generating', 'combustion']),
  class: z.enum(['published', 'fixture']),
  document: text,
  version: text,
  page: text,
  verifiedBy: text.optional(),
  verifiedOn: date.optional(),
});

export const methodologyConfirmationBodySchema = z.strictObject({
  methodology: z.string().regex(/^EN-[A-Z]-\d{3}$/, 'is a methodology: EN-R-002'),
  document: text,
  version: text,
  page: text,
});

/** What a token may be used for. */
export const tokenRoles = ['partner', 'ward', 'auditor'] as const;
export const tokenBodySchema = z.strictObject({
  project: id,
  role: z.enum(tokenRoles),
  /** Whom it was given to. */
  holder: text,
  /** SHA-256 of its secret part, in hexadecimal: the secret itself is 256 random bits. */
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: z.int(),
});
export const tokenRevocationBodySchema = z.strictObject({ token: z.string(), why: text });

/** One line of the ledger of handled personal information; the record's `by` is who wrote it down. */
export const handlingBodySchema = z.strictObject({
  project: id,
  action: handlingActionSchema,
  /** Which items of information, of whom. */
  what: text,
  medium: text.optional(),
  quantity: text.optional(),
  method: text.optional(),
  /** Who did it, and who checked it beside them. */
  who: text,
  checkedBy: text.optional(),
  approvedBy: text.optional(),
  counterpart: text.optional(),
  /** What is kept, and on which legal basis. */
  keptOn: text.optional(),
});

export interface ProgrammeBodies {
  readonly project: z.output<typeof projectBodySchema>;
  readonly member: z.output<typeof memberBodySchema>;
  readonly device: z.output<typeof deviceBodySchema>;
  readonly meter: z.output<typeof meterBodySchema>;
  readonly factor: z.output<typeof factorBodySchema>;
  readonly 'methodology-confirmation': z.output<typeof methodologyConfirmationBodySchema>;
  readonly token: z.output<typeof tokenBodySchema>;
  readonly 'token-revocation': z.output<typeof tokenRevocationBodySchema>;
  readonly handling: z.output<typeof handlingBodySchema>;
}
export type ProgrammeKind = keyof ProgrammeBodies;

export const programmeBodies: {
  readonly [Kind in ProgrammeKind]: z.ZodType<ProgrammeBodies[Kind]>;
} = {
  project: projectBodySchema,
  member: memberBodySchema,
  device: deviceBodySchema,
  meter: meterBodySchema,
  factor: factorBodySchema,
  'methodology-confirmation': methodologyConfirmationBodySchema,
  token: tokenBodySchema,
  'token-revocation': tokenRevocationBodySchema,
  handling: handlingBodySchema,
};
