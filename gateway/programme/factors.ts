import { shippedFactorRows } from '../emissions/factor-rows.ts';
import type { RecordDesk } from '../records/desk.ts';
import { factorBodySchema, methodologyConfirmationBodySchema } from '../records/programme-kinds.ts';
import type { Mistake } from '../records/refusal.ts';
import { revisionFor } from './entry.ts';
import { japanDateOf } from './japan-date.ts';
import { type Confirmation, type Factor, standing } from './programme.ts';

/** Who enters something, and when. */
export interface Author {
  readonly by: string;
  readonly nowMs: number;
}

/** Fields as they were given: text, or a number where one could be read. */
type Given = Readonly<Record<string, unknown>>;

/** What standing factors of the grid can be: above it, kilograms were taken for tonnes. */
const gridTonnesPerKwh = { least: 0.000_01, most: 0.002 };

/**
 * Enters a row of the factor table; a row that stands under its class, year and symbol is followed by a new revision.
 * Rejects with StoreError.
 */
export async function addFactor(
  desk: RecordDesk,
  given: Given,
  author: Author,
): Promise<Factor | readonly Mistake[]> {
  const parsed = factorBodySchema.safeParse(given);
  if (!parsed.success) return shapeMistakes(parsed.error.issues, given);
  const { fiscalYear, symbol, value, unit, verifiedBy, verifiedOn } = parsed.data;
  const mistakes: Mistake[] = [];
  const amount = Number(value);
  const { least, most } = gridTonnesPerKwh;
  if (unit === 't-CO2/kWh' && (amount < least || amount > most)) {
    const detail = `is no t-CO2/kWh of a grid (${least} to ${most}): 0.434 kg-CO2/kWh is 0.000434`;
    mistakes.push({ field: 'value', value, detail });
  }
  if ((verifiedBy === undefined) !== (verifiedOn === undefined))
    mistakes.push({
      field: verifiedBy === undefined ? 'verifiedBy' : 'verifiedOn',
      value: undefined,
      detail: 'who verified it and when go together: give both or none',
    });
  if (mistakes.length > 0) return mistakes;
  const subject = `${parsed.data.class}/${fiscalYear}/${symbol}`;
  return enter(desk, 'factor', subject, parsed.data, author);
}

/** Which row, and where a person read it where that was not written down or is another edition by now. */
export interface Verification extends Pick<Factor, 'fiscalYear' | 'symbol' | 'class'> {
  readonly document?: string | undefined;
  readonly version?: string | undefined;
  readonly page?: string | undefined;
}

/**
 * Says that a person compared a row with its document: one that was entered, or one that ships and is entered thereby,
 * with its value. Rejects with StoreError.
 */
export async function verifyFactor(
  desk: RecordDesk,
  { fiscalYear, symbol, class: of, document, version, page }: Verification,
  author: Author,
): Promise<Factor | readonly Mistake[]> {
  const subject = `${of}/${fiscalYear}/${symbol}`;
  const row = bodyOf(standing(desk, 'factor').find(({ id }) => id === subject)) ?? shipped(subject);
  if (row === undefined) {
    const detail = 'no such row ships or was entered; enter it with `factors add`';
    return [{ field: 'factor', value: subject, detail }];
  }
  const cited = Object.fromEntries(
    Object.entries({ document, version, page }).filter(([, text]) => text !== undefined),
  );
  const verified = { verifiedBy: author.by, verifiedOn: japanDateOf(author.nowMs) };
  const parsed = factorBodySchema.safeParse({ ...row, ...cited, ...verified });
  if (!parsed.success) return shapeMistakes(parsed.error.issues, { ...row, ...cited });
  return enter(desk, 'factor', subject, parsed.data, author);
}

function bodyOf(row: Factor | undefined): Given | undefined {
  if (row === undefined) return undefined;
  const { id: _, revision: __, recordedAt: ___, by: ____, ...body } = row;
  return body;
}

/** A row that ships for one year; what is the same in every year has no year to be entered under. */
function shipped(subject: string): Given | undefined {
  return shippedFactorRows.find(
    ({ class: of, fiscalYear, symbol }) => `${of}/${fiscalYear}/${symbol}` === subject,
  );
}

/** The table as it stands: rows that ship and no entered one took the place of, then the entered ones. */
export function listedFactors(desk: RecordDesk): readonly object[] {
  const entered = standing(desk, 'factor');
  const ids = new Set(entered.map(({ id }) => id));
  const ships = shippedFactorRows
    .map((row) => ({ ...row, id: `${row.class}/${row.fiscalYear ?? 'every'}/${row.symbol}` }))
    .filter(({ id }) => !ids.has(id));
  return [
    ...ships.map((row) => ({ ...row, origin: 'shipped' })),
    ...entered.map((row) => ({ ...row, origin: 'entered' })),
  ];
}

/** Says that a person read the text of a methodology. Rejects with StoreError. */
export async function confirmMethodology(
  desk: RecordDesk,
  given: Given,
  author: Author,
): Promise<Confirmation | readonly Mistake[]> {
  const parsed = methodologyConfirmationBodySchema.safeParse(given);
  if (!parsed.success) return shapeMistakes(parsed.error.issues, given);
  return enter(desk, 'methodology-confirmation', parsed.data.methodology, parsed.data, author);
}

async function enter<Kind extends 'factor' | 'methodology-confirmation'>(
  desk: RecordDesk,
  kind: Kind,
  subject: string,
  body: Given,
  author: Author,
) {
  await desk.inTurn(async () => {
    const record = revisionFor(desk, { kind, subject, body }, author);
    if (record !== undefined) await desk.add(record);
  });
  const stands = standing(desk, kind).find(({ id }) => id === subject);
  if (stands === undefined) throw new Error(`the ${kind} ${subject} was recorded and is not there`);
  return stands;
}

function shapeMistakes(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  given: Given,
): Mistake[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    const value = given[field];
    return { field, value, detail: value === undefined ? 'is needed' : message };
  });
}
