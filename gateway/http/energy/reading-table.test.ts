import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MeterBench, meterBench } from './testing-meters.ts';

let bench: MeterBench;
beforeAll(async () => {
  const sites = 'sites: [{ id: keihin, meters: [{ id: sub-1, quantities: [consumed] }] }]';
  bench = await meterBench(sites, Date.parse('2026-04-04T00:00:00+09:00'));
});
afterAll(() => bench.close());

test.each([
  ['no column "wh"', 'meter,time,by\na,b,c'],
  ['not closed', 'meter,time,wh,by\n"a'],
  ['no rows', 'meter,time,wh,by\n'],
  ['cells', 'meter,time,wh,by\na,b'],
  ['unknown or named twice', 'meter,time,wh,by,foto\na,b,c,d,e'],
])('a table that cannot be read is refused: %s', async (what, text) => {
  const answer = await bench.postCsv('/meter-readings', text);
  expect(answer.status).toBe(400);
  const { detail, errors } = await answer.json();
  expect([detail, errors[0].table.column]).toEqual([expect.stringContaining(what), null]);
});

test('every bad row is named by its number, and nothing is stored', async () => {
  const rows = [
    'meter,time,wh,by,photoSha256',
    'keihin/sub-1/consumed,2026-04-01T10:00:00+09:00,1500,佐藤,',
    'keihin/sub-1/consumed,yesterday,1.5,,',
    'keihin/sub-1/consumed,2026-04-01T11:00:00+09:00,2000,佐藤,photo.jpg',
  ];
  const answer = await (await bench.postCsv('/meter-readings', rows.join('\n'))).json();
  expect(answer.errors.map(({ field }: { field: string }) => field)).toEqual([
    'row 3: time',
    'row 3: wh',
    'row 4: photoSha256',
  ]);
  expect(answer.errors[0].table).toMatchObject({ row: 3, column: 'time', told: [] });
  const later = [
    rows[0],
    rows[1],
    'keihin/sub-1/consumed,2036-04-01T10:00:00+09:00,1500,佐藤,',
    rows[1],
    'keihin/nowhere/consumed,2026-04-01T10:00:00+09:00,1500,佐藤,',
  ];
  const refused = await (await bench.postCsv('/meter-readings', later.join('\n'))).json();
  expect(refused.status).toBe(404);
  expect(refused.errors.map(({ field }: { field: string }) => field)).toEqual([
    'row 5: meter',
    'row 3: at',
    'row 4: at',
  ]);
  expect(refused.errors[2].table).toMatchObject({ code: 'row-twice', row: 4, told: ['2'] });
  expect(await bench.items('/meter-readings?meter=keihin/sub-1/consumed')).toEqual([]);
});
