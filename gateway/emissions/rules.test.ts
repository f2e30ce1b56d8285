import { expect, test } from 'vitest';
import { emissionsOf } from './emission.ts';
import { fuelFactorOf, fuelFactors, normalVolume, townGasHeatingValue } from './fuel.ts';
import { shippedFactorRows } from './factor-rows.ts';
import { evidenceObstacles } from './evidence.ts';
import { approximate, exact, formatExact, times, zero } from './exact.ts';
import { dateMs, dateOf } from './fiscal-year.ts';
import { incidentalTreatment, withoutIncidental } from './incidental.ts';
import { isAdditional, memberWindow, paybackYears, startedTooEarly } from './member.ts';
import { confirmationOf, methodologies, methodologyFor } from './methodology.ts';
import { mixedIn } from './monitored-list.ts';
import { divideIssued } from './reduction.ts';

test('a window begins at the latest date and lasts eight years at most', () => {
  const dates = { projectAppliedOn: '2025-06-01', admittedOn: '2025-08-10' };
  const window = (more = {}) => {
    const { from, to } = memberWindow({ ...dates, ...more });
    return [dateOf(from), dateOf(to)];
  };
  expect(window()).toEqual(['2025-08-10', '2033-08-10']);
  expect(window({ monitoredFrom: '2025-09-01' })).toEqual(['2025-09-01', '2033-09-01']);
  expect(window({ projectAppliedOn: '2026-01-01' })).toEqual(['2026-01-01', '2034-01-01']);
  expect(window({ leftOn: '2026-12-01' })).toEqual(['2025-08-10', '2026-12-01']);
  expect(window({ leftOn: '2040-01-01' })).toEqual(['2025-08-10', '2033-08-10']);
});

test('a business shows a payback of three years, a household need not', () => {
  const money = { investmentYen: 1_200_000, subsidyYen: 300_000, savingYenPerYear: 300_000 };
  expect(paybackYears(money)).toEqual(exact('3'));
  expect(isAdditional('business', money)).toBe(true);
  expect(isAdditional('business', { ...money, subsidyYen: 300_001 })).toBe(false);
  expect(isAdditional('business', { ...money, savingYenPerYear: 0 })).toBe(true);
  expect(isAdditional('business', undefined)).toBe(false);
  expect(isAdditional('household', undefined)).toBe(true);
  expect(startedTooEarly('2024-04-01', '2026-04-01')).toBe(false);
  expect(startedTooEarly('2024-03-31', '2026-04-01')).toBe(true);
});

test('incidental emissions: from 5 % subtracted, from 1 % by ratio, below left out', () => {
  const of = (kg: string) => incidentalTreatment(exact(kg), exact('1000'));
  expect([of('50'), of('49.99'), of('10'), of('9.99'), of('0')]).toEqual([
    'subtract',
    'by-ratio',
    'by-ratio',
    'omit',
    'omit',
  ]);
  expect(incidentalTreatment(exact('1'), exact('-3'))).toBe('subtract');
  expect(withoutIncidental(exact('1000'), { kind: 'subtract', kg: exact('60') })).toEqual(
    exact('940'),
  );
  expect(withoutIncidental(exact('900'), { kind: 'by-ratio', ratio: exact('0.02') })).toEqual(
    exact('882'),
  );
});

test('a mark holds through its last day; class C and a meter without evidence earn nothing', () => {
  const meter = 'keihin/pv-1/generated';
  const of = {
    meter,
    class: 'B',
    evidence: { kind: 'specified', markExpires: '2027-05-31' },
  } as const;
  expect(evidenceObstacles(of)).toEqual([
    {
      from: dateMs('2027-06-01'),
      to: Infinity,
      reason: 'mark-expired',
      detail: `${meter} 2027-05-31`,
    },
  ]);
  const document = { kind: 'calibrated', document: 'C-1' } as const;
  expect(evidenceObstacles({ ...of, evidence: document })).toEqual([]);
  expect(evidenceObstacles({ ...of, evidence: undefined })[0]?.reason).toBe('no-evidence');
  expect(evidenceObstacles({ ...of, class: 'C' })[0]?.reason).toBe('estimated-class');
  const reconciled = [
    { from: 20, to: 30 },
    { from: 0, to: 10 },
  ];
  expect(
    evidenceObstacles({ ...of, evidence: document, reconciled }).map(({ from, to }) => [from, to]),
  ).toEqual([
    [-Infinity, 0],
    [10, 20],
    [30, Infinity],
  ]);
});

test('classes and fuels are never mixed in a list', () => {
  const line = { member: 'm-1', meter: 'a', item: 'gas', class: 'B', fuel: 'lpg' } as const;
  expect(mixedIn([line, { ...line, meter: 'b' }])).toEqual([]);
  expect(mixedIn([line, { ...line, meter: 'b', fuel: 'town-gas' }])).toEqual([
    { item: 'gas', what: 'fuel', values: ['lpg', 'town-gas'], meters: ['b'] },
  ]);
  expect(mixedIn([line, { ...line, meter: 'c', class: 'A' }])).toMatchObject([{ what: 'class' }]);
  expect(mixedIn([line, { ...line, item: 'heat', class: 'A' }])).toEqual([]);
});

test('a fuel cell: heat and power replaced, fuel burnt; a bad unit keeps its sign', () => {
  const terms = {
    fuel: 'town-gas',
    boilerEfficiency: exact('0.9'),
    heatingValue: townGasHeatingValue,
    gas: { temperatureC: exact('0'), gaugePressureKpa: exact('0') },
  } as const;
  const fuel = fuelFactors(terms, exact('0.05'));
  // 1,000 kWh x 0.5 = 500 kg; 9 GJ / 0.9 x 50 kg = 500 kg; 500 m3 x 45 MJ x 50 g = 1,125 kg.
  const { baselineKg, projectKg, reductionKg } = emissionsOf(
    { elWh: 1_000_000, gasDm3: 500_000, heatKj: 9_000_000 },
    { electricity: exact('0.0005'), fuel },
  );
  expect([baselineKg, projectKg, reductionKg].map(formatExact)).toEqual(['1000', '1125', '-125']);
});

test('gas of a meter at 15 degC and 2 kPa: 0.96665 Nm3 in the m3, and as much less fuel', () => {
  const gas = { temperatureC: exact('15'), gaugePressureKpa: exact('2') };
  expect(approximate(normalVolume(gas)).toFixed(5)).toBe('0.96665');
  const terms = {
    fuel: 'lpg',
    boilerEfficiency: exact('0.9'),
    heatingValue: exact('100'),
  } as const;
  const cold = { temperatureC: exact('0'), gaugePressureKpa: exact('0') };
  const [warm, standard] = [gas, cold].map(
    (each) => fuelFactors({ ...terms, gas: each }, exact('0.0601')).gas,
  );
  expect(formatExact(standard ?? zero)).toBe('0.00601');
  expect(warm).toEqual(times(standard ?? zero, normalVolume(gas)));
});

test('the factor of LPG ships for every year; one of town gas has to be entered', () => {
  const asked = { fiscalYear: 2026, class: 'published' } as const;
  const lpg = fuelFactorOf(shippedFactorRows, { ...asked, fuel: 'lpg' });
  expect(lpg).toMatchObject({ value: exact('0.0601'), provisional: [] });
  const town = fuelFactorOf(shippedFactorRows, { ...asked, fuel: 'town-gas' });
  expect(town).toEqual({ missing: 'CEF_town_gas', fiscalYear: 2026 });
});

test('methodologies: two have no formula, and none is confirmed before a person says so', () => {
  expect(methodologyFor('pv').id).toBe('EN-R-002');
  expect(methodologyFor('fuel-cell')).toBe(methodologies['EN-S-007']);
  for (const kind of ['led', 'air-conditioner'] as const)
    expect(methodologyFor(kind).formula).toBeNull();
  expect(confirmationOf('EN-R-002', [])).toBeUndefined();
  const said = { methodology: 'EN-R-002', document: 'd', version: '1', page: 'p' } as const;
  const again = { ...said, version: '2' };
  expect(confirmationOf('EN-R-002', [said, again])).toBe(again);
});

test('issued tonnes: the partner gets the floor of its share', () => {
  expect(divideIssued(751n, exact('0.70'))).toEqual({ partner: 525n, ward: 226n });
  expect(divideIssued(751n, exact('0'))).toEqual({ partner: 0n, ward: 751n });
});
