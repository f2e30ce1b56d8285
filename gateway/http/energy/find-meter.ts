import { catalogue } from '#device/contract';
import { type ConfiguredMeter, isWhMeter, type WhMeter } from '../../derive/meter.ts';
import { badField, unknownId } from '../problem.ts';

/** The configured meter of a name. Throws `HttpProblem` (404). */
export function findMeter(meters: readonly ConfiguredMeter[], key: string): ConfiguredMeter {
  const found = meters.find((meter) => meter.key === key);
  if (found !== undefined) return found;
  throw unknownId(
    'meter',
    key,
    meters.map((meter) => meter.key),
  );
}

/** The same of what speaks of Wh. Throws `HttpProblem` (404, or 400 for a register of gas or heat). */
export function findWhMeter(meters: readonly ConfiguredMeter[], key: string): WhMeter {
  const meter = findMeter(meters, key);
  if (isWhMeter(meter)) return meter;
  const { unit } = catalogue[meter.quantity];
  throw badField('meter', key, `counts ${unit}, and this speaks of Wh: see /reductions`);
}
