import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import {
  allTime,
  batch,
  collect,
  event,
  frame,
  pressure,
  reading,
  refused,
} from '../suite/samples.ts';
import { openInfluxStore } from './store.ts';

describeWithPeers('several gateways on one InfluxDB', ['influxd'], () => {
  let server: Influxd;
  beforeAll(async () => {
    server = await Influxd.start();
  });
  afterAll(() => server.end());

  const open = (writer: string) =>
    openInfluxStore({
      url: server.url,
      bucket: 'kadoru',
      create: true,
      shared: true,
      writer,
      wallMs: Date.now,
    });

  test('what both were sent is there once; the first content stands, whoever stored it', async () => {
    const [one, other] = [await open('g-1'), await open('g-2')];
    const same = batch({
      frames: [frame()],
      readings: [reading()],
      events: [event()],
      quarantine: [refused()],
    });
    // At the same time: neither finds anything yet.
    await Promise.all([one.commit(same), other.commit(same)]);
    await one.commit(same);
    const later = { at: reading().at + 1000, seq: 1043 };
    await one.commit(batch({ readings: [reading(later)] }));
    const contradiction = reading({ ...later, value: 1 });
    const { conflicts, added } = await other.commit(batch({ readings: [contradiction] }));
    expect({ conflicts, added }).toEqual({ conflicts: [contradiction], added: 0 });
    for (const store of [one, other]) {
      expect(await collect(store.readings(pressure, allTime))).toEqual([reading(), reading(later)]);
      expect(await store.events('keihin', 'pi-1', allTime)).toEqual([event()]);
      expect(await collect(store.quarantined({}))).toEqual([refused()]);
      expect(await store.quarantineTotals()).toMatchObject([{ entries: 1 }]);
      expect(await store.runs({})).toMatchObject([{ first: 1042, last: 1042 }]);
    }
    await other.release(refused().id);
    expect(await collect(one.quarantined({}))).toEqual([]);
    await one.close();
    await other.close();
  });
});
