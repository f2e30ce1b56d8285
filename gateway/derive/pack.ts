import type { Pack } from '#gateway/contract';
import { type PackConfig, sensorChain } from '../config/plant.ts';
import { type Inventory, inventory, type PackGeometry } from '../hydrogen/inventory.ts';
import { gaugeMpa } from '../hydrogen/pressure.ts';
import { type Figure, worse } from './figure.ts';

/** A configured pack with everything needed to convert its readings. */
export interface ConfiguredPack {
  readonly site: string;
  readonly config: PackConfig;
  readonly geometry: PackGeometry;
  readonly assumed: Pack['assumed'];
}

export function configuredPack(site: string, config: PackConfig): ConfiguredPack {
  const { chain, assumed } = sensorChain(config);
  const geometry = {
    openCylinders: config.openCylinders ?? config.cylinders,
    cylinderLitres: config.cylinderLitres,
    chain,
    stopReferenceC: config.stop.referenceC,
  };
  return { site, config, geometry, assumed };
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
