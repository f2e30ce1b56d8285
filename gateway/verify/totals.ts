import type { Claim, ClaimSummary } from '#gateway/contract';
import { type Book, groupBy } from './book.ts';
import { fiscalYear } from './calendar.ts';
import {
  type Exact,
  exact,
  floor,
  minus,
  plus,
  readExact,
  times,
  writeExact,
  zero,
} from './exact.ts';
import { cefOf } from './factors.ts';
import type { Findings } from './findings.ts';
import { type Burnt, burntOf, fuelCellMethodology } from './fuel.ts';
import type { Member } from './member.ts';
import type { RowOf } from './rows.ts';

const amounts = ['generated_wh', 'sold_wh', 'auxiliary_wh', 'gas_dm3', 'heat_kj', 'el_wh'] as const;
type Counted = RowOf<'stretches'>['cells'];

/** The sums of each member over its counted stretches. */
export function checkActivity(book: Book, members: readonly Member[], findings: Findings): void {
  const rows = new Map(book.activity.map((row) => [row.cells.member, row]));
  const stretches = groupBy(book.stretches, ({ cells }) => cells.member);
  const file = 'activity.csv';
  for (const member of members) {
    const row = rows.get(member.id);
    if (row === undefined) findings.equal({ file }, '構成員 member', member.id, 'no row');
    else
      checkMember(
        member,
        row,
        (stretches.get(member.id) ?? []).map(({ cells }) => cells),
        book,
        findings,
      );
  }
  strangers(file, book.activity, members, findings);
}

export function strangers(
  file: string,
  rows: readonly { readonly row: number; readonly cells: { readonly member: string } }[],
  members: readonly Member[],
  findings: Findings,
): void {
  const known = new Set(members.map(({ id }) => id));
  for (const { cells, row } of rows)
    if (!known.has(cells.member))
      findings.equal({ file, row }, '構成員 member', 'one of members.csv', cells.member);
}

function checkMember(
  { window }: Member,
  { cells, row }: RowOf<'activity'>,
  stretches: readonly Counted[],
  { claim }: Book,
  findings: Findings,
): void {
  const place = { file: 'activity.csv', row };
  const counted = stretches.filter((stretch) => stretch.counted === 'yes');
  findings.equal(place, '年度 fiscal_year', String(claim.fiscalYear), cells.fiscal_year);
  for (const column of amounts)
    findings.equal(place, column, String(sumOf(counted, column)), cells[column]);
  const covered = counted.reduce((ms, { from, to }) => ms + Date.parse(to) - Date.parse(from), 0);
  const year = fiscalYear(claim.fiscalYear);
  const all = Math.max(0, Math.min(year.to, window.to) - Math.max(year.from, window.from));
  findings.equal(place, '秒 covered_seconds', String(covered / 1_000), cells.covered_seconds);
  findings.equal(
    place,
    '秒 missing_seconds',
    String((all - covered) / 1_000),
    cells.missing_seconds,
  );
}

function sumOf(stretches: readonly Counted[], column: (typeof amounts)[number]): bigint {
  return stretches.reduce((sum, cells) => sum + BigInt(cells[column] || '0'), 0n);
}

const nothingBurnt: Burnt = { perKj: zero, perDm3: zero, source: '' };

/** One multiplication per member, fiscal year and band. */
export function checkCalculation(book: Book, findings: Findings): void {
  const file = 'calculation.csv';
  const { claim, factors } = book;
  const burns = claim.project.methodology === fuelCellMethodology;
  const counted = book.stretches
    .map(({ cells }) => cells)
    .filter((cells) => cells.counted === 'yes');
  const groups = groupBy(counted, (cells) => `${cells.member} ${cells.band}`);
  const seen = new Set<string>();
  for (const { cells, row } of book.calculation) {
    const place = { file, row };
    const key = `${cells.member} ${cells.band}`;
    seen.add(key);
    const stretches = groups.get(key) ?? [];
    findings.equal(place, '年度 fiscal_year', String(claim.fiscalYear), cells.fiscal_year);
    if (stretches.length === 0) findings.equal(place, '区分 band', 'one that counts', key);
    for (const column of ['el_wh', 'gas_dm3', 'heat_kj'] as const)
      findings.equal(place, column, String(sumOf(stretches, column)), cells[column]);
    const cef = cefOf(cells.band, claim.fiscalYear, factors);
    const burnt = burns ? burntOf(claim, factors) : nothingBurnt;
    if (cef === undefined || burnt === undefined) {
      findings.equal(
        place,
        '排出係数 factor',
        `rows of ${claim.fiscalYear} in factors.csv`,
        'none',
      );
      continue;
    }
    findings.equal(place, '排出係数 cef_t_per_kwh', writeExact(cef.value), cells.cef_t_per_kwh);
    const source = burns ? `${cef.source}; ${burnt.source}` : cef.source;
    findings.equal(place, '出所 source', source, cells.source);
    const amount = (column: (typeof amounts)[number], per: Exact) =>
      times(exact(sumOf(stretches, column)), per);
    const baseline = plus(amount('el_wh', cef.value), amount('heat_kj', burnt.perKj));
    const project = amount('gas_dm3', burnt.perDm3);
    findings.equal(place, 'em_bl_kg', writeExact(baseline), cells.em_bl_kg);
    findings.equal(place, 'em_pj_kg', writeExact(project), cells.em_pj_kg);
    findings.equal(place, 'er_kg', writeExact(minus(baseline, project)), cells.er_kg);
  }
  for (const key of groups.keys())
    if (!seen.has(key)) findings.equal({ file }, '行 row', key, 'none');
}

/** The total, truncated once, and how it would be divided. */
export function checkSummary(
  book: Book,
  summary: ClaimSummary,
  factorTableSha256: string,
  findings: Findings,
): void {
  const place = { file: 'summary.json' };
  const { claim } = book;
  const total = book.calculation.reduce(
    (sum, { cells }) => plus(sum, readExact(cells.er_kg)),
    zero,
  );
  const tonnesExact = times(total, exact(1n, 1_000n));
  const whole = floor(tonnesExact);
  const tonnes = whole < 0n ? 0n : whole;
  const partner = partnerOf(claim, tonnes);
  const counted = book.stretches.filter(({ cells }) => cells.counted === 'yes').length;
  const sum = (column: (typeof amounts)[number] | 'covered_seconds' | 'missing_seconds') =>
    Number(book.activity.reduce((all, { cells }) => all + BigInt(cells[column]), 0n));
  const expected: ClaimSummary = {
    label: claim.label,
    claim: claim.id,
    fiscalYear: claim.fiscalYear,
    erKg: writeExact(total),
    erT: writeExact(tonnesExact),
    tonnes: Number(tonnes),
    members: book.members.length,
    countedStretches: counted,
    uncountedStretches: book.stretches.length - counted,
    activity: {
      generatedWh: sum('generated_wh'),
      soldWh: sum('sold_wh'),
      auxiliaryWh: sum('auxiliary_wh'),
      gasDm3: sum('gas_dm3'),
      heatKj: sum('heat_kj'),
      elWh: sum('el_wh'),
      coveredSeconds: sum('covered_seconds'),
      missingSeconds: sum('missing_seconds'),
    },
    allocation: { partnerTonnes: Number(partner), wardTonnes: Number(tonnes - partner) },
    factorTableSha256,
  };
  if (claim.corrects !== null)
    findings.equal(
      { file: 'claim.json' },
      '訂正の影響 corrects.effectTonnes',
      String(tonnes - BigInt(claim.corrects.tonnes)),
      String(claim.corrects.effectTonnes),
    );
  const found = leaves(summary);
  for (const [path, value] of leaves(expected))
    findings.equal(place, `項目 ${path}`, value, found.get(path) ?? 'nothing');
}

/** Of whole tonnes: the partner's share cut to whole tonnes, the rest is the ward's. */
function partnerOf({ project: { payment } }: Claim, tonnes: bigint): bigint {
  if (payment.kind === 'participation-fee') return 0n;
  return floor(times(readExact(payment.share), exact(tonnes)));
}

function leaves(value: object, path = ''): Map<string, string> {
  const entries = Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    typeof item === 'object' && item !== null
      ? [...leaves(item, `${path}${key}.`)]
      : [[`${path}${key}`, String(item)] as const],
  );
  return new Map(entries);
}
