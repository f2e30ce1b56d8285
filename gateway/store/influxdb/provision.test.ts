import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { InfluxProxy } from '../../../tests/system/influx-proxy.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import { contents, everything, influxForTests } from '../../../tests/system/influx-stores.ts';

describeWithPeers('what an InfluxDB 1.x lacks', ['influxd'], () => {
  const { server, bucket, open } = influxForTests();

  test('database and retention policy: named with the command, or made and said', async () => {
    const named = `${bucket()}/kept`;
    await expect(open({ bucket: named, create: false })).rejects.toThrow(
      `influx -execute 'CREATE DATABASE "${bucket()}"', or start kadoru-gateway with --create`,
    );
    await server().query(`CREATE DATABASE "${bucket()}"`);
    const command = `CREATE RETENTION POLICY "kept" ON "${bucket()}" DURATION INF REPLICATION 1`;
    await expect(open({ bucket: named, create: false })).rejects.toThrow(
      `there is no retention policy "kept" of "${bucket()}" (store.bucket), or store.tokenFile may not see it; influx -execute '${command}'`,
    );
    await server().query(`DROP DATABASE "${bucket()}"`);
    const made: string[] = [];
    const store = await open({ bucket: named, made: (what) => made.push(what) });
    expect(made).toEqual([`database "${bucket()}"`, `retention policy "kept" of "${bucket()}"`]);
    await store.commit(everything);
    expect(await contents(store)).toMatchObject({ count: 2, records: everything.records });
    await open({ bucket: named, create: false });
  });

  test('a user who may not make it: the command for somebody who may', async () => {
    const guarded = await Influxd.start(['auth-enabled = true']);
    try {
      await guarded.query(`CREATE USER "admin" WITH PASSWORD 'secret' WITH ALL PRIVILEGES`);
      await guarded.query(`CREATE USER "writer" WITH PASSWORD 'pass'`, '', 'admin:secret');
      const opening = open({ url: guarded.url, token: 'writer:pass' });
      await expect(opening).rejects.toThrow(
        /no database .*could not be made \(.*not authorized.*influx -execute 'CREATE DATABASE/,
      );
      await expect(opening).rejects.toMatchObject({ retryable: true });
    } finally {
      await guarded.end();
    }
  });
});

// An emulation of the API's calls over 1.6: it shows what we send, and nothing of how a 2.x server behaves.
describeWithPeers('what an InfluxDB 2 lacks, as its API is documented', ['influxd'], () => {
  const { server, bucket, open } = influxForTests();

  async function version2<Result>(work: (proxy: InfluxProxy) => Promise<Result>): Promise<Result> {
    const proxy = await InfluxProxy.listen(server().url, 'a-token');
    try {
      return await work(proxy);
    } finally {
      await proxy.close();
    }
  }
  const as = ({ url }: InfluxProxy) => ({ url, token: 'a-token', org: 'kadoru' });

  test('a bucket that is not there is named with the command, or made for ever and said', () =>
    version2(async (proxy) => {
      await expect(open({ ...as(proxy), create: false })).rejects.toThrow(
        `influx bucket create --name ${bucket()} --retention 0`,
      );
      const made: string[] = [];
      const store = await open({ ...as(proxy), made: (what) => made.push(what) });
      expect(made).toEqual([`bucket "${bucket()}"`]);
      expect(proxy.asked.map(({ path, body }) => [path, body])).toContainEqual([
        '/api/v2/buckets',
        JSON.stringify({ orgID: '0a1b2c3d4e5f6071', name: bucket(), retentionRules: [] }),
      ]);
      expect((await store.commit(everything)).added).toBe(2);
      await store.close();
    }));

  test('a bucket InfluxQL does not find: the command with its id, or the mapping made and said', () =>
    version2(async (proxy) => {
      const { id } = proxy.bucketApi.addBucket(bucket(), 0);
      await expect(open({ ...as(proxy), create: false })).rejects.toThrow(
        `influx v1 dbrp create --db ${bucket()} --rp autogen --default --bucket-id ${id}`,
      );
      const made: string[] = [];
      const store = await open({ ...as(proxy), made: (what) => made.push(what) });
      expect(made).toEqual([
        `mapping of InfluxQL database "${bucket()}", policy "autogen", to bucket "${bucket()}"`,
      ]);
      expect(proxy.bucketApi.mappings).toEqual([
        {
          bucketID: id,
          orgID: '0a1b2c3d4e5f6071',
          database: bucket(),
          retention_policy: 'autogen',
          default: true,
        },
      ]);
      await store.close();
    }));

  test('a bucket that forgets, and an organisation that is not there', () =>
    version2(async (proxy) => {
      const { id } = proxy.bucketApi.addBucket(bucket(), 3600);
      await server().query(`CREATE DATABASE "${bucket()}"`);
      await expect(open(as(proxy))).rejects.toThrow(
        `forgets what is older than 3600 s; influx bucket update --id ${id} --retention 0`,
      );
      await expect(
        open({ ...as(proxy), org: 'nobody', bucket: `${bucket()}-other` }),
      ).rejects.toThrow(/no organisation "nobody".*store\.org/);
    }));
});
