import type { KeyObject } from 'node:crypto';
import { type Claim, claimSchema, methodologiesSchema, summarySchema } from '#gateway/contract';
import { type Book, groupBy, readBook } from './book.ts';
import { checkEvidence } from './evidence.ts';
import { checkFactors } from './factors.ts';
import { Findings } from './findings.ts';
import { checkFuelCell, fuelCellMethodology } from './fuel.ts';
import { ClaimFolder } from './folder.ts';
import { checkManifest, readJson } from './manifest.ts';
import { type Member, readMember } from './member.ts';
import { checkStretches } from './stretches.ts';
import type { Reading } from './table.ts';
import { checkActivity, checkCalculation, checkSummary, strangers } from './totals.ts';

/** The methodologies whose formula this program knows, and what they are for: nothing else earns anything yet. */
const creditable: Readonly<Record<string, string>> = {
  'EN-R-002': 'pv',
  [fuelCellMethodology]: 'fuel-cell',
};

export interface Verdict {
  readonly findings: Findings;
  /** Undefined where `claim.json` is not one. */
  readonly claim: Claim | undefined;
  readonly tonnes: number | undefined;
}

/** Checks a claim folder with nothing but itself and the public key. `say` hears of each part when it is done. */
export async function verifyClaim(
  dir: string,
  key: KeyObject,
  say: (line: string) => void,
): Promise<Verdict> {
  const findings = new Findings();
  const folder = new ClaimFolder(dir);
  const done = steps(findings, say);
  const { files, bytes } = await checkManifest(folder, key, findings);
  done('目録と署名 manifest and signature', `${files} files, ${bytes} bytes`);
  const claim = await readJson(folder, 'claim.json', claimSchema, findings);
  if (claim === undefined) return { findings, claim, tonnes: undefined };
  checkClaim(claim, findings);
  const confirmed = await checkMethodologies(folder, claim, findings);
  const reading: Reading = { folder, findings, label: claim.fixture ? '試験用' : '' };
  const book = await readBook(reading, claim);
  checkFactors(book.factors, claim, findings);
  const members = membersOf(book, findings);
  done('台帳 records', `${members.length} members, ${book.meters.length} meters`);
  const evidence = await checkEvidence(reading, book, members);
  done(
    '封印と検針値 seals and readings',
    `${evidence.days} meter days, ${evidence.halfHours} half hours, ${evidence.readings} readings, ${book.events.length} events`,
  );
  const stretches = groupBy(book.stretches, ({ cells }) => cells.member);
  for (const member of members)
    checkStretches(member, stretches.get(member.id) ?? [], {
      claim,
      confirmed,
      findings,
      values: evidence.values,
    });
  strangers('stretches.csv', book.stretches, members, findings);
  done('期間と電力量 stretches and energy', `${book.stretches.length} stretches`);
  checkActivity(book, members, findings);
  checkCalculation(book, findings);
  const summary = await checkTotals(folder, book, findings);
  done('算定と切捨て calculation and truncation', `${book.calculation.length} rows`);
  return { findings, claim, tonnes: summary?.tonnes };
}

/** Says what a step went through, and how many findings it brought. */
function steps(findings: Findings, say: (line: string) => void) {
  let before = 0;
  return (what: string, detail: string) => {
    const found = findings.count - before;
    before = findings.count;
    say(
      `${found === 0 ? 'OK' : 'NG'}  ${what}: ${detail}${found === 0 ? '' : `, ${found} findings`}`,
    );
  };
}

async function checkTotals(folder: ClaimFolder, book: Book, findings: Findings) {
  const summary = await readJson(folder, 'summary.json', summarySchema, findings);
  const factors = await folder.hash('factors.csv').catch(() => undefined);
  if (summary !== undefined)
    checkSummary(book, summary, factors?.sha256 ?? 'no factors.csv', findings);
  return summary;
}

function checkClaim(claim: Claim, findings: Findings): void {
  const place = { file: 'claim.json' };
  findings.equal(place, '表示 label', claim.fixture ? '試験用' : '', claim.label);
  const project = claim.project.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const name = `${project}-fy${claim.fiscalYear}-`;
  if (!claim.id.startsWith(name)) findings.equal(place, '番号 id', `${name}…`, claim.id);
  findings.equal(place, '方法論 methodology', claim.project.methodology, claim.methodology.id);
  const { payment } = claim.project;
  if (payment.kind === 'success-fee' && !/^(0(\.\d+)?|1)$/.test(payment.share))
    findings.equal(place, '分配率 share', 'from 0 to 1', payment.share);
}

/** Whether the formula of the claim has been confirmed by somebody; a fixture needs nobody. */
async function checkMethodologies(
  folder: ClaimFolder,
  claim: Claim,
  findings: Findings,
): Promise<boolean> {
  const file = 'methodologies.json';
  const read = await readJson(folder, file, methodologiesSchema, findings);
  findings.equal({ file }, '表示 label', claim.label, read?.label ?? '');
  const used = read?.methodologies.find(
    ({ id, version }) => id === claim.methodology.id && version === claim.methodology.version,
  );
  const named = `${claim.methodology.id} ${claim.methodology.version}`;
  if (used === undefined) findings.equal({ file }, '方法論 methodology', named, 'none of them');
  const confirmed = claim.fixture || (used?.confirmation ?? null) !== null;
  if (used !== undefined && !confirmed)
    findings.equal({ file }, `${named}: 確認 confirmation`, 'document, version and page', 'none');
  const { id } = claim.methodology;
  if (creditable[id] === undefined) {
    const known = Object.keys(creditable).join(' or ');
    findings.equal({ file: 'claim.json' }, '方法論 methodology', known, id);
    return false;
  }
  return checkFuelCell(claim, findings) && confirmed;
}

function membersOf(book: Book, findings: Findings): Member[] {
  const devices = groupBy(book.devices, ({ cells }) => cells.member);
  const meters = groupBy(book.meters, ({ cells }) => cells.member);
  const serials = new Map<string, string>();
  const kind = creditable[book.claim.methodology.id];
  for (const { cells, row } of book.devices) {
    if (kind !== undefined)
      findings.equal({ file: 'devices.csv', row }, '種類 kind', kind, cells.kind);
    const known = serials.get(`${cells.maker} ${cells.serial}`);
    if (known !== undefined)
      findings.equal(
        { file: 'devices.csv', row },
        '製造番号 serial',
        `not that of ${known}`,
        cells.serial,
      );
    serials.set(`${cells.maker} ${cells.serial}`, cells.device);
  }
  checkClasses(book, findings);
  const members = book.members.map((row) =>
    readMember(
      row,
      devices.get(row.cells.member) ?? [],
      meters.get(row.cells.member) ?? [],
      book.claim,
      findings,
    ),
  );
  strangers('devices.csv', book.devices, members, findings);
  strangers('meters.csv', book.meters, members, findings);
  return members;
}

/** Classes of activity data are never mixed in a list. */
function checkClasses({ meters }: Book, findings: Findings): void {
  const first = new Map<string, string>();
  for (const { cells, row } of meters) {
    const before = first.get(cells.item) ?? cells.class;
    first.set(cells.item, before);
    findings.equal({ file: 'meters.csv', row }, '区分 class', before, cells.class);
  }
}
