import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config/load.ts';
import { dateMs } from '../emissions/fiscal-year.ts';
import { exact } from '../emissions/exact.ts';
import { configuredFuelCells, settingsIn } from './fuel-terms.ts';
import { configuredMeters } from './meter.ts';
import { configuredReductions } from './reduction-plan.ts';

const cited = "document: d, page: '1'";
const set = (
  efficiency: number,
  from?: string,
) => `${from === undefined ? '' : `validFrom: '${from}', `}
  boilerEfficiency: { value: ${efficiency}, ${cited} }, heatingValue: { gjPer1000Nm3: 45, ${cited} },
  gasMeter: { temperatureC: 15, gaugePressureKpa: 2, ${cited} }`;

function parsed(now: string, ...earlier: readonly string[]) {
  const fuelCell = `{ fuel: town-gas, ${now}, earlier: [${earlier.map((each) => `{ ${each} }`).join(', ')}] }`;
  return parseConfig(
    `sites: [{ id: a, generators: [{ id: fc-1, kind: fuel-cell, device: d, meters: { gas: {}, heat: {} },
      reduction: { sold: none, fuelCell: ${fuelCell} } }] }]`,
    'gateway.yaml',
    {},
  );
}

function mistakes(now: string, ...earlier: readonly string[]): readonly string[] {
  try {
    parsed(now, ...earlier);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

test('each fiscal year has the settings that were valid then, in whatever order they are written', () => {
  const config = parsed(set(0.9, '2027-04-01'), set(0.8, '2025-04-01'), set(0.7));
  const own = configuredFuelCells(config).get('a/fc-1');
  if (own === undefined) throw new Error('no fuel cell');
  const efficiencies = [2020, 2024, 2025, 2026, 2027, 2031].map(
    (year) => settingsIn(own, year)?.boilerEfficiency.value,
  );
  expect(efficiencies).toEqual([0.7, 0.7, 0.8, 0.8, 0.9, 0.9]);
  const [plan] = configuredReductions(config, configuredMeters(config));
  expect(plan?.burns).toMatchObject([
    { fiscalYear: 0, terms: { boilerEfficiency: exact('0.7') } },
    { fiscalYear: 2025, terms: { boilerEfficiency: exact('0.8') } },
    { fiscalYear: 2027, terms: { boilerEfficiency: exact('0.9') } },
  ]);
  expect(plan?.conditions.obstacles.map(({ reason }) => reason)).not.toContain('no-fuel-terms');
});

test('before the first settings nothing is credited', () => {
  const config = parsed(set(0.9, '2027-04-01'), set(0.8, '2025-04-01'));
  const own = configuredFuelCells(config).get('a/fc-1');
  expect(own === undefined ? own : settingsIn(own, 2024)).toBeUndefined();
  const [plan] = configuredReductions(config, configuredMeters(config));
  expect(plan?.conditions.obstacles).toContainEqual({
    reason: 'no-fuel-terms',
    detail: 'EN-S-007',
    from: -Infinity,
    to: dateMs('2025-04-01'),
  });
});

test('dates that are no history are refused with their place', () => {
  const place = 'sites.0.generators.0.reduction.fuelCell';
  for (const [now, earlier, path, said] of [
    [set(0.9, '2027-05-01'), [], `${place}.validFrom`, 'is a 1 April'],
    [set(0.9), [set(0.8)], `${place}.earlier.0.validFrom`, 'is not before'],
    [
      set(0.9, '2026-04-01'),
      [set(0.8, '2027-04-01')],
      `${place}.earlier.0.validFrom`,
      'is not before',
    ],
    [
      set(0.9, '2026-04-01'),
      [set(0.8), set(0.7)],
      `${place}.earlier.1.validFrom`,
      'of other settings',
    ],
  ] as const) {
    const found = mistakes(now, ...earlier);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(path);
    expect(found[0]).toContain(said);
  }
});
