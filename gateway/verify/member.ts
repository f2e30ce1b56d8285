import type { Band, Claim, UncountedReason } from '#gateway/contract';
import { dayMs, fiscalYear, midnightOf, monthsLater } from './calendar.ts';
import type { Findings } from './findings.ts';
import { fuelCellMethodology } from './fuel.ts';
import type { RowOf } from './rows.ts';

const forever = Number.POSITIVE_INFINITY;

/** Half-open, epoch milliseconds. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

/** What holds of a member, from the records alone. */
export interface Member {
  readonly id: string;
  readonly window: Between;
  /** All of them, those too whose item the formula does not take. */
  readonly meters: readonly RowOf<'meters'>[];
  readonly devices: readonly RowOf<'devices'>[];
  /** Registers whose values its formula takes, by item. */
  readonly registers: ReadonlyMap<RowOf<'meters'>['cells']['item'], readonly string[]>;
  readonly startedOn: string | undefined;
  /** Whether its formula takes fuel and heat. */
  readonly burns: boolean;
}

/** Reads a member's records; what is wrong with its window or its meters is a finding. */
export function readMember(
  row: RowOf<'members'>,
  devices: readonly RowOf<'devices'>[],
  meters: readonly RowOf<'meters'>[],
  { project }: Claim,
  findings: Findings,
): Member {
  const { cells } = row;
  const place = { file: 'members.csv', row: row.row };
  const from = [project.appliedOn, cells.admitted_on, cells.monitored_from].toSorted().at(-1) ?? '';
  const eightYears = monthsLater(from, 8 * 12);
  const to = cells.left_on !== '' && cells.left_on < eightYears ? cells.left_on : eightYears;
  findings.equal(place, '期間の初め window_from', from, cells.window_from);
  findings.equal(place, '期間の終わり window_to', to, cells.window_to);
  checkPayback(row, findings);
  for (const [index, meter] of meters.entries())
    checkMeter(meter, meters.slice(0, index), devices, findings);
  const used = meters.filter(
    ({ cells }) => cells.item !== 'auxiliary' || project.auxiliary.treated === 'subtracted',
  );
  if (devices.length === 0) findings.equal(place, '機器 device', 'one or more', 'none');
  const items = [...new Set(used.map(({ cells }) => cells.item))];
  const started = devices.map(({ cells }) => cells.operation_started_on).toSorted();
  if (project.factorRule === 'transitional' && started[0] !== started.at(-1))
    findings.equal(place, '運転開始 operation_started_on', 'one day', started.join(' '));
  return {
    id: cells.member,
    window: { from: midnightOf(from), to: midnightOf(to) },
    meters,
    devices,
    registers: new Map(items.map((item) => [item, registersOf(used, item)])),
    startedOn: started.at(-1),
    burns: project.methodology === fuelCellMethodology,
  };
}

function registersOf(meters: readonly RowOf<'meters'>[], item: string): string[] {
  const registers = meters.filter(({ cells }) => cells.item === item);
  return [...new Set(registers.map(({ cells }) => cells.register))];
}

/** A business has to show that the installation takes three years or more to pay for itself (facts: payback). */
function checkPayback({ cells, row }: RowOf<'members'>, findings: Findings): void {
  if (cells.kind !== 'business') return;
  const [investment, subsidy, saving] = [
    cells.investment_yen,
    cells.subsidy_yen,
    cells.saving_yen_per_year,
  ].map((text) => BigInt(text || '0'));
  if (investment === undefined || subsidy === undefined || saving === undefined) return;
  // What saves nothing never pays for itself.
  if (cells.investment_yen !== '' && (saving <= 0n || investment - subsidy >= 3n * saving)) return;
  const found = `(${investment} - ${subsidy}) / ${saving}`;
  findings.equal({ file: 'members.csv', row }, '投資回収 payback', '3 years or more', found);
}

function checkMeter(
  { cells, row }: RowOf<'meters'>,
  others: readonly RowOf<'meters'>[],
  devices: readonly RowOf<'devices'>[],
  findings: Findings,
): void {
  const place = { file: 'meters.csv', row };
  if (!devices.some((device) => device.cells.device === cells.device))
    findings.equal(place, '機器 device', 'a device of the member', cells.device);
  const end = (to: string) => (to === '' ? '9999-12-31' : to);
  for (const { cells: other } of others)
    if (
      other.register === cells.register &&
      other.from < end(cells.to) &&
      cells.from < end(other.to)
    )
      findings.equal(
        place,
        '期間 from, to',
        `apart from ${other.meter}`,
        `${cells.from} ${cells.to}`,
      );
}

/** Instants at which something about the member changes: a joint span must not lie across one. */
export function cutsOf(member: Member, { fiscalYear: year, project }: Claim): number[] {
  const { from, to } = fiscalYear(year);
  const started = member.startedOn;
  const bands =
    started !== undefined && project.factorRule === 'transitional'
      ? [12, 30].map((months) => midnightOf(monthsLater(started, months)))
      : [];
  const meters = member.meters.flatMap(({ cells }) => [
    midnightOf(cells.from),
    ...(cells.to === '' ? [] : [midnightOf(cells.to)]),
    ...(cells.mark_expires === '' ? [] : [markEnds(cells.mark_expires)]),
  ]);
  const start = started === undefined ? [] : [midnightOf(started)];
  const all = [from, to, member.window.from, member.window.to, ...start, ...bands, ...meters];
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** A mark holds through its last day. */
function markEnds(date: string): number {
  return midnightOf(date) + dayMs;
}

export function bandAt(member: Member, at: number, { project }: Claim): Band | undefined {
  if (project.factorRule === 'all-source') return 'all';
  if (member.startedOn === undefined) return undefined;
  if (at < midnightOf(monthsLater(member.startedOn, 12))) return 't<1';
  return at < midnightOf(monthsLater(member.startedOn, 30)) ? '1<=t<2.5' : 't>=2.5';
}

/** Everything in the records that stands against a stretch; empty where it may count. */
export function againstStretch(
  member: Member,
  { from, to }: Between,
  confirmed: boolean,
): Set<UncountedReason> {
  const against = new Set<UncountedReason>();
  const { window, devices, startedOn, registers } = member;
  if (from < window.from || to > window.to) against.add('outside-window');
  if (startedOn === undefined || from < midnightOf(startedOn)) against.add('before-operation');
  if (!confirmed) against.add('formula-unconfirmed');
  if (!registers.has('generated')) against.add('no-data');
  // It would credit what was exported. Claims frozen before the reason had a name of its own say no-data.
  if (!registers.has('sold')) against.add('sold-unknown').add('no-data');
  if (member.burns && !registers.has('gas')) against.add('no-gas');
  if (member.burns && !registers.has('heat')) against.add('no-heat');
  for (const { cells } of devices) {
    if (cells.grid_charging_battery === 'yes') against.add('grid-charging-battery');
    if (cells.shared_export === 'yes') against.add('shared-export');
  }
  for (const register of [...registers.values()].flat())
    if (!isMetered(member, register, { from, to })) against.add('no-evidence');
  for (const { cells } of member.meters) {
    const end = cells.to === '' ? forever : midnightOf(cells.to);
    if (end <= from || midnightOf(cells.from) >= to) continue;
    for (const reason of againstMeter(cells, Math.min(to, end))) against.add(reason);
  }
  return against;
}

/** Whether all the time some record says what meter the register was. */
function isMetered(member: Member, register: string, { from, to }: Between): boolean {
  let covered = from;
  const own = member.meters.filter(({ cells }) => cells.register === register);
  for (const { cells } of own.toSorted((a, b) => (a.cells.from < b.cells.from ? -1 : 1))) {
    const end = cells.to === '' ? forever : midnightOf(cells.to);
    if (midnightOf(cells.from) <= covered) covered = Math.max(covered, end);
  }
  return covered >= to;
}

function againstMeter(cells: RowOf<'meters'>['cells'], until: number): UncountedReason[] {
  if (cells.class === 'C') return ['estimated-class'];
  const named = { '': '', specified: cells.mark_expires, calibrated: cells.document };
  if (named[cells.evidence] === '') return ['no-evidence'];
  const expired = cells.mark_expires !== '' && until > markEnds(cells.mark_expires);
  const loose = cells.pulses === 'yes' && cells.item === 'sold' && cells.reconciled_on === '';
  return [
    ...(expired ? (['mark-expired'] as const) : []),
    ...(loose ? (['pulses-unreconciled'] as const) : []),
  ];
}
