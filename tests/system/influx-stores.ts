import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type InfluxStoreOptions, openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { Batch, Store } from '../../gateway/store/port.ts';
import {
  allTime,
  collect,
  event,
  frame,
  generated,
  pressure,
  reading,
  record,
  refused,
} from '../../gateway/store/suite/samples.ts';
import { Influxd } from './influxd.ts';
import { InfluxProxy } from './influx-proxy.ts';

export const hydrogen = { measurement: 'hydrogen', key: 'keihin/pack-1' };

/** Something of everything a batch may hold. */
export const everything: Batch = {
  frames: [frame()],
  readings: [reading(), reading({ ...generated, value: 5 })],
  events: [event()],
  quarantine: [refused({ bytes: new Uint8Array(100_000) })],
  records: [record()],
  stale: ['day'],
};

export async function contents(store: Store) {
  return {
    pressure: await collect(store.readings(pressure, allTime)),
    generated: await collect(store.readings(generated, allTime)),
    count: await store.readingCount(),
    runs: await store.runs({}),
    events: await store.events('keihin', 'pi-1', allTime),
    quarantine: await collect(store.quarantined({})),
    records: await collect(store.records({})),
    stale: (await store.stale(10)).map(({ key }) => key),
    derived: await collect(store.derived(hydrogen, allTime)),
  };
}

/** A server for the tests of a file, and for each test a proxy before it and a database of its own. */
export function influxForTests() {
  let server: Influxd;
  let proxy: InfluxProxy;
  let bucket: string;
  const stores: Store[] = [];
  beforeAll(async () => {
    server = await Influxd.start();
  });
  afterAll(() => server.end());
  beforeEach(async () => {
    proxy = await InfluxProxy.listen(server.url);
    bucket = `k-${randomUUID()}`;
  });
  afterEach(async () => {
    proxy.fate = () => 'through';
    for (const store of stores.splice(0)) await store.close();
    await proxy.close();
  });
  return {
    server: () => server,
    proxy: () => proxy,
    bucket: () => bucket,
    /** Opens a store through the proxy; it is closed after the test. */
    open: async (changes: Partial<InfluxStoreOptions> = {}): Promise<Store> => {
      const options = { url: proxy.url, bucket, create: true, writer: 'gateway' };
      const store = await openInfluxStore({ ...options, wallMs: Date.now, ...changes });
      stores.push(store);
      return store;
    },
  };
}
