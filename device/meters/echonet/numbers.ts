import { fault, type Measured } from '../../sensors/port.ts';
import { unsigned } from './frame.ts';

/**
 * A count times `tenths` is tenths of the unit on the wire (Wh, dm3): the finest unit of a smart meter is 0.0001 kWh.
 * `wrapAt` is the count at which the register starts again from 0.
 */
export interface Scale {
  readonly tenths: bigint;
  readonly wrapAt: number;
}

/** What stands for "no data" in a register and in a reading of 16 and of 32 signed bits (Appendix of device objects). */
const noData = { register: 0xffff_fffe, watts16: 0xfffe, watts32: 0x7fff_fffe } as const;
const largestWatts16 = 65_533;
const largestWatts32 = 2_147_483_645;

/** PV and fuel cells count in 0.001 kWh (or 0.001 m3) up to 999,999,999. */
export const thousandths: Scale = { tenths: 10n, wrapAt: 1_000_000_000 };

/** A register of four bytes in whole units, rounded down. A count that its own modulus rules out is `out-of-range`. */
export function readRegister(edt: Uint8Array, { tenths, wrapAt }: Scale): Measured {
  if (edt.length !== 4) return fault('no-data');
  const count = unsigned(edt);
  if (count === noData.register) return fault('no-data', count);
  if (count >= wrapAt) return fault('out-of-range', count);
  const value = wholeUnits(count, tenths);
  return value === undefined
    ? fault('out-of-range', count)
    : { value, raw: count, quality: 'good' };
}

/** Where the register wraps, in whole units; undefined where no exact double holds it. */
export function wrapInUnits({ tenths, wrapAt }: Scale): number | undefined {
  return wholeUnits(wrapAt, tenths);
}

/** Unsigned watts in two bytes. */
export function readWatts16(edt: Uint8Array): Measured {
  if (edt.length !== 2) return fault('no-data');
  return watts(unsigned(edt), noData.watts16, largestWatts16);
}

/** Signed watts in four bytes; positive is the forward direction (bought). */
export function readWatts32(edt: Uint8Array): Measured {
  if (edt.length !== 4) return fault('no-data');
  const count = unsigned(edt);
  return watts(count >= 2 ** 31 ? count - 2 ** 32 : count, noData.watts32, largestWatts32);
}

function watts(value: number, unknown: number, largest: number): Measured {
  if (value === unknown) return fault('no-data', value);
  // The most negative number is the code for an underflow.
  if (value > largest || value < -(2 ** 31) + 1) return fault('out-of-range', value);
  return { value, quality: 'good' };
}

function wholeUnits(count: number, tenths: bigint): number | undefined {
  const units = (BigInt(count) * tenths) / 10n;
  return units <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(units) : undefined;
}
