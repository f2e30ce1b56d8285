import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import { contents, everything, influxForTests } from '../../../tests/system/influx-stores.ts';
import { batch, event, generated, reading, record, someTimeMs } from '../suite/samples.ts';
import { RefusedRecords } from '../port.ts';
import { openInfluxStore } from './store.ts';

describeWithPeers('InfluxDB that refuses', ['influxd'], () => {
  const { server, proxy, bucket, open } = influxForTests();

  test('lines the server refuses are answered with its reason, and the rest is stored', async () => {
    const store = await open();
    await fetch(`${server().url}/write?db=${bucket()}&precision=ms`, {
      method: 'POST',
      body: `reading,site=else generated_wh="text" ${someTimeMs}`,
    });
    const bad = [1, 2, 3].map((value) => reading({ ...generated, at: someTimeMs + value, value }));
    const good = [1, 2, 3, 4].map((value) => reading({ at: someTimeMs + value, value }));
    const readings = [...good.slice(0, 2), ...bad, ...good.slice(2)];
    const result = await store.commit({ ...everything, readings, records: [] });
    expect(result.added).toBe(4);
    expect(result.refused?.map((each) => each.reading)).toEqual(bad);
    for (const { reason } of result.refused ?? []) expect(reason).toMatch(/field type conflict/);
    expect(await contents(store)).toMatchObject({
      pressure: good,
      generated: [],
      count: 4,
      events: everything.events,
      stale: everything.stale,
    });
    expect(await store.runs({})).toHaveLength(1);
  });

  test('readings beyond retention and times InfluxDB does not know are refused, not lost', async () => {
    const store = await open();
    await server().query(
      `ALTER RETENTION POLICY "autogen" ON "${bucket()}" DURATION 200h SHARD DURATION 24h`,
    );
    const now = Date.now();
    const readings = [now, now - 100 * 24 * 3_600_000, 9e15].map((at) => reading({ at }));
    const { added, refused: left = [] } = await store.commit(batch({ readings }));
    expect(added).toBe(1);
    expect(left.map((each) => each.reading)).toEqual([readings[2], readings[1]]);
    expect(left[0]?.reason).toMatch(/1677 and 2262/);
    expect(left[1]?.reason).toMatch(/retention/);
    await expect(open()).rejects.toThrow(
      `forgets what is older than 200h0m0s; influx -execute 'ALTER RETENTION POLICY "autogen" ON "${bucket()}" DURATION INF'`,
    );
  });

  /** Somebody else writes a field of ours as something else; documents stand at the time of their appending. */
  const plant = (line: string, at = Date.now()) =>
    fetch(`${server().url}/write?db=${bucket()}&precision=ms`, {
      method: 'POST',
      body: `${line} ${at}`,
    });

  test.each(['at_ms="text"', 'text=1'])(
    'events the server refuses (%s) are answered with its reason, and the rest is stored',
    async (field) => {
      const store = await open();
      await plant(`kadoru_event,site=else ${field}`);
      const long = event({ index: 1, event: { ...event().event, note: 'x'.repeat(50_000) } });
      const result = await store.commit({ ...everything, events: [event(), long], records: [] });
      expect(result.added).toBe(2);
      expect(new Set(result.refusedEvents?.map((each) => each.event))).toEqual(
        new Set([event(), long]),
      );
      for (const { reason } of result.refusedEvents ?? [])
        expect(reason).toMatch(/field type conflict/);
      const { events, quarantine, runs } = await contents(store);
      expect({ events, quarantine, runs: runs.length }).toEqual({
        events: [],
        quarantine: everything.quarantine,
        runs: 1,
      });
    },
  );

  test('a record the server refuses is an error with its reason, and holds up nothing', async () => {
    const store = await open();
    await plant('kadoru_record content=1');
    const failure = store.commit(batch({ records: [record()] }));
    await expect(failure).rejects.toBeInstanceOf(RefusedRecords);
    await expect(failure).rejects.toMatchObject({ retryable: false });
    await expect(failure).rejects.toThrow(/field type conflict.*bucket of its own/);
    expect((await store.commit({ ...everything, records: [] })).added).toBe(2);
    expect((await contents(store)).records).toEqual([]);
  });

  test('a record whose reading the server refuses does not stand without it', async () => {
    const store = await open();
    await plant('reading,site=else pressure_mpa="text"', someTimeMs);
    const stated = batch({ records: [record()], readings: [reading()], stale: ['day'] });
    await expect(store.commit(stated)).rejects.toThrow(RefusedRecords);
    await expect(
      store.commit(batch({ records: [record()], readings: [reading({ at: 9e15 })] })),
    ).rejects.toThrow(/1677 and 2262/);
    expect((await contents(store)).records).toEqual([]);
  });

  test('what a commit makes stale is to be done once it stands, and not before', async () => {
    const store = await open();
    const seen: Promise<readonly unknown[]>[] = [];
    proxy().fate = ({ path }) => {
      if (path.startsWith('/write')) seen.push(store.stale(10));
      return 'through';
    };
    await store.commit(everything);
    expect((await Promise.all(seen)).flat()).toEqual([]);
    expect(await store.stale(10)).toHaveLength(1);
  });

  test.each([
    'kadoru_tally,writer=gateway readings="text",clean=true',
    'kadoru_tally,writer=else clean="text",readings=1i',
    'kadoru_event,site=else seq="text"',
  ])('somebody else’s points where ours are read (%s): said when it opens', async (line) => {
    await server().query(`CREATE DATABASE "${bucket()}"`);
    await plant(line, 0);
    const opening = open();
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', retryable: true });
    await expect(opening).rejects.toThrow(/store\.bucket|bucket of its own/);
  });

  test.each([3, -3])(
    'a server whose clock differs from ours by %d years keeps and gives back the same',
    async (years) => {
      const wallMs = () => Date.now() - years * 365 * 24 * 3_600_000;
      const store = await open({ wallMs });
      const at = wallMs();
      const readings = [reading({ at }), reading({ at: at + 1000 })];
      const { added } = await store.commit({ ...everything, readings });
      expect(added).toBe(2);
      const { records, quarantine, events } = everything;
      const kept = { pressure: readings, count: 2, records, quarantine, events };
      expect(await contents(store)).toMatchObject(kept);
      expect(await contents(await open({ wallMs }))).toMatchObject(kept);
    },
  );

  test('somebody else’s types in our own measurements: said, and nothing acknowledged', async () => {
    const store = await open();
    await fetch(`${server().url}/write?db=${bucket()}&precision=ms`, {
      method: 'POST',
      body: `kadoru_run last="text" 1`,
    });
    const failure = store.commit(everything);
    await expect(failure).rejects.toMatchObject({ retryable: true });
    await expect(failure).rejects.toThrow(/field type conflict.*bucket of its own/);
  });

  test('a database that is not there is named with the command that makes it', async () => {
    const opening = open({ create: false });
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', retryable: true });
    await expect(opening).rejects.toThrow(`influx -execute 'CREATE DATABASE "${bucket()}"'`);
    expect((await open()).detail).toMatch(/^InfluxDB 1\.6\.7.*through \/write$/);
  });

  test('a path before the server, and an address that is none', async () => {
    proxy().prefix = '/influx';
    await expect(open({ url: `${proxy().url}/other` })).rejects.toThrow(/404.*a path in it/);
    const store = await open({ url: `${proxy().url}/influx` });
    expect((await store.commit(everything)).added).toBe(2);
    expect((await contents(store)).records).toEqual(everything.records);
    await expect(open({ url: 'http://127.0.0.1:9' })).rejects.toThrow(/ECONNREFUSED.*store\.url/);
  });
});

describeWithPeers('InfluxDB with credentials and TLS', ['influxd'], () => {
  const options = { bucket: 'kadoru', writer: 'gateway', wallMs: Date.now };

  test('users of 1.x: none, a wrong one, one that may only read, and one that may write', async () => {
    const server = await Influxd.start(['auth-enabled = true']);
    try {
      const admin = (statement: string) => server.query(statement, '', 'admin:secret');
      await server.query(`CREATE USER "admin" WITH PASSWORD 'secret' WITH ALL PRIVILEGES`);
      await admin('CREATE DATABASE "kadoru"');
      for (const user of ['reader', 'writer'])
        await admin(`CREATE USER "${user}" WITH PASSWORD 'pass'`);
      await admin('GRANT READ ON "kadoru" TO "reader"');
      await admin('GRANT ALL ON "kadoru" TO "writer"');
      const open = (token?: string) => openInfluxStore({ ...options, url: server.url, token });
      await expect(open()).rejects.toThrow(/401 unable to parse auth.*store\.tokenFile/);
      await expect(open('writer:wrong')).rejects.toThrow(/401 authorization failed/);
      await expect(open('reader:pass')).rejects.toThrow(/403 .*not authorized.*write permission/);
      await expect(open('reader:pass')).rejects.toMatchObject({ retryable: true });
      const store = await open('writer:pass');
      expect((await store.commit(everything)).added).toBe(2);
      await store.close();
    } finally {
      await server.end();
    }
  });

  test('a certificate nobody knows is refused with the setting that names its authority', async () => {
    const pem = (name: string) =>
      fileURLToPath(new URL(`../../http/testing-${name}.pem`, import.meta.url));
    const server = await Influxd.start([
      'https-enabled = true',
      `https-certificate = "${pem('certificate')}"`,
      `https-private-key = "${pem('key')}"`,
    ]);
    try {
      const open = (ca?: string) =>
        openInfluxStore({ ...options, url: server.url, create: true, ca });
      await expect(open()).rejects.toThrow(/certificate.*store\.caFile/);
      const store = await open(readFileSync(pem('certificate'), 'utf8'));
      expect((await store.commit(everything)).added).toBe(2);
      await store.close();
    } finally {
      await server.end();
    }
  });
});
