import type { Frame } from '#device/contract';
import type { Loops } from '../scenarios/scenario.ts';
import { loopMilliamps, shuntVolts, type Transmitter } from '../world/transmitter.ts';
import { displayWh, gaugeMpaOf, type WorldSetup, type WorldState } from '../world/world.ts';
import { fuelCellReadings } from './fuel-cell.ts';

/** ADS1115 at +-4.096 V (SBAS444, table 3). */
const voltsPerCount = 125e-6;
const highestCount = 32_767;

export interface Sampler {
  readonly setup: WorldSetup;
  readonly loops: Loops;
  readonly stream: string;
  readonly pack: string;
  readonly meter: string;
  readonly fuelCell: { readonly id: string; readonly serial: string };
}

/** How often the pack and the meter are due, as wall time: stamps are whole multiples. Three a minute are enough for
 * a day's trend, and the fill is what `npm start` waits for. */
export const packEveryMs = 20_000;
export const meterEveryMs = 60_000;

/** The meter as it was when last read: mean power comes from the difference. */
export interface MeterMark {
  readonly at: number;
  readonly millijoules: number;
}

/**
 * The frame a device would have sampled at a wall time: the pack always, the meter when `since` is given. The pressure
 * goes through transmitter, shunt and converter, so that stored values have the resolution of real ones.
 */
export function sampleFrame(
  sampler: Sampler,
  state: WorldState,
  head: { readonly seq: number; readonly at: number },
  since: MeterMark | undefined,
): Frame {
  const { setup, loops, stream, pack, meter } = sampler;
  const pressureMpa = gaugeMpaOf(setup, state);
  const { wallC } = state.pack;
  return {
    stream,
    ...head,
    clock: 'synced',
    readings: {
      [`${pack}/pressure`]: throughChain(loops.pressure, loops.shuntOhm, pressureMpa, head.at),
      [`${pack}/temperature`]: throughChain(loops.temperature, loops.shuntOhm, wallC, head.at),
      ...(since !== undefined && {
        [`${meter}/generated`]: { value: displayWh(state) },
        [`${meter}/power`]: { value: meanPowerW(state, head.at, since) },
        ...fuelCellReadings(sampler.fuelCell.id, setup, state),
      }),
    },
  };
}

function meanPowerW(state: WorldState, at: number, since: MeterMark): number {
  const gained = state.generatedMillijoules - since.millijoules;
  return Math.round((10 * gained) / (at - since.at)) / 10;
}

function throughChain(
  transmitter: Transmitter,
  shuntOhm: number,
  value: number,
  at: number,
): { value: number; raw: number } {
  const volts = shuntVolts(loopMilliamps(transmitter, value, at), shuntOhm);
  const raw = Math.min(highestCount, Math.round(volts / voltsPerCount));
  const milliamps = ((raw * voltsPerCount) / shuntOhm) * 1000;
  const { low, high } = transmitter;
  const measured = low + ((milliamps - 4) / 16) * (high - low);
  return { value: Number(measured.toFixed(6)), raw };
}

/** The mark that the next mean power is taken from. */
export function markOf(state: WorldState, at: number): MeterMark {
  return { at, millijoules: state.generatedMillijoules };
}
