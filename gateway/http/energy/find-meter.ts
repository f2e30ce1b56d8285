import type { ConfiguredMeter } from '../../derive/meter.ts';
import { unknownId } from '../problem.ts';

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
