import type { Pack } from '#gateway/contract';
import { type ConfiguredPack, convert, shownQuality } from '../derive/pack.ts';
import { residualPressureMpa, stopPressure } from '../hydrogen/inventory.ts';
import { figure } from '../derive/figure.ts';
import type { Latest } from './latest.ts';

/** Where no temperature is known the stop pressure is that of a hot day: the highest, so the safe one. */
const hotC = 40;

/** A pack as shown at `nowMs`. Mass needs pressure and temperature both: without either it is unknown, not guessed. */
export function showPack(
  { site, config, geometry, assumed }: ConfiguredPack,
  latest: Latest,
  nowMs: number,
): Pack {
  const of = (quantity: 'pressure' | 'temperature') =>
    config.device === undefined ? undefined : latest.of(site, config.device, config.id, quantity);
  const staleAfterMs = config.staleAfterSeconds * 1000;
  const pressure = figure(of('pressure'), nowMs, staleAfterMs);
  const { value: temperatureC, ...temperature } = figure(of('temperature'), nowMs, staleAfterMs);
  const hydrogen = convert(geometry, pressure.value, temperatureC);
  const shown = shownQuality(pressure, { ...temperature, value: temperatureC }, hydrogen);
  return {
    id: config.id,
    name: config.name ?? config.id,
    site,
    source: 'transmitter',
    measuredAt: pressure.measuredAt,
    ageMs: pressure.ageMs,
    ...shown,
    pressureMpa: pressure.value,
    temperatureC,
    temperature,
    fillingPressureMpa: config.fillingPressureMpa,
    residualPressureMpa,
    openCylinders: geometry.openCylinders,
    hydrogen: hydrogen ?? null,
    stopPressureMpa: stopPressure(geometry, temperatureC ?? hotC),
    nameplate: { ...config.nameplate, physical: false },
    consumption: { kgPerHour: null, expandedUncertaintyKgPerHour: null, state: 'not-computed' },
    timeToStopHours: null,
    assumed,
    alarms: [],
  };
}
