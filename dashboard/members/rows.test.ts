import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CalculationTold, readCalculations, readProgress } from './answers.ts';
import { readProjects } from './project-list.ts';
import { coveredPercent, memberRow } from './rows.ts';

const standIn = { reason: 'factor-provisional', detail: 'that of 2021 only stands in' };
const energy = {
  elWh: 3_158_000,
  generatedWh: 4_000_000,
  soldWh: 842_000,
  auxiliaryWh: 0,
  coveredSeconds: 86_400,
  missingSeconds: 0,
  uncounted: [],
};
const band = {
  band: 'all',
  elWh: 3_158_000,
  factor: '0.000434',
  source: 'C_a 2021',
  baselineKg: '1370.572',
  projectKg: '0',
  reductionKg: '1370.572',
  provisional: [standIn],
};
const member = {
  member: 'home-1',
  fiscalYear: 2026,
  from: 1_775_001_600_000,
  to: 1_777_593_600_000,
  energy,
  bands: [band],
  items: { generated: null, sold: null, auxiliary: null },
  uncounted: [],
  provisional: [],
};
const read = (change: object): readonly CalculationTold[] | undefined =>
  readCalculations(JSON.stringify({ items: [{ ...member, ...change }], next: 'home-1' }))?.items;
const rowOf = (change: object) => read(change)?.map(memberRow)[0];

test('a member is shown as the gateway gives it, with what makes it provisional', () => {
  expect(rowOf({})).toEqual({
    member: 'home-1',
    fromMs: member.from,
    standing: 'good',
    energy: { generatedWh: 4_000_000, selfConsumedWh: 3_158_000, exportedWh: 842_000 },
    coveredPercent: 100,
    reductions: [{ band: 'all', kg: 1370.572 }],
    provisional: [standIn],
    uncounted: [],
  });
});

test('where nothing counts no energy is shown as zero, and no reduction', () => {
  const uncounted = [{ reason: 'no-data', stretches: 1, seconds: 86_400, elWh: 0 }];
  const none = { ...energy, coveredSeconds: 0, missingSeconds: 86_400, uncounted };
  expect(rowOf({ energy: none, bands: [] })).toMatchObject({
    standing: 'bad',
    energy: null,
    coveredPercent: 0,
    reductions: [],
    uncounted,
  });
});

test('a factor that is missing withholds the kilograms of its band alone', () => {
  const withheld = { ...band, band: 't<1', factor: null, source: null, reductionKg: null };
  expect(rowOf({ bands: [band, withheld] })?.reductions).toEqual([
    { band: 'all', kg: 1370.572 },
    { band: 't<1', kg: null },
  ]);
});

test('a reason that several say stands once, with each thing that is said of it', () => {
  const another = { ...standIn, detail: 'that of 2020 only stands in' };
  const bands = [band, { ...band, band: 't<1', provisional: [standIn, another] }];
  expect(
    rowOf({ bands, provisional: [{ reason: 'enrolment', detail: 'x' }] })?.provisional,
  ).toEqual([
    { reason: 'enrolment', detail: 'x' },
    { reason: 'factor-provisional', detail: `${standIn.detail}; ${another.detail}` },
  ]);
});

test('percent are 100 of all of the time alone, and never outside 0 to 100', () => {
  const seconds = fc.nat(40_000_000);
  fc.assert(
    fc.property(seconds, seconds, (coveredSeconds, missingSeconds) => {
      const percent = coveredPercent({ coveredSeconds, missingSeconds });
      expect(Number.isInteger(percent) && percent >= 0 && percent <= 100).toBe(true);
      expect(percent === 100).toBe(missingSeconds === 0 && coveredSeconds > 0);
    }),
  );
});

test('what is not what the contract promises is unreadable', () => {
  for (const change of [{ energy: { ...energy, elWh: 0.5 } }, { bands: null }, { member: 7 }])
    expect(read(change)).toBeUndefined();
  expect(readProjects('{"items":[{"id":"a","name":null}]}')).toBeUndefined();
  expect(readProjects(undefined)).toBeUndefined();
});

test('sums of a few members may be withheld; those that are not are read', () => {
  const progress = {
    fiscalYear: 2026,
    at: member.to,
    members: { enrolled: 2, counting: 2, left: 0 },
    devices: 2,
    meters: 4,
    marksEndingSoon: 0,
    findings: { wrong: 0, warning: 1 },
    energy: null,
  };
  expect(readProgress(JSON.stringify(progress))).toEqual(progress);
  const amounts = { wh: 5, coveredSeconds: 1, missingSeconds: 2 };
  const told = { ...progress, energy: { generated: amounts, sold: null } };
  expect(readProgress(JSON.stringify(told))).toEqual(told);
  expect(readProgress(JSON.stringify({ ...progress, energy: {} }))).toBeUndefined();
});
