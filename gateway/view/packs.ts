import type { Pack } from '#gateway/contract';
import {
  type ConfiguredPack,
  convert,
  geometryAt,
  manualDevice,
  type PackStatements,
  shownQuality,
} from '../derive/pack.ts';
import { figure, type Figure } from '../derive/figure.ts';
import { calibrated } from '../derive/pack.ts';
import { calibrationAt } from '../hydrogen/calibration.ts';
import { consumptionOf, drawnInSegment, timeToStopOf } from '../hydrogen/consumption.ts';
import { fullReferenceKg } from '../hydrogen/inventory.ts';
import type { LedgerState } from '../hydrogen/ledger/state.ts';
import type { PackGeometry } from '../hydrogen/budget.ts';
import { legalQuantityM3, legalThresholdM3 } from '../hydrogen/legal.ts';
import { residualPressureMpa, stopPressure } from '../hydrogen/stop.ts';
import type { Latest } from './latest.ts';

/** Where no temperature is known the stop pressure is that of a hot day: the highest, so the safe one. */
const hotC = 40;

/** What a pack is shown from, besides its newest readings. */
export interface PackContext {
  readonly ledger: LedgerState;
  readonly statements: PackStatements;
  /** What people said about the running segment and the gas in it. */
  readonly segmentResolved: boolean;
  readonly delivery: Pack['delivery'];
  readonly calibrationId: string | undefined;
  /** Legal quantity of all packs of the site, m3. */
  readonly siteM3: number;
  readonly alarms: Pack['alarms'];
}

/** A pack as somebody or something measured it last. */
interface Measured {
  readonly source: Pack['source'];
  readonly pressure: Figure;
  readonly temperature: Figure;
  readonly geometry: PackGeometry;
  readonly assumed: Pack['assumed'];
}

/** A pack as shown at `nowMs`. Mass needs pressure and temperature both: without either it is unknown, not guessed. */
export function showPack(
  pack: ConfiguredPack,
  latest: Latest,
  nowMs: number,
  context: PackContext,
): Pack {
  const { site, config } = pack;
  const { source, pressure, temperature, geometry, assumed } = measuredNow(
    pack,
    latest,
    nowMs,
    context,
  );
  const { value: temperatureC, ...warmth } = temperature;
  const hydrogen = convert(geometry, pressure.value, temperatureC);
  return {
    id: config.id,
    name: config.name ?? config.id,
    site,
    source,
    measuredAt: pressure.measuredAt,
    ageMs: pressure.ageMs,
    ...shownQuality(pressure, temperature, hydrogen),
    pressureMpa: pressure.value,
    temperatureC,
    temperature: warmth,
    fillingPressureMpa: config.fillingPressureMpa,
    residualPressureMpa,
    cylinders: config.cylinders,
    openCylinders: geometry.openCylinders,
    hydrogen: hydrogen ?? null,
    fullReferenceKg: fullReferenceKg(geometry, config.fillingPressureMpa),
    stopPressureMpa: stopPressure(geometry, temperatureC ?? hotC),
    nameplate: { ...config.nameplate, physical: false },
    ...fromLedger(pack, geometry, followed(pack, source, pressure), context),
    delivery: context.delivery,
    calibration: calibrationNow(context, nowMs),
    legal: legalLine(pack, context.siteM3),
    assumed,
    alarms: context.alarms,
  };
}

/** The transmitter's word while it is fresh; otherwise a person's, while that is; otherwise the transmitter's, as stale. */
function measuredNow(
  pack: ConfiguredPack,
  latest: Latest,
  nowMs: number,
  { ledger, statements }: PackContext,
): Measured {
  const { site, config } = pack;
  const of = (device: string, staleAfterMs: number) => (quantity: 'pressure' | 'temperature') =>
    figure(latest.of(site, device, config.id, quantity), nowMs, staleAfterMs);
  const byHand = of(manualDevice, config.manualStaleAfterHours * 3_600_000);
  const manual: Measured = {
    source: 'manual',
    pressure: byHand('pressure'),
    temperature: byHand('temperature'),
    geometry: geometryAt(pack.manual.geometry, statements, nowMs),
    assumed: pack.manual.assumed,
  };
  if (config.device === undefined) return manual;
  const sensed = of(config.device, config.staleAfterSeconds * 1000);
  const shown = sensed('pressure');
  if (shown.value === null && manual.pressure.value !== null) return manual;
  return {
    source: 'transmitter',
    pressure: isolatedFigure(withCalibration(shown, statements), ledger),
    temperature: sensed('temperature'),
    geometry: geometryAt(pack.geometry, statements, nowMs),
    assumed: pack.assumed,
  };
}

function withCalibration(shown: Figure, statements: PackStatements): Figure {
  if (shown.value === null || shown.measuredAt === null) return shown;
  return { ...shown, value: calibrated(statements, shown.measuredAt, shown.value) };
}

/** While the line is closed its pressure is not the pack's. */
function isolatedFigure(shown: Figure, { isolation }: LedgerState): Figure {
  if (isolation === null || shown.value === null) return shown;
  return { ...shown, value: null, quality: 'bad', why: 'isolated' };
}

/** The ledger follows the pack's device; while a person's reading stands in for it, the ledger stands still. */
function followed({ config }: ConfiguredPack, source: Pack['source'], { value }: Figure): boolean {
  return value !== null && (source === 'transmitter' || config.device === undefined);
}

function fromLedger(
  { config }: ConfiguredPack,
  geometry: PackGeometry,
  known: boolean,
  { ledger, segmentResolved }: PackContext,
): Pick<Pack, 'consumption' | 'timeToStopHours' | 'isolatedSince' | 'segment'> {
  const { segment, isolation } = ledger;
  const toStop = known ? timeToStopOf(geometry, config.flowMeter, ledger) : null;
  const drawn = drawnInSegment(geometry, config.flowMeter, ledger);
  return {
    consumption: known
      ? consumptionOf(config.flowMeter, ledger)
      : consumptionOf(undefined, { ...ledger, isolation: null, flow: unknownFlow }),
    timeToStopHours: toStop === null ? null : withBasis(toStop),
    isolatedSince: isolation?.since ?? null,
    segment:
      segment === null || drawn === null
        ? null
        : {
            at: segment.at,
            kind: segment.kind,
            beforeKg: segment.before?.kg ?? null,
            startKg: segment.start.kg,
            resolved: segmentResolved,
            drawn,
          },
  };
}

const unknownFlow = {
  state: 'unknown',
  kgPerHour: 0,
  uncertaintyKgPerHour: 0,
  windowMs: 0,
} as const;

function withBasis({
  basisMs,
  ...range
}: NonNullable<ReturnType<typeof timeToStopOf>>): Pack['timeToStopHours'] {
  return { ...range, basisHours: basisMs / 3_600_000 };
}

function calibrationNow(
  { statements, calibrationId }: PackContext,
  nowMs: number,
): Pack['calibration'] {
  const calibration = calibrationAt(statements.calibrations, nowMs);
  if (calibration === undefined || calibrationId === undefined) return null;
  const { validUntilMs } = calibration;
  return { id: calibrationId, validUntil: validUntilMs, expired: nowMs >= validUntilMs };
}

/** Of all the pack's containers: one that is closed is stored, too. */
export function packLegalM3({ config }: ConfiguredPack): number {
  const { cylinders, cylinderLitres, fillingPressureMpa } = config;
  return legalQuantityM3(fillingPressureMpa, (cylinders * cylinderLitres) / 1000);
}

function legalLine(pack: ConfiguredPack, siteM3: number): Pack['legal'] {
  return {
    packM3: packLegalM3(pack),
    siteM3,
    thresholdM3: legalThresholdM3,
    siteAtThreshold: siteM3 >= legalThresholdM3,
  };
}
