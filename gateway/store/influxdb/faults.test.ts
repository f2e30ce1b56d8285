import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import type { Fate } from '../../../tests/system/influx-proxy.ts';
import {
  contents,
  everything,
  hydrogen,
  influxForTests,
} from '../../../tests/system/influx-stores.ts';
import { type Store, StoreError } from '../port.ts';
import {
  allTime,
  batch,
  collect,
  derivedRow,
  pressure,
  reading,
  record,
  someTimeMs,
} from '../suite/samples.ts';

describeWithPeers('InfluxDB that fails', ['influxd'], () => {
  const { server, proxy, bucket, open } = influxForTests();

  const onWrites =
    (fate: Fate) =>
    ({ path }: { path: string }) =>
      path.startsWith('/write') ? fate : 'through';

  const answers: readonly (readonly [string, Fate, RegExp])[] = [
    [
      '401',
      { status: 401, body: { error: 'authorization failed' } },
      /401 authorization failed.*store\.tokenFile/,
    ],
    [
      '403',
      { status: 403, body: { code: 'forbidden', message: 'no write' } },
      /403 no write.*write permission/,
    ],
    [
      '404',
      { status: 404, body: { error: 'database not found: "x"' } },
      /404 database not found.*store\.bucket/,
    ],
    ['413', { status: 413 }, /413.*max-body-size/],
    ['429', { status: 429 }, /429.*asked again/],
    [
      '500',
      { status: 500, body: { error: 'engine: cache-max-memory-size exceeded' } },
      /500 engine.*log of InfluxDB/,
    ],
    ['503', { status: 503 }, /503.*asked again/],
    [
      '400 that is not about lines',
      { status: 400, body: { error: 'database is required' } },
      /400 database is required.*store\.url/,
    ],
    ['200 where 204 is meant', { status: 200, body: {} }, /200 instead of 204/],
    ['a connection that ends', 'cut', /socket hang up|ECONNRESET/],
    ['a connection that is half open', 'silent', /no whole answer in time/],
    ['an answer that never ends', 'trickle', /no whole answer in time/],
  ];
  test.each(answers)(
    '%s: said, retryable, nothing acknowledged; then all of it',
    async (_, fate, said) => {
      // Where the limit is not what is tested, a busy machine must not reach it.
      const waits = fate === 'silent' || fate === 'trickle';
      const store = await open(waits ? { writeTimeoutMs: 3000 } : {});
      const empty = await contents(store);
      proxy().fate = onWrites(fate);
      const failure = store.commit(everything);
      await expect(failure).rejects.toMatchObject({ name: 'StoreError', retryable: true });
      await expect(failure).rejects.toThrow(said);
      await expect(failure).rejects.toThrow(proxy().url);
      expect((await contents(store)).runs).toEqual(empty.runs);
      proxy().fate = () => 'through';
      expect(await store.commit(everything)).toEqual({
        conflicts: [],
        added: 2,
        recordConflicts: [],
      });
      expect(await contents(store)).toMatchObject({
        pressure: everything.readings.slice(0, 1),
        count: 2,
        events: everything.events,
        quarantine: everything.quarantine,
        records: everything.records,
        stale: everything.stale,
      });
    },
  );

  test('Retry-After is meant in seconds: meanwhile the server is left alone', async () => {
    const store = await open();
    proxy().fate = onWrites({ status: 503, headers: { 'retry-after': '30' } });
    await expect(store.commit(everything)).rejects.toThrow(/503/);
    proxy().fate = () => 'through';
    const before = proxy().asked.length;
    await expect(store.commit(everything)).rejects.toMatchObject({ retryable: true });
    await expect(store.commit(everything)).rejects.toThrow(/pause.*again in (2\d|30) s/);
    expect(proxy().asked).toHaveLength(before);
  });

  test('queries that fail inside an answer that says 200 are failures', async () => {
    const store = await open();
    proxy().fate = ({ path }) =>
      path === '/query' ? { status: 200, body: { results: [{ error: 'timeout' }] } } : 'through';
    await expect(store.series()).rejects.toThrow(/timeout/);
    await expect(collect(store.readings(pressure, allTime))).rejects.toBeInstanceOf(StoreError);
    proxy().fate = ({ path }) => (path === '/query' ? { status: 200, body: { no: 1 } } : 'through');
    await expect(collect(store.records({}))).resolves.toEqual([]);
    proxy().fate = ({ path }) => (path === '/query' ? { status: 200, body: [] } : 'through');
    await expect(collect(store.records({}))).rejects.toThrow(/not answered as InfluxDB does/);
  });

  /** Stands for a gateway killed at its n-th request: that one has the fate, and nothing follows. */
  function killedAt(requests: number, fate: Fate): void {
    let left = requests;
    proxy().fate = () => {
      left -= 1;
      return left > 0 ? 'through' : left === 0 ? fate : 'cut';
    };
  }

  test.each(['cut', 'lost'] as const)(
    'a commit killed at any request, the last one %s: a restarted gateway does all of it, once',
    async (fate) => {
      const whole = await (async () => {
        const store = await open({ bucket: `${bucket()}-whole` });
        const before = proxy().asked.length;
        await store.commit(everything);
        return { requests: proxy().asked.length - before, contents: await contents(store) };
      })();
      expect(whole.requests).toBeGreaterThan(4);
      for (let requests = 1; requests <= whole.requests; requests += 1) {
        const own = { bucket: `${bucket()}-${requests}` };
        const killed = await open(own);
        killedAt(requests, fate);
        await expect(killed.commit(everything)).rejects.toMatchObject({ retryable: true });
        proxy().fate = () => 'through';
        const restarted = await open(own);
        // What says that a frame is held is never there before the frame's own content.
        if ((await restarted.runs({})).length > 0)
          expect(await contents(restarted)).toEqual(whole.contents);
        await restarted.commit(everything);
        expect(await contents(restarted)).toEqual(whole.contents);
      }
    },
  );

  test.each(['cut', 'lost'] as const)(
    'a replacement killed at any request, the last one %s: the old rows or the new, and then the new',
    async (fate) => {
      const before = [1, 2, 3].map((minute) => derivedRow(minute, { kg: minute, why: 'stale' }));
      const after = [derivedRow(2, { kg: null, why: '日本 \u0000' }), derivedRow(9, { kg: 9 })];
      const span = { from: 1, to: 4 };
      const replace = async (store: Store) =>
        store.putDerived(hydrogen, after, await store.stale(10), span);
      for (let requests = 1; ; requests += 1) {
        const own = { bucket: `${bucket()}-${requests}` };
        const killed = await open(own);
        await killed.commit(batch({ stale: ['day'] }));
        await killed.putDerived(hydrogen, before, []);
        killedAt(requests, fate);
        const outcome = await replace(killed).then(
          () => 'done',
          () => 'killed',
        );
        proxy().fate = () => 'through';
        const restarted = await open(own);
        const rows = await collect(restarted.derived(hydrogen, allTime));
        expect([before, after]).toContainEqual(rows);
        if (rows.length === before.length) expect(await restarted.stale(10)).toHaveLength(1);
        await replace(restarted);
        expect(await collect(restarted.derived(hydrogen, allTime))).toEqual(after);
        expect(await restarted.stale(10)).toEqual([]);
        if (outcome === 'done') {
          expect(requests).toBeGreaterThan(5);
          return;
        }
      }
    },
  );

  test('a replacement that failed is done before the next one, and never undoes it', async () => {
    const store = await open();
    await store.putDerived(hydrogen, [derivedRow(1, { kg: 1 }), derivedRow(2, { kg: 2 })], []);
    proxy().fate = ({ body }) => (body.includes('DELETE') ? 'lost' : 'through');
    const span = { from: 1, to: 3 };
    await expect(store.putDerived(hydrogen, [derivedRow(1, { kg: 5 })], [], span)).rejects.toThrow(
      proxy().url,
    );
    proxy().fate = () => 'through';
    await store.putDerived(hydrogen, [derivedRow(1, { kg: 7 })], []);
    const rows = [derivedRow(1, { kg: 7 })];
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(rows);
    expect(await collect((await open()).derived(hydrogen, allTime))).toEqual(rows);
  });

  test('influxd killed after every acknowledged batch: nothing is lost', async () => {
    const store = await open();
    const stored: (typeof everything.readings)[number][] = [];
    for (let round = 0; round < 5; round += 1) {
      const rows = Array.from({ length: 300 }, (_, index) =>
        reading({ at: someTimeMs + round * 1000 + index, value: index, seq: round * 300 + index }),
      );
      const records = [record({ id: `r-${round}` })];
      await store.commit(batch({ readings: rows, frames: rows, records, stale: [`m-${round}`] }));
      await store.putDerived(hydrogen, [derivedRow(round, { kg: round })], [], { from: 0, to: 9 });
      stored.push(...rows);
      await server().kill();
      const away = store.commit(everything);
      await expect(away).rejects.toMatchObject({ retryable: true });
      await server().again();
    }
    const again = await open();
    expect(await collect(again.readings(pressure, allTime))).toEqual(stored);
    expect((await again.runs({})).map(({ first, last }) => [first, last])).toEqual([[0, 1499]]);
    expect((await collect(again.records({}))).map(({ id }) => id)).toEqual(
      [0, 1, 2, 3, 4].map((n) => `r-${n}`),
    );
    expect(await again.stale(10)).toHaveLength(5);
    expect(await collect(again.derived(hydrogen, allTime))).toEqual([derivedRow(4, { kg: 4 })]);
    expect(await again.readingCount()).toBe(1500);
  });
});
