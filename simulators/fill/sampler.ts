import type { Frame } from '#device/contract';
import { loopCounts, measured, type Instruments, type Loop } from '../world/instruments.ts';
import { shownC } from '../world/thermometer.ts';
import { loopMilliamps } from '../world/transmitter.ts';
import { displayWh, tapMpaOf, type WorldSetup, type WorldState } from '../world/world.ts';
import { fuelCellReadings } from './fuel-cell.ts';
import { gridReadings } from './grid-meter.ts';

export interface Sampler {
  readonly setup: WorldSetup;
  readonly instruments: Instruments;
  readonly stream: string;
  readonly pack: string;
  readonly meter: string;
  readonly fuelCell: { readonly id: string; readonly serial: string };
  readonly gridMeter: { readonly id: string; readonly serial: number };
  readonly soldMeter: string;
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
 * goes through transmitter, shunt, converter and the device's conversion, so that stored values have the resolution of real ones.
 */
export function sampleFrame(
  sampler: Sampler,
  state: WorldState,
  head: { readonly seq: number; readonly at: number },
  since: MeterMark | undefined,
): Frame {
  const { setup, instruments, stream, pack, meter } = sampler;
  const { wallC } = state.pack;
  const through = (loop: Loop, value: number): Frame['readings'][string] => {
    const milliamps = loopMilliamps(loop.transmitter, value, wallC, head.at);
    const { quality, ...reading } = measured(loop, loopCounts(loop, milliamps));
    return quality === 'good' ? reading : { ...reading, quality };
  };
  const celsius = shownC(instruments.thermometer, state.pack, state.worldMs);
  return {
    stream,
    ...head,
    clock: 'synced',
    readings: {
      [`${pack}/pressure`]: through(instruments.pressure, tapMpaOf(setup, state)),
      [`${pack}/temperature`]: through(instruments.temperature, celsius),
      ...(since !== undefined && {
        [`${meter}/generated`]: { value: displayWh(state) },
        [`${meter}/power`]: { value: meanPowerW(state, head.at, since) },
        ...fuelCellReadings(sampler.fuelCell.id, setup, state),
        ...gridReadings(sampler.gridMeter.id, sampler.soldMeter, setup, state),
      }),
    },
  };
}

function meanPowerW(state: WorldState, at: number, since: MeterMark): number {
  const gained = state.generatedMillijoules - since.millijoules;
  return Math.round((10 * gained) / (at - since.at)) / 10;
}

/** The mark that the next mean power is taken from. */
export function markOf(state: WorldState, at: number): MeterMark {
  return { at, millijoules: state.generatedMillijoules };
}
