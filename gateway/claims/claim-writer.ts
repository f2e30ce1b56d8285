import { createHash } from 'node:crypto';
import { claimTables, digestsFile, summarySchema } from '#gateway/contract';
import { formatExact } from '../emissions/exact.ts';
import { yearTotal } from '../emissions/reduction.ts';
import type { ClaimResult, MemberResult } from './calculate.ts';
import { calculationRow, Totals } from './calculation.ts';
import {
  claimDocument,
  type ClaimHeading,
  factorRows,
  jsonText,
  methodologiesDocument,
} from './documents.ts';
import type { ClaimFolder } from './folder.ts';
import { divided } from './life.ts';
import { activityRow, deviceRow, memberRow, meterRow, stretchRow } from './member-rows.ts';
import {
  type MonitoringMember,
  monitoredMember,
  monitoringCsv,
  monitoringTable,
  monitoringXlsx,
} from './monitoring.ts';
import type { ClaimPlan } from './plan.ts';
import { TableSpool } from './spool.ts';
import { tableText } from './table-text.ts';

type Row = Readonly<Record<string, string>>;
const spooled = ['readings', 'corrections', 'events', 'seals'] as const;
const gathered = [
  'members',
  'devices',
  'meters',
  'stretches',
  'activity',
  'calculation',
  'heads',
] as const;
type Spools = Readonly<Record<(typeof spooled)[number], TableSpool>>;

/**
 * Takes members as they are done and writes what must not wait in memory; what waits is a few rows for each member.
 */
export class ClaimWriter {
  readonly totals = new Totals();
  readonly #folder: ClaimFolder;
  readonly #note: '' | '試験用';
  readonly #spools: Spools;
  readonly #rows: Readonly<Record<(typeof gathered)[number], Row[]>> = {
    members: [],
    devices: [],
    meters: [],
    stretches: [],
    activity: [],
    calculation: [],
    heads: [],
  };
  readonly #monitored: MonitoringMember[] = [];

  private constructor(folder: ClaimFolder, fixture: boolean, spools: Spools) {
    this.#folder = folder;
    this.#note = fixture ? '試験用' : '';
    this.#spools = spools;
  }

  static async begin(folder: ClaimFolder, fixture: boolean): Promise<ClaimWriter> {
    const begin = (name: keyof Spools) => TableSpool.begin(folder, claimTables[name]);
    const spools = {
      readings: await begin('readings'),
      corrections: await begin('corrections'),
      events: await begin('events'),
      seals: await begin('seals'),
    };
    return new ClaimWriter(folder, fixture, spools);
  }

  async member(result: MemberResult, plan: ClaimPlan): Promise<void> {
    const { stretches, bands, planned } = result;
    const { member, registers } = planned;
    const { fiscalYear } = plan;
    const note = this.#note;
    const rows = this.#rows;
    this.#enrolled(result);
    const items = new Set(registers.map(({ item }) => item));
    for (const stretch of stretches)
      rows.stretches.push(stretchRow(member.id, fiscalYear, stretch, items, note));
    rows.activity.push(activityRow(member, plan, stretches, this.totals, note));
    for (const band of bands) rows.calculation.push(calculationRow(band, fiscalYear, note));
    this.totals.add(bands);
    this.#monitored.push(monitoredMember(result, plan));
    await this.#shown(result);
  }

  #enrolled({ planned, reconciledOn }: MemberResult): void {
    const { member, devices, meters, registers } = planned;
    const note = this.#note;
    const { members, devices: deviceRows, meters: meterRows } = this.#rows;
    members.push(memberRow(member, note));
    for (const device of devices) deviceRows.push(deviceRow(device, note));
    const configured = new Map(registers.map(({ register, meter }) => [register, meter]));
    for (const meter of meters) {
      const own = configured.get(meter.register);
      if (own !== undefined)
        meterRows.push(meterRow(meter, own, reconciledOn.get(meter.register), note));
    }
  }

  async #shown({ evidence }: MemberResult): Promise<void> {
    for (const [register, shown] of evidence) {
      for (const name of spooled) await this.#spools[name].add(register, shown[name]);
      if (shown.head !== undefined) this.#rows.heads.push(shown.head);
      await this.#folder.put(digestsFile(register), Buffer.concat(shown.digests));
    }
  }

  /** Everything but manifest and signature. Answers the total, exact and in whole tonnes. */
  async finish(
    { plan, factors }: ClaimResult,
    heading: Omit<ClaimHeading, 'tonnes'>,
  ): Promise<{ readonly erKg: string; readonly tonnes: number }> {
    const folder = this.#folder;
    const note = this.#note;
    for (const name of spooled) await this.#spools[name].finish(folder);
    for (const name of gathered)
      await folder.put(`${name}.csv`, tableText(claimTables[name], this.#rows[name]));
    const factorText = tableText(claimTables.factors, factorRows(factors, plan.fiscalYear, note));
    await folder.put('factors.csv', factorText);
    const { kg, t, tonnes: whole } = yearTotal([this.totals.reductionKg]);
    const tonnes = Number(whole);
    await folder.put('claim.json', jsonText(claimDocument(plan, { ...heading, tonnes }, note)));
    await folder.put('methodologies.json', jsonText(methodologiesDocument(plan, note)));
    const { partner, ward } = divided(tonnes, plan.project.payment);
    const erKg = formatExact(kg);
    const summary = summarySchema.parse({
      label: note,
      claim: heading.id,
      fiscalYear: plan.fiscalYear,
      erKg,
      erT: formatExact(t),
      tonnes,
      members: plan.members.length,
      countedStretches: this.totals.countedStretches,
      uncountedStretches: this.totals.uncountedStretches,
      activity: this.totals.activity,
      allocation: { partnerTonnes: partner, wardTonnes: ward },
      factorTableSha256: createHash('sha256').update(factorText).digest('hex'),
    });
    await folder.put('summary.json', jsonText(summary));
    const table = monitoringTable(plan, this.totals, factors, this.#monitored);
    await folder.put('monitoring.csv', monitoringCsv(table));
    await folder.put('monitoring.xlsx', await monitoringXlsx(table));
    return { erKg, tonnes };
  }

  /** Lets go of what waits on the disk. */
  async close(): Promise<void> {
    for (const name of spooled) await this.#spools[name].close();
  }
}
