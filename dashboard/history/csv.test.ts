import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineEvent } from './events.ts';
import { japanIso, meterCsv, packCsv } from './csv.ts';
import { packSeries } from './series.ts';

const at = Date.parse('2026-04-01T12:00:00+09:00');
const event = (text: string): TimelineEvent => ({ id: 'x', kind: 'alarm', atMs: at, text });

test('times are Japan time, an unknown value is empty and not 0', () => {
  const nothing = { measuredAt: at, pressureMpa: null, temperatureC: 20, totalKg: null };
  const unknown = {
    usableKg: null,
    expandedUncertaintyKg: null,
    usableExpandedUncertaintyKg: null,
  };
  const point = { at, ...nothing, ...unknown, quality: 'bad', why: 'loop-open' } as const;
  const { points } = packSeries([point], { fromMs: at, toMs: at + 60_000 }, 60_000);
  const [header, row] = packCsv(points, []).split('\r\n');
  expect(header).toMatch(/^\uFEFFfrom,to,pressureMpa,/);
  expect(row).toBe(
    '2026-04-01T12:00:00+09:00,2026-04-01T12:01:00+09:00,,,,,,,,,bad,loop-open,0,1,',
  );
});

test('the bars of a register, and its events after them', () => {
  const rest = { unallocatedWh: 0, coveredPercent: 50, quality: 'uncertain', revision: 2 } as const;
  const bar = { start: at, end: at + 1_800_000, wh: 123, ...rest };
  expect(
    meterCsv([bar], [event('訂正, "二重"')])
      .split('\r\n')
      .slice(1),
  ).toEqual([
    `${japanIso(at)},${japanIso(at + 1_800_000)},123,0,50,uncertain,2,`,
    `${japanIso(at)},,,,,,,"訂正, ""二重"""`,
    '',
  ]);
});

test('nothing that people typed becomes a formula or another row', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const csv = meterCsv([], [event(text)]);
      const last = csv.slice(csv.indexOf('\r\n') + 2).replace(/^(?:[^,]*,){7}/, '');
      expect(last).not.toMatch(/^"?[=+\-@]/);
      expect(last.replaceAll(/"[^"]*"/g, '').trimEnd()).not.toMatch(/[\r\n]/);
    }),
  );
});
