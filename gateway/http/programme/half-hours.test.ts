import { expect, test } from 'vitest';
import { catalogue } from '#device/contract';
import { halfHourRow, type StoredHalfHour } from '../../derive/meter-rows.ts';
import { halfHourMs } from '../../energy/calendar.ts';
import { intervalCsv, memberIntervals } from './half-hours.ts';
import { unitOf } from './selection.ts';

const start = Date.parse('2026-05-01T00:00:00+09:00');
const span = { from: start, to: start + halfHourMs };
const member = { id: 'home-1' };

test('every item tells the unit of its register', async () => {
  const interval: StoredHalfHour['interval'] = {
    start,
    end: span.to,
    wh: 321,
    unallocated: [],
    coveredSeconds: 1_800,
    uncertainSeconds: 0,
    quality: 'good',
    openEvents: [],
  };
  const store = {
    async *derived() {
      yield halfHourRow({ interval, revision: 1, change: 1 });
    },
  };
  for (const [item, quantity] of [
    ['generated', 'generated'],
    ['sold', 'exported'],
    ['auxiliary', 'auxiliary'],
    ['gas', 'gas'],
    ['heat', 'heat'],
  ] as const) {
    const { unit } = catalogue[quantity];
    expect(unitOf({ item })).toBe(unit);
    const meter = { id: `home-1-${item}`, item, register: `minato/fc-1/${quantity}` };
    const measured = { member, meter, time: span, window: span, decidedAt: 0 };
    for await (const row of memberIntervals(store, [measured], { span, since: undefined })) {
      expect(row).toMatchObject({ item, wh: 321, unit });
      expect(intervalCsv.line(row)).toMatch(new RegExp(`,321,.*,${unit}\r\n$`));
    }
  }
});
