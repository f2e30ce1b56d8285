import type { FormulaItem } from '../emissions/joint.ts';
import { dateOf } from '../emissions/fiscal-year.ts';
import type { Device, Member, ProgrammeMeter } from '../programme/programme.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import { secondsIn } from '../energy/interval.ts';
import type { Span } from '../store/port.ts';
import { bandNames, type Totals } from './calculation.ts';
import { instant } from './instant.ts';
import type { ClaimStretch } from './member-energy.ts';

type Row = Readonly<Record<string, string>>;

export function memberRow(member: Member, note: string): Row {
  const { payback } = member;
  return {
    member: member.id,
    kind: member.kind,
    applied_on: member.appliedOn,
    admitted_on: member.admittedOn,
    monitored_from: member.monitoredFrom ?? '',
    left_on: member.leftOn ?? '',
    window_from: dateOf(member.window.from),
    window_to: dateOf(member.window.to),
    environmental_value_owner: member.environmentalValueOwner,
    subsidies: list(member.subsidies.map(({ name }) => name)),
    other_schemes: list(member.otherSchemes),
    investment_yen: payback === undefined ? '' : String(payback.investmentYen),
    subsidy_yen: payback === undefined ? '' : String(payback.subsidyYen),
    saving_yen_per_year: payback === undefined ? '' : String(payback.savingYenPerYear),
    note,
  };
}

export function deviceRow(device: Device, note: string): Row {
  return {
    device: device.id,
    member: device.member,
    kind: device.kind,
    maker: oneLine(device.maker),
    model: oneLine(device.model),
    serial: oneLine(device.serial),
    operation_started_on: device.operationStartedOn,
    rated_w: String(Math.round(device.ratedW)),
    grid_charging_battery: yesNo(device.gridChargingBattery),
    shared_export: yesNo(device.sharedExport),
    note,
  };
}

export function meterRow(
  meter: ProgrammeMeter,
  { rules }: ConfiguredMeter,
  reconciledOn: string | undefined,
  note: string,
): Row {
  const { evidence } = meter;
  return {
    meter: meter.id,
    member: meter.member,
    device: meter.device,
    item: meter.item,
    register: meter.register,
    serial: oneLine(meter.serial),
    class: meter.class,
    evidence: evidence?.kind ?? '',
    mark_expires: evidence?.kind === 'specified' ? evidence.markExpires : '',
    document: evidence?.kind === 'calibrated' ? oneLine(evidence.document) : '',
    pulses: yesNo(meter.pulses),
    reconciled_on: reconciledOn ?? '',
    period_ms: String(rules.periodMs),
    jitter_wh: String(rules.jitterWh),
    from: meter.from,
    to: meter.to ?? '',
    note,
  };
}

/** `items`: of which the formula has registers. */
export function stretchRow(
  member: string,
  fiscalYear: number,
  stretch: ClaimStretch,
  items: ReadonlySet<FormulaItem>,
  note: string,
): Row {
  const { band, from, to, generatedWh, soldWh, auxiliaryWh, elWh, counted, reason, detail } =
    stretch;
  const { gasDm3, heatKj } = stretch;
  return {
    member,
    fiscal_year: String(fiscalYear),
    band: band === null ? '' : bandNames[band],
    from: instant(from),
    to: instant(to),
    generated_wh: number(generatedWh),
    // Nothing counts it: then it is not 0, and what is replaced is not known either.
    sold_wh: items.has('sold') ? number(soldWh) : '',
    auxiliary_wh: items.has('auxiliary') ? number(auxiliaryWh) : '',
    gas_dm3: items.has('gas') ? number(gasDm3) : '',
    heat_kj: items.has('heat') ? number(heatKj) : '',
    el_wh: items.has('sold') ? number(elWh) : '',
    counted: yesNo(counted),
    reason: reason ?? '',
    detail: detail.slice(0, 500),
    note,
  };
}

/** Sums over what counts; adds them to those of all members. */
export function activityRow(
  { id, window }: Member,
  { fiscalYear, year }: { readonly fiscalYear: number; readonly year: Span },
  stretches: readonly ClaimStretch[],
  totals: Totals,
  note: string,
): Row {
  const energy = { generatedWh: 0, soldWh: 0, auxiliaryWh: 0, elWh: 0 };
  const sums = { ...energy, gasDm3: 0, heatKj: 0, coveredSeconds: 0 };
  for (const stretch of stretches) {
    if (stretch.counted) totals.countedStretches += 1;
    else totals.uncountedStretches += 1;
    if (!stretch.counted) continue;
    sums.generatedWh += stretch.generatedWh ?? 0;
    sums.soldWh += stretch.soldWh ?? 0;
    sums.auxiliaryWh += stretch.auxiliaryWh ?? 0;
    sums.gasDm3 += stretch.gasDm3 ?? 0;
    sums.heatKj += stretch.heatKj ?? 0;
    sums.elWh += stretch.elWh ?? 0;
    sums.coveredSeconds += secondsIn(stretch.from, stretch.to);
  }
  const from = Math.max(window.from, year.from);
  const to = Math.min(window.to, year.to);
  const missingSeconds = Math.max(0, secondsIn(from, to) - sums.coveredSeconds);
  const { activity } = totals;
  activity.generatedWh += sums.generatedWh;
  activity.soldWh += sums.soldWh;
  activity.auxiliaryWh += sums.auxiliaryWh;
  activity.gasDm3 += sums.gasDm3;
  activity.heatKj += sums.heatKj;
  activity.elWh += sums.elWh;
  activity.coveredSeconds += sums.coveredSeconds;
  activity.missingSeconds += missingSeconds;
  return {
    member: id,
    fiscal_year: String(fiscalYear),
    generated_wh: String(sums.generatedWh),
    sold_wh: String(sums.soldWh),
    auxiliary_wh: String(sums.auxiliaryWh),
    gas_dm3: String(sums.gasDm3),
    heat_kj: String(sums.heatKj),
    el_wh: String(sums.elWh),
    covered_seconds: String(sums.coveredSeconds),
    missing_seconds: String(missingSeconds),
    note,
  };
}

function number(value: number | null): string {
  return value === null ? '' : String(value);
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function oneLine(text: string): string {
  return text.normalize('NFC').replace(/[\r\n\0]+/g, ' ');
}

function list(texts: readonly string[]): string {
  return oneLine(texts.join('; '));
}
