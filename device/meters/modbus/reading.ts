import { catalogue } from '#device/contract';
import { fault, type Measured } from '../../sensors/port.ts';
import type { ModbusQuantity, RegisterSpec } from './profile.ts';
import { scaledToNumber, scaledToWhole } from './scale.ts';
import { bitsOf, float32Step, typeWords, valueOf } from './words.ts';

/** A register as it is used: `sign` is the meter's and the wiring's together. */
export interface ReadRegister {
  readonly quantity: ModbusQuantity;
  readonly register: RegisterSpec;
}

const decimalsOfWatts = 1_000;

/** What the words of one register say, in the unit of the quantity. */
export function readRegister(
  { quantity, register }: ReadRegister,
  words: readonly number[],
): Measured {
  const bits = bitsOf(words, register);
  if (isNoData(bits, register)) return fault('no-data');
  const value = valueOf(bits, register.type);
  const raw = Number(value);
  if (!catalogue[quantity].integer) {
    const scaled = register.sign * scaledToNumber(value, register.scale);
    if (!Number.isFinite(scaled)) return fault('out-of-range');
    return { value: Math.round(scaled * decimalsOfWatts) / decimalsOfWatts, quality: 'good' };
  }
  const whole = scaledToWhole(value, register.scale);
  if (whole === undefined) return fault('out-of-range');
  const signed = Number(BigInt(register.sign) * whole);
  if (signed < 0 || !Number.isSafeInteger(signed)) return fault('out-of-range', raw);
  // Minus zero is zero.
  return { value: signed + 0, ...(raw !== signed && { raw }), quality: 'good' };
}

/** How many units of the quantity a float register can no longer tell apart at this reading; 0 for integers. */
export function resolutionOf({ register }: ReadRegister, words: readonly number[]): number {
  if (register.type !== 'float32') return 0;
  const value = Number(valueOf(bitsOf(words, register), register.type));
  return Number.isFinite(value) && value !== 0
    ? scaledToNumber(float32Step(value), register.scale)
    : 0;
}

function isNoData(bits: bigint, { noData, type }: RegisterSpec): boolean {
  return noData !== undefined && BigInt.asUintN(typeWords[type] * 16, BigInt(noData)) === bits;
}
