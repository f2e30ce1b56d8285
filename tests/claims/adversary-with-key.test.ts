import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { signFolder } from './folder-writer.ts';
import { replace, Tampering } from './tampering.ts';

const bench = new Tampering();
afterAll(() => bench.remove());

/** With the right key everything fits but what follows from the readings, the seals and the rules. */
describe('somebody with the key', () => {
  test('a changed reading: the sealed half hour, and the energy', async () => {
    const found = await bench.findingsAfter(
      bench.edit('readings.csv', replace(',5000000,', ',4000000,')),
    );
    expect(found.map(({ file, row, what }) => [file, row, what.split(' ')[0]])).toEqual([
      ['readings.csv', bench.rowOf('readings.csv', 'golden/a-pv/generated,2026-04-01'), '半時間'],
      ['stretches.csv', 2, 'generated_wh'],
      ['stretches.csv', 2, 'el_wh'],
    ]);
  });

  test('a reading left out, and one that never was', async () => {
    const left = (text: string) =>
      text.replace(/^golden\/a-pv\/auxiliary,2026-06-01T00:00.*\n/m, '');
    const found = await bench.findingsAfter(bench.edit('readings.csv', left));
    expect(found).toContainEqual(
      expect.objectContaining({ file: 'stretches.csv', row: 2, found: 'yes' }),
    );
    const line = 'golden/a-pv/auxiliary,2026-06-01T00:00:00+09:00,';
    const more = (text: string) =>
      text.replace(
        line,
        `golden/a-pv/auxiliary,2026-05-31T23:50:00+09:00,158550,,good,,synced,試験用\n${line}`,
      );
    expect(await bench.findingsAfter(bench.edit('readings.csv', more))).toEqual([
      expect.objectContaining({ file: 'readings.csv', what: expect.stringContaining('23:30:00') }),
    ]);
  });

  test('readings turned from one register to another', async () => {
    const found = await bench.findingsAfter(
      bench.edit('readings.csv', (text) => text.replaceAll('a-pv/auxiliary', 'a-pv/consumed')),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ file: 'readings.csv', found: 'golden/a-pv/consumed' }),
    );
  });

  test('a changed factor: the rows that it feeds', async () => {
    const found = await bench.findingsAfter(
      bench.edit('factors.csv', replace('0.00045', '0.0005')),
    );
    const wrong = found.filter(({ what }) => what.includes('cef')).map(({ row }) => row);
    expect(wrong).toEqual([2, 4, 5, 6]);
    expect(found).toContainEqual(
      expect.objectContaining({ file: 'summary.json', what: '項目 factorTableSha256' }),
    );
  });

  test('a factor that is no grid factor, and one that says it is published', async () => {
    const unit = await bench.findingsAfter(
      bench.edit('factors.csv', replace('t-CO2/kWh', 'kg-CO2/kWh')),
    );
    expect(unit).toContainEqual(
      expect.objectContaining({ file: 'calculation.csv', found: 'none' }),
    );
    const said = await bench.findingsAfter(
      bench.edit('factors.csv', replace('fixture,tests', 'published,tests')),
    );
    expect(said).toContainEqual(expect.objectContaining({ file: 'factors.csv', row: 2 }));
  });

  test('an event whose adjustment is more than its kind allows', async () => {
    const found = await bench.findingsAfter(
      bench.edit('events.csv', replace(',8283800,', ',8293800,')),
    );
    expect(found).toEqual([
      expect.objectContaining({
        file: 'events.csv',
        row: 4,
        expected: '8283800',
        found: '8293800',
      }),
    ]);
  });

  test('an event that no reading shows', async () => {
    const found = await bench.findingsAfter(
      bench.edit('events.csv', replace(',8284800,', ',8184800,')),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        file: 'events.csv',
        row: 4,
        expected: '8284800',
        found: '8184800',
      }),
    );
  });

  test('a stretch that straddles counted, one cut in two, one left out', async () => {
    const counted = await bench.findingsAfter(
      bench.edit('stretches.csv', replace(',320,,,-320,no,straddles,', ',320,,,-320,yes,,')),
    );
    for (const expected of ['no: straddles', 'no: negative'])
      expect(counted).toContainEqual(
        expect.objectContaining({ file: 'stretches.csv', row: 6, expected }),
      );
    const left = await bench.findingsAfter(
      bench.edit('stretches.csv', (text) => text.replace(/^b,.*straddles.*\n/m, '')),
    );
    expect(left).toContainEqual(
      expect.objectContaining({
        file: 'stretches.csv',
        row: 6,
        expected: '2026-08-14T22:00:00+09:00',
      }),
    );
  });

  test('what speaks for the ward left out for no reason', async () => {
    const out = replace('1932480,yes,,', '1932480,no,no-data,');
    expect(await bench.findingsAfter(bench.edit('stretches.csv', out))).toContainEqual(
      expect.objectContaining({ file: 'stretches.csv', row: 3, expected: 'none: it counts' }),
    );
  });

  test('a later end of membership', async () => {
    const later = (text: string) => text.replaceAll('2026-10-01', '2026-12-01');
    const found = await bench.findingsAfter(bench.edit('members.csv', later));
    expect(found).toContainEqual(expect.objectContaining({ file: 'stretches.csv', row: 4 }));
    expect(found).toContainEqual(expect.objectContaining({ file: 'activity.csv', row: 2 }));
  });

  test('a window that does not follow from its dates', async () => {
    const found = await bench.findingsAfter(
      bench.edit('members.csv', replace('2026-04-20,,2026-04-20', '2026-04-20,,2026-04-01')),
    );
    expect(found).toEqual([
      expect.objectContaining({ file: 'members.csv', row: 4, expected: '2026-04-20' }),
    ]);
  });

  test('a mark that expired in the middle, no evidence, an estimate', async () => {
    for (const [a, b, expected] of [
      ['2031-05-31', '2026-05-20', 'no: mark-expired'],
      [',specified,2031-05-31,', ',,,', 'no: no-evidence'],
      [',B,specified', ',C,specified', 'no: estimated-class'],
    ] as const)
      expect(await bench.findingsAfter(bench.edit('meters.csv', replace(a, b)))).toContainEqual(
        expect.objectContaining({ file: 'stretches.csv', row: 2, expected }),
      );
  });

  test('operation that began later, a battery, two devices of one serial', async () => {
    expect(
      await bench.findingsAfter(bench.edit('devices.csv', replace('2024-02-15', '2025-02-15'))),
    ).toContainEqual(expect.objectContaining({ file: 'stretches.csv', expected: '1<=t<2.5' }));
    expect(
      await bench.findingsAfter(bench.edit('devices.csv', replace('5500,no,no', '5500,yes,no'))),
    ).toContainEqual(expect.objectContaining({ expected: 'no: grid-charging-battery' }));
    expect(await bench.findingsAfter(bench.edit('devices.csv', replace('PV-b', 'PV-a')))).toEqual([
      expect.objectContaining({ file: 'devices.csv', row: 3, found: 'PV-a' }),
    ]);
  });

  test('totals, truncation and division', async () => {
    for (const [a, b] of [
      ['"tonnes": 7', '"tonnes": 8'],
      ['"erT": "7.96664385"', '"erT": "8"'],
      ['"partnerTonnes": 4', '"partnerTonnes": 5'],
      ['"elWh": 15837394', '"elWh": 15837395'],
    ] as const)
      expect(await bench.findingsAfter(bench.edit('summary.json', replace(a, b)))).toEqual([
        expect.objectContaining({ file: 'summary.json' }),
      ]);
    const shared = await bench.findingsAfter(bench.edit('claim.json', replace('"0.7"', '"0.9"')));
    expect(shared.map(({ what }) => what)).toEqual([
      '項目 allocation.partnerTonnes',
      '項目 allocation.wardTonnes',
    ]);
  });

  test('a seal that was edited: from there on the chain does not hold', async () => {
    const line = bench.rowOf('seals.csv', 'golden/b-pv/generated,100,');
    const found = await bench.findingsAfter((dir) => {
      const file = join(dir, 'digests/golden.b-pv.generated.bin');
      const bytes = readFileSync(file);
      bytes[99 * 1_536 + 5] = 1;
      writeFileSync(file, bytes);
      signFolder(dir, bench.privateKey);
    });
    expect(found).toEqual([
      expect.objectContaining({ file: 'seals.csv', row: line, what: '葉 leaf' }),
    ]);
  });

  test('a day without a seal, a head that is not the last', async () => {
    const gone = await bench.findingsAfter(
      bench.edit('seals.csv', (text) => text.replace(/^golden\/b-pv\/generated,100,.*\n/m, '')),
    );
    expect(gone.map(({ file }) => file)).toContain('seals.csv');
    const head = await bench.findingsAfter(
      bench.edit('heads.csv', (text) => text.replace(/,[0-9a-f]{64},/, `,${'0'.repeat(64)},`)),
    );
    expect(head).toEqual([expect.objectContaining({ file: 'heads.csv', row: 2 })]);
  });

  test('rows in another order, the same row twice', async () => {
    const swapped = await bench.findingsAfter(
      bench.edit('activity.csv', (text) => text.replace(/^(a.*\n)(b.*\n)/m, '$2$1')),
    );
    expect(swapped).toEqual([expect.objectContaining({ file: 'activity.csv', row: 3 })]);
    const twice = await bench.findingsAfter(
      bench.edit('calculation.csv', (text) => text.replace(/^(a,2026,t.*\n)/m, '$1$1')),
    );
    expect(twice[0]).toMatchObject({ file: 'calculation.csv', row: 4 });
  });

  test.each([
    ['activity.csv', ',2898720,', ',02898720,'],
    ['activity.csv', ',2898720,', ',2898720.0,'],
    ['activity.csv', ',2898720,', ',"2898720",'],
    ['calculation.csv', ',0.0006,', ',0.00060,'],
    ['calculation.csv', ',0.0006,', ',6e-4,'],
    ['calculation.csv', ',579.744,0,', ',289872/500,0,'],
    ['stretches.csv', '2026-06-01T00:00:00+09:00', '2026-05-31T15:00:00Z'],
    ['stretches.csv', '2026-06-01T00:00:00+09:00', '2026-06-01T00:00:00.000+09:00'],
    ['members.csv', 'note\n', 'note\r\n'],
    ['summary.json', '"tonnes": 7', '"tonnes":7'],
    ['summary.json', '"7966.64385"', '"7966.643850"'],
  ])('%s written differently: %s as %s', async (file, a, b) => {
    const found = await bench.findingsAfter(bench.edit(file, replace(a, b)));
    expect(found).toContainEqual(expect.objectContaining({ file }));
    if (file.endsWith('.csv')) expect(found.find((one) => one.file === file)?.row).toBeDefined();
  });

  test('a trial that does not say so', async () => {
    const one = await bench.findingsAfter(bench.edit('members.csv', replace(',試験用', ',')));
    expect(one).toEqual([expect.objectContaining({ file: 'members.csv', row: 2 })]);
    const whole = await bench.findingsAfter(
      bench.edit('claim.json', replace('"fixture": true', '"fixture": false')),
    );
    expect(whole.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['claim.json', 'factors.csv', 'methodologies.json']),
    );
  });
});
