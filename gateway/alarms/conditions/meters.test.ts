import { expect, test } from 'vitest';
import { judgeMeters, type MeterStanding } from './meters.ts';
import { alarmKinds } from './kinds.ts';

const now = Date.parse('2026-04-01T12:00:00+09:00');
const quiet: MeterStanding = {
  site: 'keihin',
  asset: 'pv-1',
  quantity: 'generated',
  unit: 'Wh',
  openEvents: [],
  registerWh: 5_000,
  wrapAt: 1_000_000,
  markExpires: '2031-05-31',
};
const raised = (changes: Partial<MeterStanding>) =>
  judgeMeters([{ ...quiet, ...changes }], now)
    .filter(({ standing }) => standing === 'on')
    .map(({ id }) => id);

test('a meter that is all right raises nothing, and each of its conditions is a known kind', () => {
  expect(raised({})).toEqual([]);
  for (const { kind } of judgeMeters([quiet], now)) expect(Object.keys(alarmKinds)).toContain(kind);
});

test('an event that waits, a register above its wrap value, a mark that ends', () => {
  const event = {
    id: 'keihin.pv-1.generated.1',
    meter: 'keihin/pv-1/generated',
    at: 1,
    kind: 'fall',
    before: 900,
    beforeAt: 0,
    after: 3,
    resolution: null,
  } as const;
  expect(raised({ openEvents: [event] })).toEqual(['keihin/pv-1/register-event-generated']);
  expect(raised({ registerWh: 1_000_000 })).toEqual(['keihin/pv-1/meter-wrap-generated']);
  expect(raised({ markExpires: '2026-06-29' })).toEqual(['keihin/pv-1/meter-mark-generated']);
  expect(raised({ markExpires: '2026-07-01' })).toEqual([]);
});
