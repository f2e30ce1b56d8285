import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { hydrogen, influxForTests } from '../../../tests/system/influx-stores.ts';
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

describeWithPeers('several gateways on one InfluxDB', ['influxd'], () => {
  const { server, proxy, bucket, open } = influxForTests();
  const two = async () => ({
    one: await open({ shared: true, writer: 'g-1' }),
    other: await open({ shared: true, writer: 'g-2' }),
  });
  const marks = async (store: Awaited<ReturnType<typeof open>>) => {
    const waiting = await store.stale(1000);
    return {
      keys: waiting.map(({ key }) => key),
      done: () => store.putDerived(hydrogen, [], waiting),
    };
  };

  test('what both were sent is there once; the first content stands, whoever stored it', async () => {
    const { one, other } = await two();
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
  });

  test('what another one stored counts only once we wrote it ourselves: it may not be durable yet', async () => {
    const { one, other } = await two();
    const same = batch({ frames: [frame()], readings: [reading()], events: [event()] });
    await one.commit(same);
    const before = proxy().asked.length;
    expect((await other.commit(same)).added).toBe(0);
    const written = proxy()
      .asked.slice(before)
      .filter(({ path }) => path.startsWith('/write'))
      .map(({ body }) => body)
      .join('\n');
    for (const measurement of ['reading,', 'kadoru_event,', 'kadoru_run,'])
      expect(written).toContain(measurement);
  });

  test('a reading that another one is writing at this moment is not there, and neither equal nor a conflict, until it is whole', async () => {
    const { one } = await two();
    await one.commit(batch({ frames: [frame()], readings: [reading()] }));
    const at = reading().at + 1000;
    const line = (fields: string) =>
      fetch(`${server().url}/write?db=${bucket()}&precision=ms`, {
        method: 'POST',
        body: `reading,asset=pack-1,device=pi-1,quantity=pressure,site=keihin ${fields} ${at}`,
      });
    await line('pressure_mpa=12.345,seq=1043i');
    expect(await collect(one.readings(pressure, allTime))).toHaveLength(1);
    expect(await one.lastBefore(pressure, at + 1)).toMatchObject({ at: reading().at });
    const [same, different] = [reading({ at, seq: 1043 }), reading({ at, seq: 1043, value: 1 })];
    const committing = Promise.all([
      one.commit(batch({ readings: [different] })),
      one.commit(batch({ readings: [same] })),
    ]);
    await sleep(300);
    await line(
      'raw=17123,quality="good",clock="synced",stream="k3f9",received_at_ms=1775001601000i',
    );
    const [refusal, taken] = await committing;
    expect(refusal.conflicts).toEqual([different]);
    expect(taken.conflicts).toEqual([]);
    expect(await collect(one.readings(pressure, allTime))).toEqual([reading(), same]);
  });

  test('marks are seen by all, and done by any one of them', async () => {
    const { one, other } = await two();
    await one.commit(batch({ stale: ['a'] }));
    await other.commit(batch({ stale: ['a', 'b'] }));
    const first = await marks(one);
    expect(first.keys.toSorted()).toEqual(['a', 'b']);
    await other.commit(batch({ stale: ['b'] }));
    await first.done();
    // Marked again before it was reported done.
    const second = await marks(one);
    expect(second.keys).toEqual(['b']);
    await second.done();
    expect((await marks(one)).keys).toEqual([]);
    for (const writer of ['g-1', 'g-2', 'g-3'])
      expect((await marks(await open({ shared: true, writer }))).keys).toEqual([]);
  });

  test('marks that one left which does not come back are done by another one', async () => {
    await (await open({ writer: 'gone' })).commit(batch({ stale: ['a'] }));
    const left = await marks(await open({ writer: 'here' }));
    expect(left.keys).toEqual(['a']);
    await left.done();
    expect((await marks(await open({ writer: 'here' }))).keys).toEqual([]);
    expect((await marks(await open({ writer: 'gone' }))).keys).toEqual([]);
  });

  test('a mark that was taken up before its commit was whole is set again by it', async () => {
    const { one, other } = await two();
    proxy().fate = ({ path, body }) =>
      path.startsWith('/write') && body.includes('kadoru_run') ? 'cut' : 'through';
    const whole = batch({ frames: [frame()], readings: [reading()], stale: ['day'] });
    await expect(other.commit(whole)).rejects.toMatchObject({ retryable: true });
    proxy().fate = () => 'through';
    const early = await marks(one);
    expect(early.keys).toEqual(['day']);
    await early.done();
    await other.commit(whole);
    expect((await marks(one)).keys).toEqual(['day']);
  });

  test('one gateway that both stores and derives takes it up when its commit has ended', async () => {
    const store = await open();
    await store.commit(batch({ stale: ['other'] }));
    await (await marks(store)).done();
    const early: Promise<Awaited<ReturnType<typeof marks>>>[] = [];
    proxy().fate = ({ path }) => {
      if (path.startsWith('/write') && early.length === 0) early.push(marks(store));
      return 'through';
    };
    await store.commit(batch({ readings: [reading()], stale: ['day'] }));
    proxy().fate = () => 'through';
    const [taken] = await Promise.all(early);
    expect(taken?.keys).toEqual([]);
    await taken?.done();
    expect((await marks(store)).keys).toEqual(['day']);
  });

  test('one that only stores uses the places of what was done again', async () => {
    const { one, other } = await two();
    for (let round = 0; round < 12; round += 1) {
      await other.commit(
        batch({ stale: Array.from({ length: 40 }, (_, minute) => `${round}/${minute}`) }),
      );
      const seen = await marks(one);
      expect(seen.keys).toHaveLength(40);
      await seen.done();
    }
    const [[, places] = []] = await server().query(
      `SELECT count("mark") FROM "kadoru_stale" WHERE "writer"='g-2'`,
      bucket(),
    );
    expect(places).toBeLessThan(12 * 40);
    expect(places).toBeLessThanOrEqual(120);
  });
});
