import { unzipSync, zipSync } from 'fflate';
import writeExcelFile from 'write-excel-file/node';
import { formatExact, ratio, sum as sumOf } from '../emissions/exact.ts';
import { fuelTermsOf } from '../derive/fuel-terms.ts';
import { dateOf } from '../emissions/fiscal-year.ts';
import { normalVolume } from '../emissions/fuel.ts';
import { citedSettings } from './burnt.ts';
import type { MemberResult } from './calculate.ts';
import type { BandFactors, Totals } from './calculation.ts';
import { bandNames } from './calculation.ts';
import { decimal } from './documents.ts';
import type { ClaimPlan } from './plan.ts';
import { readable } from './readable.ts';

/** The columns known from the published form of a monitoring report; what stands in others of it nobody here has read. */
const columns = [
  '記号',
  '定義',
  '単位',
  '分類',
  '概要',
  '頻度',
  '実績値',
  '計測対象期間',
  '備考',
] as const;
const unknown = '要確認';

export interface MonitoringMember {
  readonly member: string;
  readonly appliedOn: string;
  readonly classes: readonly string[];
  readonly elWh: number;
  readonly reductionKg: string;
  readonly period: string;
}

/** A member's row. */
export function monitoredMember(
  { planned, bands }: MemberResult,
  { year }: ClaimPlan,
): MonitoringMember {
  const { member, meters } = planned;
  const from = dateOf(Math.max(member.window.from, year.from));
  const to = dateOf(Math.min(member.window.to, year.to) - 1);
  return {
    member: member.id,
    appliedOn: member.appliedOn,
    classes: [...new Set(meters.map((meter) => meter.class))].toSorted(),
    elWh: bands.reduce((sum, { elWh }) => sum + elWh, 0),
    reductionKg: readable(sumOf(bands.map(({ reductionKg }) => reductionKg))),
    period: `${from}～${to}`,
  };
}

/** The monitoring table: what was monitored of the project, then a row for each member. */
export interface MonitoringTable {
  readonly items: readonly (readonly string[])[];
  readonly members: readonly (readonly string[])[];
}

export function monitoringTable(
  plan: ClaimPlan,
  totals: Totals,
  factors: BandFactors,
  members: readonly MonitoringMember[],
): MonitoringTable {
  const { fiscalYear, fixture } = plan;
  const note = fixture ? '試験用' : '';
  const period = `${fiscalYear}-04-01～${fiscalYear + 1}-03-31`;
  const classes = [...new Set(members.flatMap((member) => member.classes))].toSorted().join('・');
  const rows = [
    ...activityLines(plan, totals, classes),
    ...fuelLines(plan, totals, factors, classes),
    ...emissionLines(plan, totals, factors),
  ];
  return {
    items: rows.map(([symbol, definition, unit, kind, method, value]) => [
      symbol,
      definition,
      unit,
      kind,
      method,
      unknown,
      value,
      period,
      note,
    ]),
    members: members.map((member) => memberLine(member, note)),
  };
}

/** 記号, 定義, 単位, 分類, 概要, 実績値. */
type Line = readonly [string, string, string, string, string, string];

const metered = '電力量計の積算値（期間の始めと終わりの差）';

function activityLines({ project }: ClaimPlan, { activity }: Totals, classes: string): Line[] {
  const { generatedWh, soldWh, auxiliaryWh, elWh } = activity;
  const subtracted = project.auxiliary.treatment === 'subtracted';
  const auxiliary: Line[] = subtracted
    ? [['補機電力量', '補機が消費した電力量', 'kWh', classes, metered, kwh(auxiliaryWh)]]
    : [];
  const formula = `発電－売電${subtracted ? '－補機' : ''}`;
  return [
    ['発電電力量', '発電設備が発電した電力量', 'kWh', classes, metered, kwh(generatedWh)],
    ['売電電力量', '系統に売電した電力量', 'kWh', classes, metered, kwh(soldWh)],
    ...auxiliary,
    ['EL', `自家消費した電力量（${formula}）`, 'kWh', '計算', '会員ごとの集計', kwh(elWh)],
  ];
}

const fuelNames = { 'town-gas': '都市ガス', lpg: 'LPガス' } as const;

/** Of fuel cells: what is burnt and what is heated, and the settings with where they are written. */
function fuelLines(
  { burns }: ClaimPlan,
  { activity }: Totals,
  factors: BandFactors,
  classes: string,
): Line[] {
  if (burns === undefined) return [];
  const { boilerEfficiency, heatingValue, gasMeter } = citedSettings(burns);
  const from = (cited: { document: string; page: string }) => `${cited.document} ${cited.page}`;
  const { temperatureC, gaugePressureKpa } = gasMeter;
  const normal = `Nm3への換算（${temperatureC}℃、${gaugePressureKpa}kPa）`;
  const gas = `${fuelNames[burns.fuel]}の使用量（計量器の値）`;
  const method = '計量器の積算値（期間の始めと終わりの差）';
  const cef = factors.fuelRow();
  const cefLine: Line[] =
    cef === undefined
      ? []
      : [['CEF_fuel', '燃料の排出係数', cef.unit, '係数', cef.symbol, decimal(cef.value)]];
  return [
    ['F', gas, 'm3', classes, method, milli(activity.gasDm3)],
    ['Q', '給湯等に利用した熱量', 'MJ', classes, method, milli(activity.heatKj)],
    [
      '換算係数',
      normal,
      'Nm3/m3',
      '計算',
      from(gasMeter),
      readable(normalVolume(fuelTermsOf(burns).gas)),
    ],
    ['HV', '発熱量（HHV）', 'GJ/千Nm3', '係数', from(heatingValue), heatingValue.gjPer1000Nm3],
    ['η', 'ベースライン機器の効率', '比率', '係数', from(boilerEfficiency), boilerEfficiency.value],
    ...cefLine,
  ];
}

function emissionLines(
  { burns }: ClaimPlan,
  { baselineKg, projectKg, reductionKg }: Totals,
  factors: BandFactors,
): Line[] {
  const kg = 'kg-CO2';
  const [replaced, burnt] =
    burns === undefined
      ? ['EL × CEF', '主要排出活動']
      : ['EL × CEF ＋ Q ÷ η × CEF_fuel', 'F × 換算係数 × HV × CEF_fuel'];
  return [
    ...factors.used().map(([band, { value, source }]): Line => [
      `CEF（${bandNames[band]}）`,
      '電力の排出係数（受電端）',
      't-CO2/kWh',
      '係数',
      // The fuel's factor has a line of its own.
      source.split('; ')[0] ?? '',
      formatExact(value),
    ]),
    ['EM_BL', 'ベースライン排出量', kg, '計算', replaced, readable(baselineKg)],
    ['EM_PJ', 'プロジェクト実施後排出量', kg, '計算', burnt, readable(projectKg)],
    ['ER', '排出削減量（切捨て前）', kg, '計算', 'EM_BL － EM_PJ', readable(reductionKg)],
  ];
}

function memberLine(
  { member, appliedOn, classes, elWh, reductionKg, period }: MonitoringMember,
  note: string,
): string[] {
  const definition = `会員（申込日 ${appliedOn}）の自家消費電力量`;
  const reduction = `排出削減量 ${reductionKg} kg-CO2`;
  return [
    member,
    definition,
    'kWh',
    classes.join('・'),
    reduction,
    unknown,
    kwh(elWh),
    period,
    note,
  ];
}

/** Wh as kWh, exact. */
function kwh(wh: number): string {
  return milli(wh);
}

/** dm3 as m3, kJ as MJ, exact. */
function milli(amount: number): string {
  return formatExact(ratio(BigInt(amount), 1000n));
}

/** With the mark that spreadsheets take for UTF-8. */
export function monitoringCsv({ items, members }: MonitoringTable): string {
  const lines = [columns, ...items, ...members].map((row) => row.map(cell).join(','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

function cell(text: string): string {
  // A spreadsheet takes for a formula what begins like one; a number is none.
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Two sheets. The library stamps the time of writing into the archive; it is packed again without, the same bytes each time. */
export async function monitoringXlsx(table: MonitoringTable): Promise<Uint8Array> {
  const head = columns.map((value) => ({ value, fontWeight: 'bold' as const }));
  const sheet = (name: string, rows: readonly (readonly string[])[]) => ({
    sheet: name,
    data: [head, ...rows.map((row) => row.map((value) => ({ value, type: String })))],
    columns: columns.map(() => ({ width: 22 })),
  });
  const sheets = [sheet('モニタリング', table.items), sheet('会員', table.members)];
  const archive = unzipSync(await writeExcelFile(sheets).toBuffer());
  const entries = Object.entries(archive).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // The local time of the first day an archive can name.
  return zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1), level: 6 });
}
