import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { until } from '../system/device-harness.ts';
import { Audit } from './audit.ts';
import { Rig } from './rig.ts';
import { Seeded } from './seeded.ts';
import { storedRows } from './stored.ts';

/** An audit that finds nothing proves something only if it finds what is there. */
describeWithPeers('the audit', ['faketime', 'mosquitto'], () => {
  let rig: Rig;
  let audit: Audit;
  /** Of the device's known values, oldest first: a busy machine leaves some conversions out. */
  let codes: readonly number[] = [];
  beforeAll(async () => {
    rig = await Rig.start({ broker: 'embedded', store: 'embedded' }, new Seeded(3));
    audit = new Audit(rig, 15_000);
    await until('some conversions', () => (rig.loop.conversions > 25 ? true : undefined));
    await audit.settle();
    const rows = await storedRows(rig.gateway, 'keihin/pi-1/pack-1/pressure');
    codes = rows.flatMap(({ raw }) => raw ?? []);
  });
  afterAll(() => rig.end());

  /** Changes the store behind everybody's back. */
  function tamper(sql: string, device: string): void {
    const database = new DatabaseSync(join(rig.gateway.folder, 'data', 'kadoru.db'), {
      timeout: 5000,
    });
    const { changes } = database
      .prepare(
        `${sql} AND series IN (SELECT id FROM series WHERE device = ? AND quantity = 'pressure')`,
      )
      .run(device);
    database.close();
    expect(changes).toBe(1);
  }

  test('finds a row of the device that is gone after it was seen', async () => {
    tamper(`DELETE FROM reading WHERE raw = ${codes[3]}`, 'pi-1');
    await expect(audit.settle()).rejects.toThrow(/values were stored/);
  });

  // Each finding lies before those of the tests above it, so that it is the one that is met.
  test.each([
    ['a value of the device', 'value = value + 0.001 WHERE raw = $code6', 'pi-1', / is .* MPa/],
    ['a time of the device', 'at = at - 90000000 WHERE raw = $code4', 'pi-1', /stepped clock/],
    [
      'a value of the bulk source',
      'value = value + 0.001 WHERE raw = 7',
      'bulk-1',
      /changed.*"seq":7/,
    ],
    ['a missing frame', 'seq = 100000000 WHERE raw = 5', 'bulk-1', /are gone, 5 first/],
  ])('finds %s that was changed', async (_, change, device, finding) => {
    const sql = change.replace(/\$code(\d)/, (_match, index) => String(codes[Number(index)]));
    tamper(`UPDATE reading SET ${sql}`, device);
    await expect(new Audit(rig, 15_000).settle()).rejects.toThrow(finding);
  });
});
