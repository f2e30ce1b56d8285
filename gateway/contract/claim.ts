import { z } from 'zod';
import {
  dateCell,
  decimalCell,
  exactCell,
  hashCell,
  instantCell,
  noteCell,
  textCell,
} from './claim-cells.ts';
import { uncountedReasonSchema } from './claim-tables.ts';

/**
 * A frozen claim is a folder that holds these files, and none besides:
 *
 * - `claim.json`, `summary.json`, `methodologies.json`: UTF-8, two spaces a level, keys in the order of the schemas here
 *   (`JSON.stringify(value, null, 2)`), a line end at the end.
 * - the tables of `claimTables`, and `digests/{register with . for /}.bin` of each register in `seals.csv`: 48 digests
 *   of 32 bytes per row of it there, in the same order.
 * - `monitoring.csv`, `monitoring.xlsx`: for people; nothing is computed from them.
 * - `manifest.json`: path, size and SHA-256 of every file above, by path as UTF-16 code units, in the same form as the
 *   other JSON; `manifest.sig`: the Ed25519 signature of its bytes, base64 with a line end.
 *
 * Seals. `half(start)` of a half hour (epoch ms, a multiple of 1,800,000) is 32 zero bytes where nothing is stored in it, else
 * SHA-256 of UTF-8 `kadoru half hour 1\n{register}\n{start}\n` and a line `{at} {value} {raw} {quality} {why} {clock}\n`
 * per reading in order of time: `at` epoch ms, numbers as JSON writes them, `-` for what is null.
 * A leaf is SHA-256 of `kadoru meter day 1\n{register}\n{day}\n{revision}\n{reason}\n{previous}\n` and the 48 digests as
 * bytes, from 00:00 Japan time on; `previous` is the leaf before it in hexadecimal, 64 zeros for the first. The first seal of a
 * day is revision 1, reason `day`; what is read late appends revision 2, 3 …, reason `late`, with all 48 digests anew.
 */
export const claimFormat = 'kadoru-claim/1';
export const halfHourTag = 'kadoru half hour 1';
export const meterDayTag = 'kadoru meter day 1';
export const claimJsonFiles = ['claim.json', 'methodologies.json', 'summary.json'] as const;
export const claimPeopleFiles = ['monitoring.csv', 'monitoring.xlsx'] as const;
export const manifestFile = 'manifest.json';
export const signatureFile = 'manifest.sig';

/** Where the digests of a register stand. */
export function digestsFile(register: string): string {
  return `digests/${register.replaceAll('/', '.')}.bin`;
}

const count = z.int().nonnegative();
/** Names a document so that another person finds the sentence. */
const sourceSchema = z.strictObject({ document: textCell, version: textCell, page: textCell });
const confirmationSchema = sourceSchema.extend({ by: textCell, on: dateCell });
const methodologyIdSchema = textCell;
const claimIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*-fy\d{4}-[1-9]\d*$/, 'is {project}-fy{year}-{n}, small letters');

/** `share` of the partner: a decimal from 0 to 1. */
export const paymentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('success-fee'), share: decimalCell }),
  z.strictObject({ kind: z.literal('participation-fee') }),
]);

const cited = { document: textCell, page: textCell };
/**
 * Of EN-S-007, and of no other: what its formula takes beside registers and factors, each with where it is written.
 * `boilerEfficiency`: of what is replaced, a share of 1; `gjPer1000Nm3`: HHV at 0 degC and 101.325 kPa; `gasMeter`: at
 * what its m3 are counted, the pressure above 101.325 kPa.
 */
const fuelCellSchema = z.strictObject({
  /** A 1 April, not after the year's; left out where they were always so. */
  validFrom: dateCell.optional(),
  boilerEfficiency: z.strictObject({ value: decimalCell, ...cited }),
  heatingValue: z.strictObject({ gjPer1000Nm3: decimalCell, ...cited }),
  gasMeter: z.strictObject({ temperatureC: decimalCell, gaugePressureKpa: decimalCell, ...cited }),
});

export const claimProjectSchema = z.strictObject({
  id: textCell,
  methodology: methodologyIdSchema,
  /** Of fuel cells, `town-gas` or `lpg`; null for PV. */
  fuel: textCell.nullable(),
  fuelCell: fuelCellSchema.optional(),
  factorRule: z.enum(['all-source', 'transitional']),
  factorYear: z.strictObject({
    years: z.literal('of-reduction'),
    document: textCell,
    page: textCell,
  }),
  auxiliary: z.strictObject({
    treated: z.enum(['subtracted', 'incidental']),
    document: textCell,
    page: textCell,
  }),
  appliedOn: dateCell,
  from: dateCell,
  /** Exclusive; null where it is open. */
  to: dateCell.nullable(),
  payment: paymentSchema,
});

export const claimSchema = z.strictObject({
  /** `試験用` where the claim is made of fixtures: it is then no claim. */
  label: noteCell,
  format: z.literal(claimFormat),
  id: claimIdSchema,
  fixture: z.boolean(),
  project: claimProjectSchema,
  fiscalYear: z.int().min(2000).max(2999),
  methodology: z.strictObject({ id: methodologyIdSchema, version: textCell }),
  program: z.strictObject({ name: textCell, version: textCell }),
  frozenAt: instantCell,
  by: textCell,
  /** The claim that this one takes the place of, and by how many tonnes it is more. */
  corrects: z
    .strictObject({ claim: claimIdSchema, tonnes: count, effectTonnes: z.int() })
    .nullable(),
  /**
   * Energy that is left out, each reason by a rule of the plan that somebody named. Nobody has to name `outside-window` and
   * `before-operation`; `open-event`, `negative` and `formula-unconfirmed` are in no frozen claim.
   */
  acknowledged: z.array(
    z.strictObject({
      rule: textCell,
      document: textCell,
      page: textCell,
      reasons: z.array(uncountedReasonSchema),
    }),
  ),
});
export type Claim = z.infer<typeof claimSchema>;

export const methodologiesSchema = z.strictObject({
  label: noteCell,
  methodologies: z.array(
    z.strictObject({
      id: methodologyIdSchema,
      version: textCell,
      title: textCell,
      /** In words, as in the formula table of the gateway. */
      formula: textCell,
      confirmation: confirmationSchema.nullable(),
    }),
  ),
});

/** `tonnes`: whole tonnes, truncated once, 0 where the total is negative. `allocation`: if all of them are issued. */
export const summarySchema = z.strictObject({
  label: noteCell,
  claim: claimIdSchema,
  fiscalYear: z.int(),
  erKg: exactCell,
  erT: exactCell,
  tonnes: count,
  members: count,
  countedStretches: count,
  uncountedStretches: count,
  activity: z.strictObject({
    generatedWh: z.int(),
    soldWh: z.int(),
    auxiliaryWh: z.int(),
    gasDm3: z.int(),
    heatKj: z.int(),
    elWh: z.int(),
    coveredSeconds: count,
    missingSeconds: count,
  }),
  allocation: z.strictObject({ partnerTonnes: count, wardTonnes: count }),
  /** Of the bytes of `factors.csv`. */
  factorTableSha256: hashCell,
});
export type ClaimSummary = z.infer<typeof summarySchema>;

export const manifestSchema = z.strictObject({
  format: z.literal(claimFormat),
  files: z.array(
    z.strictObject({
      path: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)?$/, 'is no path of a claim'),
      bytes: count,
      sha256: hashCell,
    }),
  ),
  /** SHA-256 of the public key as DER (SPKI). */
  keyId: hashCell,
});
export type ClaimManifest = z.infer<typeof manifestSchema>;
