import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSeals } from '../../gateway/seals/check.ts';
import { SealJob } from '../../gateway/seals/job.ts';
import { commit, firstDay, meters, readings } from '../../gateway/seals/testing-seals.ts';
import { openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { Store } from '../../gateway/store/port.ts';
import { describeWithPeers } from '../peers.ts';
import { Influxd } from './influxd.ts';

const dayMs = 24 * 3_600_000;

describeWithPeers('seals in InfluxDB', ['influxd'], () => {
  let influxd: Influxd;
  let store: Store;
  beforeEach(async () => {
    influxd = await Influxd.start();
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    await influxd.end();
  });

  const open = () =>
    openInfluxStore({
      url: influxd.url,
      bucket: 'kadoru',
      create: true,
      writer: 'gateway',
      wallMs: Date.now,
    });

  test('days in their turn, late readings as supplements, the same after a start', async () => {
    const nowMs = firstDay + 3 * dayMs + 3_600_000;
    const whole = readings(firstDay, firstDay + 3 * dayMs);
    const late = whole.splice(150, 3);
    await commit(store, whole, firstDay);
    const seal = async () => {
      const job = await SealJob.load(store, meters);
      while (await job.turn(nowMs));
      return job.heads();
    };
    expect(await seal()).toMatchObject([{ seals: 3, throughDay: '2021-04-03' }]);
    await commit(store, late, nowMs);
    await store.close();
    store = await open();
    const heads = await seal();
    expect(heads).toMatchObject([{ seals: 4 }]);
    expect(await seal()).toEqual(heads);
    const findings = [];
    for await (const finding of checkSeals(store, meters, heads)) findings.push(finding);
    expect(findings).toMatchObject([{ finding: 'checked', days: 3, seals: 4 }]);
  });
});
