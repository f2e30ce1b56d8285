import type { Pack } from '#gateway/contract';
import { manualChain, type PackConfig, sensorChain } from '../config/plant.ts';
import type { PackGeometry } from '../hydrogen/budget.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { type Calibration, calibrationAt, corrected } from '../hydrogen/calibration.ts';
import { type Inventory, inventory } from '../hydrogen/inventory.ts';
import type { LedgerSetup } from '../hydrogen/ledger/state.ts';
import { gaugeMpa } from '../hydrogen/pressure.ts';
import { type Figure, worse } from './figure.ts';

/** A configured pack with everything needed to convert its readings. */
export interface ConfiguredPack {
  readonly site: string;
  readonly config: PackConfig;
  /** As the transmitter sees it; of a pack without a device, as a person does. */
  readonly geometry: PackGeometry;
  readonly assumed: Pack['assumed'];
  /** As a person reads its gauge. */
  readonly manual: { readonly geometry: PackGeometry; readonly assumed: Pack['assumed'] };
}

export function packKey({ site, config }: ConfiguredPack): string {
  return `${site}/${config.id}`;
}

/** `manual` is the reserved device id under which what people read is stored (design.md, wire contract). */
export const manualDevice = 'manual';

/** What people stated about a pack that changes how readings are converted, each sorted by time. */
export interface PackStatements {
  readonly calibrations: readonly Calibration[];
  /** Open cylinders from a time on: of deliveries, and of resolutions that found some closed. */
  readonly cylinders: readonly { readonly fromMs: number; readonly open: number }[];
}

export const noStatements: PackStatements = { calibrations: [], cylinders: [] };

export function configuredPack(site: string, config: PackConfig): ConfiguredPack {
  const transmitter = sensorChain(config);
  const person = manualChain(config);
  const shared = {
    openCylinders: config.openCylinders ?? config.cylinders,
    cylinderLitres: config.cylinderLitres,
    stopReferenceC: config.stop.referenceC,
  };
  const manual = { geometry: { ...shared, chain: person.chain }, assumed: person.assumed };
  const sensed = {
    geometry: { ...shared, chain: transmitter.chain },
    assumed: transmitter.assumed,
  };
  return { site, config, ...(config.device === undefined ? manual : sensed), manual };
}

export function configuredPacks({ sites }: Pick<GatewayConfig, 'sites'>): ConfiguredPack[] {
  return sites.flatMap((site) => site.packs.map((pack) => configuredPack(site.id, pack)));
}

/** How readings of a time are converted: with the cylinders open then, and the calibration in force. */
export function geometryAt(
  geometry: PackGeometry,
  { calibrations, cylinders }: PackStatements,
  atMs: number,
): PackGeometry {
  const openCylinders =
    cylinders.findLast(({ fromMs }) => fromMs <= atMs)?.open ?? geometry.openCylinders;
  const { instrument } = geometry.chain;
  const calibration = instrument.kind === 'needle' ? undefined : calibrationAt(calibrations, atMs);
  const calibratedMpa =
    calibration === undefined || atMs >= calibration.validUntilMs
      ? undefined
      : calibration.expandedUncertaintyMpa;
  if (calibratedMpa === undefined) return { ...geometry, openCylinders };
  const chain = { ...geometry.chain, instrument: { ...instrument, calibratedMpa } };
  return { ...geometry, openCylinders, chain };
}

/** A reading of the transmitter with the calibration of its time applied, MPa gauge. */
export function calibrated({ calibrations }: PackStatements, atMs: number, mpa: number): number {
  const calibration = calibrationAt(calibrations, atMs);
  return calibration === undefined ? mpa : corrected(calibration, mpa);
}

export function ledgerSetup(
  { geometry, config }: ConfiguredPack,
  statements: PackStatements,
  atMs: number,
): LedgerSetup {
  return {
    pack: geometryAt(geometry, statements, atMs),
    largestDrawNlPerMin: config.largestDrawNlPerMin,
    calibratedAt: calibrationAt(statements.calibrations, atMs)?.fromMs ?? null,
  };
}

export function convert(
  geometry: PackGeometry,
  pressureMpa: number | null,
  temperatureC: number | null,
): Inventory | undefined {
  if (pressureMpa === null || temperatureC === null) return undefined;
  return inventory(geometry, gaugeMpa(pressureMpa), temperatureC);
}

/** The quality of the pack's mass: that of whatever it cannot be computed without, or the worse of both. */
export function shownQuality(
  pressure: Pick<Figure, 'value' | 'quality' | 'why'>,
  temperature: Pick<Figure, 'value' | 'quality' | 'why'>,
  hydrogen: Inventory | undefined,
): Pick<Pack, 'quality' | 'why'> {
  const missing = [pressure, temperature].find(({ value }) => value === null);
  if (missing === undefined && hydrogen === undefined)
    return { quality: 'bad', why: 'out-of-range' };
  const why = missing?.why ?? pressure.why ?? temperature.why;
  const quality = missing?.quality ?? worse(pressure.quality, temperature.quality);
  return why === undefined ? { quality } : { quality, why };
}
