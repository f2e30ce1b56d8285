import { expect, test } from 'vitest';
import { exact, formatExact } from './exact.ts';
import { factorOf, type FactorRow, factorRowSchema } from './factor.ts';
import { shippedFactorRows } from './factor-rows.ts';
import { bandCuts, bandOf, electricityFactor, electricityFactorOf } from './factor-rule.ts';
import { dateMs, dateOf, fiscalYearOf, fiscalYearSpan, monthsAfter } from './fiscal-year.ts';
import { reductionKg, yearTotal } from './reduction.ts';
import { sum } from './exact.ts';

test('1,575.0 kWh in the three bands: 850.5, 808.8 and 767.0 kg', () => {
  const kg = (band: 'first' | 'middle' | 'last') =>
    formatExact(
      reductionKg(
        { elWh: 1_575_000, gasDm3: 0, heatKj: 0 },
        {
          electricity: electricityFactor(band, exact('0.000487'), exact('0.00054')),
          fuel: null,
        },
      ),
    );
  expect(kg('first')).toBe('850.5');
  expect(kg('middle')).toBe('808.7625');
  expect(kg('last')).toBe('767.025');
});

test('a marginal factor below the all-source one gives way to it, in every band', () => {
  const all = exact('0.00057');
  for (const band of ['first', 'middle', 'last', 'all'] as const)
    expect(electricityFactor(band, all, exact('0.00054'))).toEqual(all);
});

test('the total is cut off once: 97.3 to 97, 751.9 to 751, 1,050.7 to 1,050; a negative one issues 0', () => {
  const tonnes = (t: string) => yearTotal([exact(`${t}00`.replace('.', ''))]).tonnes;
  expect([tonnes('97.3'), tonnes('751.9'), tonnes('1050.7')]).toEqual([97n, 751n, 1050n]);
  const negative = yearTotal([exact('1500'), exact('-2600.5')]);
  expect(negative.tonnes).toBe(0n);
  expect(formatExact(negative.kg)).toBe('-1100.5');
  // A hundred homes of 973 kg: cut off per home there would be nothing.
  const homes = Array.from({ length: 100 }, () => exact('973'));
  expect(yearTotal(homes).tonnes).toBe(97n);
  expect(sum(homes)).toEqual(exact('97300'));
});

test('2021 and the other shipped years answer with their own row; no other year does', () => {
  const find = (symbol: 'C_a' | 'C_mo', fiscalYear: number) =>
    factorOf(shippedFactorRows, { symbol, fiscalYear, class: 'published' });
  const shipped = [
    ['C_mo', 2009, '0.000524'],
    ['C_mo', 2010, '0.000540'],
    ['C_a', 2011, '0.000476'],
    ['C_a', 2012, '0.000487'],
    ['C_a', 2013, '0.000570'],
    ['C_a', 2021, '0.000434'],
  ] as const;
  for (const [symbol, year, value] of shipped)
    expect(find(symbol, year)).toMatchObject({ row: { value }, provisional: false });
  expect(find('C_a', 2026)).toMatchObject({ row: { fiscalYear: 2021 }, provisional: true });
  expect(find('C_a', 2016)).toMatchObject({ row: { fiscalYear: 2013 }, provisional: true });
  expect(find('C_a', 2009)).toMatchObject({ row: { fiscalYear: 2011 }, provisional: true });
  expect(shippedFactorRows.filter(({ symbol }) => symbol.startsWith('C_'))).toHaveLength(6);
  for (const row of shippedFactorRows) expect(factorRowSchema.parse(row)).toEqual(row);
});

const fixture: FactorRow = {
  fiscalYear: 2026,
  symbol: 'C_a',
  value: '0.0005',
  unit: 't-CO2/kWh',
  end: 'receiving',
  class: 'fixture',
  document: '試験用',
  version: '1',
  page: '1',
};

test('fixtures and published rows do not see each other; an unverified row stands for nothing', () => {
  const question = { symbol: 'C_a', fiscalYear: 2026 } as const;
  const rows = [...shippedFactorRows, fixture, { ...fixture, class: 'published' } as const];
  expect(factorOf(rows, { ...question, class: 'fixture' })?.row.value).toBe('0.0005');
  expect(factorOf(rows, { ...question, class: 'published' })?.row.value).toBe('0.000434');
  const verified = { ...fixture, class: 'published', value: '0.0004', verifiedBy: '山田' } as const;
  expect(factorOf([...rows, verified], { ...question, class: 'published' })).toEqual({
    row: verified,
    provisional: false,
  });
  expect(factorOf([], { ...question, class: 'published' })).toBeUndefined();
});

test('the factor of a band says which rows it is made of and which only stand in', () => {
  const question = { fiscalYear: 2012, class: 'published' } as const;
  const middle = electricityFactorOf(shippedFactorRows, { ...question, band: 'middle' });
  expect(middle).toMatchObject({
    value: exact('0.0005135'),
    rows: [{ fiscalYear: 2012 }, { fiscalYear: 2010 }],
    provisional: [{ symbol: 'C_mo', fiscalYear: 2010 }],
  });
  const last = electricityFactorOf(shippedFactorRows, { ...question, band: 'last' });
  expect(last).toMatchObject({ value: exact('0.000487'), provisional: [] });
  expect(
    electricityFactorOf([fixture], { fiscalYear: 2026, band: 'first', class: 'fixture' }),
  ).toEqual({ missing: 'C_mo', fiscalYear: 2026 });
});

test.each([
  { value: '5.4e-4' },
  { value: '-0.1' },
  { value: '1/3' },
  { unit: 't-CO2/GJ' },
  { page: '' },
])('a row with %j is refused', (more) => {
  expect(factorRowSchema.safeParse({ ...fixture, ...more }).success).toBe(false);
});

test('years begin on 1 April in Japan, bands at 12 and 30 months after the start', () => {
  const april = dateMs('2027-04-01');
  expect([fiscalYearOf(april - 1), fiscalYearOf(april)]).toEqual([2026, 2027]);
  expect(fiscalYearSpan(2026)).toEqual({ from: dateMs('2026-04-01'), to: april });
  const cuts = bandCuts('transitional', '2024-08-31');
  expect(cuts.map((cut) => dateOf(cut))).toEqual(['2025-08-31', '2027-03-01']);
  expect(dateOf(monthsAfter('2024-02-29', 12))).toBe('2025-03-01');
  expect(dateOf(monthsAfter('2024-02-29', 30))).toBe('2026-08-29');
  const [first = 0, second = 0] = cuts;
  expect(
    [first - 1, first, second - 1, second].map((at) => bandOf('transitional', '2024-08-31', at)),
  ).toEqual(['first', 'middle', 'middle', 'last']);
  expect(bandOf('all-source', '2024-08-31', second)).toBe('all');
  expect(() => dateMs('2026-02-30')).toThrow(RangeError);
});
