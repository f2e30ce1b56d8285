import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import { InfluxProxy } from '../../../tests/system/influx-proxy.ts';
import { describeStore, type StoreHarness } from '../contract.suite.ts';
import { InfluxClient } from './client.ts';
import { type InfluxStoreOptions, openInfluxStore } from './store.ts';

type Server = Pick<InfluxStoreOptions, 'url' | 'bucket' | 'token' | 'org' | 'create'>;

async function harness(options: Server, dispose: () => Promise<unknown>): Promise<StoreHarness> {
  const open = () => openInfluxStore({ writer: 'gateway', wallMs: Date.now, ...options });
  const store = await open();
  let latest = store;
  return {
    store,
    async reopen() {
      await latest.close();
      latest = await open();
      return latest;
    },
    async dispose() {
      await latest.close();
      await dispose();
    },
  };
}

describeWithPeers('a real server (Debian’s InfluxDB)', ['influxd'], () => {
  let server: Influxd;
  let asVersion2: InfluxProxy;
  beforeAll(async () => {
    server = await Influxd.start();
    asVersion2 = await InfluxProxy.listen(server.url, 'a-token');
  });
  afterAll(async () => {
    await asVersion2.close();
    await server.end();
  });

  describeStore('influxdb, /write of 1.6', async () => {
    const bucket = `k-${randomUUID()}`;
    return harness({ url: server.url, bucket, create: true }, () =>
      server.query(`DROP DATABASE "${bucket}"`),
    );
  });

  // 1.6 behind a translation: it shows what we send and how we read answers, and nothing of how a 2.x server stores.
  describeStore('influxdb, /api/v2/write over 1.6', async () => {
    const bucket = `k-${randomUUID()}`;
    await server.query(`CREATE DATABASE "${bucket}"`);
    const options = { url: asVersion2.url, bucket, token: 'a-token', org: 'kadoru' };
    return harness(options, () => server.query(`DROP DATABASE "${bucket}"`));
  });
});

/** A server named by the environment. Its bucket is emptied after every test, so only one made for this will do. */
function furtherServers(environment: NodeJS.ProcessEnv): readonly Server[] {
  const url = environment['KADORU_INFLUX_URL'];
  if (url === undefined) return [];
  const bucket = environment['KADORU_INFLUX_BUCKET'] ?? 'kadoru-test';
  if (!bucket.startsWith('kadoru-test'))
    throw new Error('KADORU_INFLUX_BUCKET must begin with "kadoru-test": it is emptied');
  const { KADORU_INFLUX_TOKEN: token, KADORU_INFLUX_ORG: org } = environment;
  return [{ url, bucket, token, org }];
}

for (const server of furtherServers(process.env))
  describeStore(`influxdb at ${server.url}`, () => harness(server, () => empty(server)));

async function empty(server: Server): Promise<void> {
  const limits = { writeTimeoutMs: 60_000, queryTimeoutMs: 60_000 };
  // 1.x before 1.8 takes the token in another header.
  const client = new InfluxClient(
    { ...server, ...limits },
    server.token?.includes(':') === true ? 'v1' : 'v2',
  );
  try {
    const [series = []] = await client.query(['SHOW MEASUREMENTS']);
    const names = series.flatMap(({ values = [] }) => values.map(([name]) => String(name)));
    if (names.length > 0) await client.query(names.map((name) => `DROP MEASUREMENT "${name}"`));
  } finally {
    client.close();
  }
}
