import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { until } from '../system/device-harness.ts';
import { Audit } from './audit.ts';
import { Rig } from './rig.ts';
import { Seeded } from './seeded.ts';

/** An audit that finds nothing proves something only if it finds what is there. */
describeWithPeers('the audit', ['faketime', 'mosquitto'], () => {
  let rig: Rig;
  let audit: Audit;
  beforeAll(async () => {
    rig = await Rig.start('embedded', new Seeded(3));
    audit = new Audit(rig, 15_000);
    await until('some conversions', () => (rig.loop.conversions > 20 ? true : undefined));
    await audit.settle();
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
    tamper('DELETE FROM reading WHERE raw = 4811', 'pi-1');
    await expect(audit.settle()).rejects.toThrow(/values were stored/);
  });

  // Each finding lies before those of the tests above it, so that it is the one that is met.
  test.each([
    ['a value of the device', 'value = value + 0.001 WHERE raw = 4815', 'pi-1', /4815 is/],
    ['a time of the device', 'at = at - 90000000 WHERE raw = 4812', 'pi-1', /stepped clock/],
    [
      'a value of the bulk source',
      'value = value + 0.001 WHERE raw = 7',
      'bulk-1',
      /changed.*"seq":7/,
    ],
    ['a missing frame', 'seq = 100000000 WHERE raw = 5', 'bulk-1', /are gone, 5 first/],
  ])('finds %s that was changed', async (_, change, device, finding) => {
    tamper(`UPDATE reading SET ${change}`, device);
    await expect(new Audit(rig, 15_000).settle()).rejects.toThrow(finding);
  });
});
