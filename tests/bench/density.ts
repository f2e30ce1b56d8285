import { density } from '../../gateway/hydrogen/nist2008.ts';
import { absoluteMpa } from '../../gateway/hydrogen/pressure.ts';
import { densityKgM3 } from '../../simulators/world/leachman.ts';
import type { Row } from './row.ts';

/** Time of one density, beside the equation the simulated world uses, in the same run. */
export function benchDensity(): Row[] {
  const ours = nanoseconds(1_000_000, (p, t) => density(absoluteMpa(p), t));
  const full = nanoseconds(5_000, densityKgM3);
  return [
    { name: 'density, NIST 2008', value: ours / 1000, unit: 'us', limit: 1 },
    {
      name: 'full equation solved for density, as a multiple of it',
      value: full / ours,
      unit: 'x',
    },
  ];
}

function nanoseconds(count: number, evaluate: (mpa: number, kelvin: number) => number): number {
  const run = (): number => {
    const startedMs = performance.now();
    let sum = 0;
    for (let index = 0; index < count; index += 1)
      sum += evaluate(1 + (index % 190) / 10, 253 + (index % 80));
    if (!Number.isFinite(sum)) throw new Error('a density is not finite');
    return ((performance.now() - startedMs) * 1e6) / count;
  };
  run();
  return Math.min(run(), run(), run());
}
