import type { AdcChannel } from './ads1115.ts';
import { fault, type Measured, type Sensor } from './port.ts';

export interface CurrentLoop {
  readonly shuntOhm: number;
  /** What 4 mA and 20 mA mean, in the unit of the quantity. */
  readonly range: readonly [atFourMa: number, atTwentyMa: number];
}

/** NAMUR NE 43: what a 4-20 mA current says besides its value, in mA. */
const ne43 = { open: 3.6, lowest: 3.8, highest: 20.5, short: 21 } as const;

/** The current through the shunt, rounded to 1 nA: the limits above include their own value, which floats miss. */
export function loopMilliamperes(volts: number, shuntOhm: number): number {
  return roundToMicro((volts / shuntOhm) * 1_000);
}

/**
 * The value of a 4-20 mA loop from the volts over its shunt. At or below 3.6 mA the loop is open, at or above 21 mA
 * shorted; between those and 3.8-20.5 mA the transmitter says that it is outside its range: uncertain, not converted.
 */
export function convertLoop(
  volts: number,
  { shuntOhm, range }: CurrentLoop,
  raw?: number,
): Measured {
  const milliamperes = loopMilliamperes(volts, shuntOhm);
  if (milliamperes <= ne43.open) return fault('loop-open', raw);
  if (milliamperes >= ne43.short) return fault('loop-short', raw);
  const kept = raw === undefined ? {} : { raw };
  if (milliamperes < ne43.lowest || milliamperes > ne43.highest)
    return { value: null, ...kept, quality: 'uncertain', why: 'out-of-range' };
  const [low, high] = range;
  const value = low + ((milliamperes - 4) / 16) * (high - low);
  return { value: roundToMicro(value), ...kept, quality: 'good' };
}

/** A thousand times finer than a 16-bit converter resolves 40 MPa; without it JSON carries float noise. */
function roundToMicro(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A transmitter on one converter channel. */
export function currentLoopSensor(adc: AdcChannel, loop: CurrentLoop): Sensor {
  return {
    read: async () => {
      const sample = await adc.read();
      return sample.kind === 'failed'
        ? fault('bus-error')
        : convertLoop(sample.volts, loop, sample.counts);
    },
  };
}
