import { jointSpans } from '../../gateway/emissions/joint.ts';
import { electricityFactorOf } from '../../gateway/emissions/factor-rule.ts';
import { shippedFactorRows } from '../../gateway/emissions/factor-rows.ts';
import { energyByBand, reductionKg, yearTotal } from '../../gateway/emissions/reduction.ts';
import { type HalfHour, lineOfHalfHours } from '../../gateway/emissions/register-line.ts';
import { stretches } from '../../gateway/emissions/stretch.ts';
import { fastest } from './fastest.ts';
import type { Row } from './row.ts';

const halfHours = 365 * 48;
const from = Date.parse('2026-04-01T00:00:00+09:00');
const halfHourMs = 30 * 60_000;

/** A fiscal year of one home, two registers, from its stored half hours to exact kilograms. */
export function benchReductions(): Row[] {
  const registers = [register(700), register(300)];
  const ms = fastest(() => Number(kilograms(registers)));
  return [
    {
      name: 'reductions, a year of two registers to exact kilograms',
      value: (2 * halfHours) / (ms / 1_000),
      unit: 'half hours/s',
      note: 'without the store',
    },
  ];
}

function register(mostWh: number): HalfHour[] {
  return Array.from({ length: halfHours }, (_, index) => ({
    start: from + index * halfHourMs,
    wh: (index * 7_919) % mostWh,
    unallocated: [],
    coveredSeconds: 1_800,
    openEvents: [],
  }));
}

function kilograms([generated = [], sold = []]: readonly (readonly HalfHour[])[]): bigint {
  const ends = { startKnown: true, endKnown: true };
  const spans = jointSpans([
    { item: 'generated', register: 'g', line: lineOfHalfHours(generated, ends) },
    { item: 'sold', register: 's', line: lineOfHalfHours(sold, ends) },
  ]);
  const found = stretches(spans, {
    factorRule: 'transitional',
    operationStartedOn: '2025-10-01',
    window: { from: -Infinity, to: Infinity },
    obstacles: [],
  });
  const kgs = energyByBand(found).map((each) => {
    const factor = electricityFactorOf(shippedFactorRows, { ...each, class: 'published' });
    if ('missing' in factor) throw new Error(`no factor ${factor.missing}`);
    return reductionKg(each, { electricity: factor.value, fuel: null });
  });
  return yearTotal(kgs).tonnes;
}
