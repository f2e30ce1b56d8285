import type { Claim } from '#gateway/contract';
import { fiscalYear, halfHourMs, writeInstant } from './calendar.ts';
import type { Findings } from './findings.ts';
import { againstStretch, bandAt, type Between, cutsOf, type Member } from './member.ts';
import type { Register } from './register.ts';
import type { RowOf } from './rows.ts';

type Stretch = RowOf<'stretches'>;
type Item = RowOf<'meters'>['cells']['item'];
const file = 'stretches.csv';
const columns = [
  ['generated', 'generated_wh'],
  ['sold', 'sold_wh'],
  ['auxiliary', 'auxiliary_wh'],
  ['gas', 'gas_dm3'],
  ['heat', 'heat_kj'],
] as const satisfies readonly (readonly [Item, string])[];

/** What stretches are held against. */
export interface Stand {
  readonly claim: Claim;
  readonly confirmed: boolean;
  readonly findings: Findings;
  /** What was known of a register at the ends of stretches. */
  readonly values: ReadonlyMap<string, Values>;
}

/** Of one register: values at the ends of stretches, and the account of what lies between. */
export interface Values {
  readonly at: ReadonlyMap<number, bigint>;
  readonly register: Pick<Register, 'energy' | 'openEventIn'>;
}

/** Checks the stretches of one member, and that they leave no time out. */
export function checkStretches(member: Member, stretches: readonly Stretch[], stand: Stand): void {
  const { from, to } = fiscalYear(stand.claim.fiscalYear);
  const { findings } = stand;
  let reached = from;
  for (const [index, stretch] of stretches.entries()) {
    const { cells, row } = stretch;
    const start = Date.parse(cells.from);
    const end = Date.parse(cells.to);
    findings.equal({ file, row }, '始まり from', writeInstant(reached), cells.from);
    if (end <= start || end > to || end % halfHourMs !== 0)
      findings.equal({ file, row }, '終わり to', 'a later half hour of this fiscal year', cells.to);
    reached = end;
    checkOne(member, stretch, stand);
    checkNegative(stretches[index - 1], stretch, findings);
  }
  if (reached !== to)
    findings.equal(
      { file, row: stretches.at(-1)?.row },
      `${member.id}: 終わり to`,
      writeInstant(to),
      writeInstant(reached),
    );
}

function checkOne(member: Member, stretch: Stretch, stand: Stand): void {
  const { cells, row } = stretch;
  const { claim, findings } = stand;
  const place = { file, row };
  const span = { from: Date.parse(cells.from), to: Date.parse(cells.to) };
  findings.equal(place, '年度 fiscal_year', String(claim.fiscalYear), cells.fiscal_year);
  const known = checkEnergy(member, stretch, span, stand);
  const cut = cutsOf(member, claim).find(
    (at) => at > span.from && at < span.to && bandsDiffer(member, at, claim),
  );
  const [first, last] = [span.from, span.to - 1].map((at) => bandAt(member, at, claim) ?? '');
  findings.equal(place, '係数区分 band', first === last ? (first ?? '') : '', cells.band);
  const against = againstStretch(member, span, stand.confirmed);
  const negative = cells.el_wh.startsWith('-');
  if (cells.counted === 'yes') {
    findings.equal(place, '理由 reason', '', cells.reason);
    if (!known.all)
      findings.equal(place, '算定 counted', `no: ${known.missing.join(', ')} not known`, 'yes');
    if (cut !== undefined) findings.equal(place, '算定 counted', 'no: straddles', 'yes');
    if (negative) findings.equal(place, '算定 counted', 'no: negative', 'yes');
    for (const reason of against) findings.equal(place, '算定 counted', `no: ${reason}`, 'yes');
    return;
  }
  checkAcknowledged(stretch, claim, findings);
  if (isReason(member, stretch, { known, negative }, stand)) return;
  const expected = against.size === 0 ? 'none: it counts' : 'a reason that holds all the time';
  findings.add({ ...place, what: '理由 reason', expected, found: cells.reason });
}

function bandsDiffer(member: Member, at: number, claim: Claim): boolean {
  return bandAt(member, at - 1, claim) !== bandAt(member, at, claim);
}

/** What is left out has to be named by a rule of the plan; what a person can settle is not left out at all. */
function checkAcknowledged(
  { cells, row }: Stretch,
  { acknowledged }: Claim,
  findings: Findings,
): void {
  const { reason } = cells;
  if (reason === '' || reason === 'outside-window' || reason === 'before-operation') return;
  const settled =
    reason === 'open-event' || reason === 'negative' || reason === 'formula-unconfirmed';
  const named = acknowledged.some(({ reasons }) => reasons.includes(reason));
  if (!settled && named) return;
  const expected = settled ? 'settled before freezing' : 'acknowledged in claim.json';
  findings.add({ file, row, what: '承認 acknowledgement', expected, found: reason });
}

/** Whether the reason given for not counting a stretch is one. */
function isReason(
  member: Member,
  { cells }: Stretch,
  { known, negative }: { readonly known: Known; readonly negative: boolean },
  { claim, values, confirmed }: Stand,
): boolean {
  const span = { from: Date.parse(cells.from), to: Date.parse(cells.to) };
  const { reason } = cells;
  if (reason === 'gap-at-edge') return !known.all;
  if (reason === 'no-data' && !known.all) return true;
  if (reason === 'negative') return negative;
  if (reason === 'open-event')
    return registersOf(member).some(
      (name) => values.get(name)?.register.openEventIn(span.from, span.to) !== undefined,
    );
  if (reason === 'straddles')
    return cutsOf(member, claim).some(
      (at) =>
        // At its ends, too: what lies across 1 April is listed up to it.
        at >= span.from &&
        at <= span.to &&
        registersOf(member).some((name) => values.get(name)?.at.get(at) === undefined),
    );
  return (
    reason !== '' &&
    piecesOf(member, span, claim).every((piece) =>
      againstStretch(member, piece, confirmed).has(reason),
    )
  );
}

/** A stretch between the cuts in it: what is said of it has to hold of every part. */
function piecesOf(member: Member, { from, to }: Between, claim: Claim): Between[] {
  const inside = cutsOf(member, claim).filter((at) => at > from && at < to);
  const starts = [from, ...inside];
  return starts.map((start, index) => ({ from: start, to: starts[index + 1] ?? to }));
}

export function registersOf(member: Member): string[] {
  return [...member.registers.values()].flat();
}

interface Known {
  readonly all: boolean;
  readonly missing: readonly string[];
}

/** Recomputes the energy of every register; a cell that says something else is a finding. */
function checkEnergy(
  member: Member,
  { cells, row }: Stretch,
  { from, to }: Between,
  { values, findings }: Stand,
): Known {
  const missing: string[] = [];
  const amounts = new Map<Item, bigint>();
  for (const [item, column] of columns) {
    const registers = member.registers.get(item) ?? [];
    const parts = registers.map((name) => energyOf(values.get(name), from, to));
    missing.push(...registers.filter((_, index) => parts[index] === undefined));
    const sum = parts.every((part) => part !== undefined)
      ? parts.reduce((total: bigint, part) => total + (part ?? 0n), 0n)
      : undefined;
    if (sum !== undefined && registers.length > 0) amounts.set(item, sum);
    const expected = registers.length === 0 || sum === undefined ? '' : String(sum);
    // What is not counted may be left unsaid.
    if (cells.counted === 'yes' || cells[column] !== '')
      findings.equal({ file, row }, column, expected, cells[column]);
  }
  const generated = amounts.get('generated');
  const sold = amounts.get('sold');
  const all = missing.length === 0 && generated !== undefined;
  const el =
    all && sold !== undefined ? String(generated - sold - (amounts.get('auxiliary') ?? 0n)) : '';
  if (cells.counted === 'yes' || cells.el_wh !== '')
    findings.equal({ file, row }, 'el_wh', el, cells.el_wh);
  return { all, missing };
}

function energyOf(values: Values | undefined, from: number, to: number): bigint | undefined {
  const [start, end] = [values?.at.get(from), values?.at.get(to)];
  if (values === undefined || start === undefined || end === undefined) return undefined;
  return values.register.energy({ at: from, wh: start }, { at: to, wh: end });
}

/** Taking the negative part out of what belongs together would be clamping. */
function checkNegative(before: Stretch | undefined, stretch: Stretch, findings: Findings): void {
  if (before === undefined || before.cells.band !== stretch.cells.band) return;
  const [a, b] = [before.cells, stretch.cells];
  const beside = (x: typeof a, y: typeof a) => x.reason === 'negative' && y.counted === 'yes';
  if (beside(a, b) || beside(b, a))
    findings.equal(
      { file, row: stretch.row },
      '連続 one stretch',
      'one with the row before',
      'apart from it',
    );
}
