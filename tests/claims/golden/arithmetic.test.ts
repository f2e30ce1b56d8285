import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { japan, readingsOf, registers } from './homes.ts';

/** The expected tables worked out from the readings: a second time, and with nothing of the gateway. */
const read = (name: string) => readFileSync(new URL(`expected/${name}`, import.meta.url), 'utf8');
function rows(name: string): Record<string, string>[] {
  const [head = '', ...lines] = read(name).trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** What happened to the three registers, as Wh to add to the difference of what they showed. */
const steps: Record<string, readonly (readonly [string, number])[]> = {
  'golden/a-pv/exported': [['2026-04-05T15:00', 10_000_000]],
  // The old meter's 4,000,000 + 40 half hours of 223 days and 4 of the last one, against the new one's 1,000.
  'golden/c-pv/generated': [['2026-11-10T16:00', 4_000_000 + 223 * 19_200 + 4 * 800 - 1_000]],
};

function valueAt(register: (typeof registers)[number], at: number): number {
  const readings = readingsOf(register).filter(({ wh }) => wh !== 0 || register.wrapAt !== undefined);
  const before = readings.findLast((reading) => reading.at <= at);
  const after = readings.find((reading) => reading.at >= at);
  if (before === undefined || after === undefined) throw new Error('not read');
  if (before.at === at) return before.wh;
  return before.wh + Math.floor(((after.wh - before.wh) * (at - before.at)) / (after.at - before.at));
}

function energyOf(member: string, item: string, from: number, to: number): number {
  const register = registers.find(
    (one) => one.item === item && one.register.startsWith(`golden/${member}-`),
  );
  if (register === undefined) throw new Error('no register');
  const more = (steps[register.register] ?? [])
    .filter(([at]) => japan(at) > from && japan(at) <= to)
    .reduce((sum, [, wh]) => sum + wh, 0);
  return valueAt(register, to) - valueAt(register, from) + more;
}

const cefs: Record<string, bigint> = { 't<1': 600n, '1<=t<2.5': 525n, 't>=2.5': 450n };
const millionths = (text = '') => {
  const [whole = '', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(6, '0'));
};

test('stretches: every amount from the readings', () => {
  for (const { member = '', from = '', to = '', ...row } of rows('stretches.csv')) {
    const [start, end] = [Date.parse(from), Date.parse(to)];
    const [generated, sold, auxiliary] = ['generated', 'sold', 'auxiliary'].map((item) =>
      energyOf(member, item, start, end),
    );
    expect([member, from, String(generated), String(sold), String(auxiliary)]).toEqual([
      member,
      from,
      row['generated_wh'],
      row['sold_wh'],
      row['auxiliary_wh'],
    ]);
    expect(Number(row['el_wh'])).toBe((generated ?? 0) - (sold ?? 0) - (auxiliary ?? 0));
  }
});

test('activity and calculation: sums of the counted stretches, one multiplication a band', () => {
  const counted = rows('stretches.csv').filter(({ counted }) => counted === 'yes');
  const sum = (member: string, column: string, band?: string) =>
    counted
      .filter((row) => row['member'] === member && (band === undefined || row['band'] === band))
      .reduce((total, row) => total + Number(row[column]), 0);
  for (const { member = '', ...row } of rows('activity.csv'))
    for (const column of ['generated_wh', 'sold_wh', 'auxiliary_wh', 'el_wh'])
      expect([member, column, row[column]]).toEqual([member, column, String(sum(member, column))]);
  for (const { member = '', band = '', ...row } of rows('calculation.csv')) {
    const el = sum(member, 'el_wh', band);
    expect(row['el_wh']).toBe(String(el));
    expect(millionths(row['er_kg'])).toBe(BigInt(el) * (cefs[band] ?? 0n));
  }
});

test('summary: the whole, truncated once', () => {
  const summary: unknown = JSON.parse(read('summary.json'));
  const kg = rows('calculation.csv').reduce((sum, row) => sum + millionths(row['er_kg']), 0n);
  const total = (column: string) =>
    rows('activity.csv').reduce((sum, row) => sum + Number(row[column]), 0);
  expect(millionths('7966.64385')).toBe(kg);
  expect(summary).toMatchObject({
    erKg: '7966.64385',
    tonnes: Number(kg / 1_000_000_000n),
    activity: {
      generatedWh: total('generated_wh'),
      soldWh: total('sold_wh'),
      auxiliaryWh: total('auxiliary_wh'),
      elWh: total('el_wh'),
      coveredSeconds: total('covered_seconds'),
      missingSeconds: total('missing_seconds'),
    },
  });
});
