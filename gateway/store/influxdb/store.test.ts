import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import { describeStore, type StoreHarness } from '../contract.suite.ts';
import { type InfluxStoreOptions, openInfluxStore } from './store.ts';

/** A store in a database of its own. */
async function harness(
  options: Pick<InfluxStoreOptions, 'url' | 'bucket'> & Partial<InfluxStoreOptions>,
  dispose: (bucket: string) => Promise<unknown>,
): Promise<StoreHarness> {
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
      await dispose(options.bucket);
    },
  };
}

describeWithPeers('a real server (Debian’s InfluxDB)', ['influxd'], () => {
  let server: Influxd;
  beforeAll(async () => {
    server = await Influxd.start();
  });
  afterAll(() => server.end());

  describeStore('influxdb through /write', () =>
    harness({ url: server.url, bucket: `k-${randomUUID()}`, create: true }, (bucket) =>
      server.query(`DROP DATABASE "${bucket}"`),
    ),
  );
});
