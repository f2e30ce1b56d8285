import { type Claim, claimFormat, claimSchema, methodologiesSchema } from '#gateway/contract';
import type { FactorRow } from '../emissions/factor.ts';
import { dateOf } from '../emissions/fiscal-year.ts';
import type { Methodology } from '../emissions/methodology.ts';
import { version } from '../version.ts';
import { citedSettings } from './burnt.ts';
import type { BandFactors } from './calculation.ts';
import { instant } from './instant.ts';
import type { StandingClaim } from './life.ts';
import type { ClaimPlan } from './plan.ts';
import type { Acknowledgement } from './stretch-obstacles.ts';

/** What `claims freeze` writes as JSON: keys in the order of the schema, so that the bytes are the same each time. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export interface ClaimHeading {
  readonly id: string;
  readonly by: string;
  readonly atMs: number;
  readonly tonnes: number;
  readonly acknowledged: readonly Acknowledgement[];
  readonly corrects: StandingClaim | undefined;
}

export function claimDocument(
  { project, burns, methodology, confirmation, fixture, fiscalYear }: ClaimPlan,
  { id, by, atMs, tonnes, acknowledged, corrects }: ClaimHeading,
  label: Claim['label'],
): Claim {
  const { treatment, ...cited } = project.auxiliary;
  const payment = project.payment;
  return claimSchema.parse({
    label,
    format: claimFormat,
    id,
    fixture,
    project: {
      id: project.id,
      methodology: project.methodology,
      fuel: project.fuel ?? null,
      ...(burns === undefined ? {} : { fuelCell: citedSettings(burns) }),
      factorRule: project.factorRule,
      factorYear: project.factorYear,
      auxiliary: { treated: treatment, ...cited },
      appliedOn: project.appliedOn,
      from: project.from,
      to: project.to,
      payment:
        payment.kind === 'success-fee' ? { ...payment, share: decimal(payment.share) } : payment,
    },
    fiscalYear,
    methodology: { id: methodology.id, version: confirmation?.version ?? unconfirmed },
    program: { name: 'kadoru', version },
    frozenAt: instant(atMs),
    by,
    corrects:
      corrects === undefined
        ? null
        : {
            claim: corrects.frozen.claim,
            tonnes: corrects.frozen.tonnes,
            effectTonnes: tonnes - corrects.frozen.tonnes,
          },
    acknowledged: acknowledged.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  });
}

const unconfirmed = 'unconfirmed';

/** Without zeros at the end: a value has one way of being written. */
export function decimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function methodologiesDocument(
  { methodology, confirmation }: ClaimPlan,
  label: Claim['label'],
) {
  return methodologiesSchema.parse({
    label,
    methodologies: [
      {
        id: methodology.id,
        version: confirmation?.version ?? unconfirmed,
        title: `${methodology.name.ja} (${methodology.name.en})`,
        formula: formulaText(methodology),
        confirmation:
          confirmation === undefined
            ? null
            : {
                document: confirmation.document,
                version: confirmation.version,
                page: confirmation.page,
                by: confirmation.by,
                on: dateOf(confirmation.recordedAt),
              },
      },
    ],
  });
}

function formulaText({ formula }: Methodology): string {
  if (formula?.kind === 'replaced-electricity')
    return 'EL = generated - sold - auxiliary; EM_BL = EL x CEF_electricity; EM_PJ = 0; ER = EM_BL - EM_PJ';
  if (formula?.kind === 'fuel-cell')
    return 'EL = generated - sold - auxiliary; EM_BL = EL x CEF_electricity + Q / eta x CEF_fuel; EM_PJ = F x HV x CEF_fuel; ER = EM_BL - EM_PJ';
  return 'not confirmed: credits nothing';
}

/** Every row that a factor of the claim was made of, once. */
export function factorRows(factors: BandFactors, fiscalYear: number, note: string) {
  const rows = new Map<string, FactorRow>();
  for (const [, { rows: used }] of factors.used())
    for (const row of used) rows.set(`${row.fiscalYear} ${row.symbol}`, row);
  return [...rows.values()].map((row) => ({
    fiscal_year: String(row.fiscalYear ?? fiscalYear),
    symbol: row.symbol,
    value: decimal(row.value),
    unit: row.unit,
    end: row.end,
    class: row.class,
    document: row.document,
    version: row.version,
    page: row.page,
    verified_by: row.verifiedBy ?? '',
    verified_on: row.verifiedOn ?? '',
    note,
  }));
}
