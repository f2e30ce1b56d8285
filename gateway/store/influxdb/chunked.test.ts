import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { influxForTests } from '../../../tests/system/influx-stores.ts';
import { batch, pressure, reading, someTimeMs } from '../suite/samples.ts';
import { inChunks } from './chunked.ts';
import { InfluxClient } from './client.ts';
import { where, within } from './ql.ts';
import { isSeries } from './reading-point.ts';

describeWithPeers('answers in chunks', ['influxd'], () => {
  const { proxy, bucket, open } = influxForTests();
  const stored = 3000;
  const end = someTimeMs + stored;

  async function filled(): Promise<InfluxClient> {
    const store = await open();
    const seqs = Array.from({ length: stored }, (_, seq) => seq);
    const readings = seqs.map((seq) => reading({ at: someTimeMs + seq, seq, value: seq }));
    await store.commit(batch({ readings }));
    const limits = { writeTimeoutMs: 60_000, queryTimeoutMs: 60_000 };
    return new InfluxClient({ url: proxy().url, bucket: bucket(), ...limits }, 'v1');
  }

  const since = (from: number) =>
    `SELECT "seq" FROM "reading"${where(isSeries(pressure), within({ from, to: end }))}`;
  const asked = () => proxy().asked.filter(({ body }) => body.includes('chunked')).length;

  test.each([
    ['pages end by rows', { pageRows: 700, pageBytes: 1e9, chunkRows: 100 }, 5],
    ['a page that is exactly the rest', { pageRows: 1000, pageBytes: 1e9, chunkRows: 100 }, 4],
    ['pages end by bytes', { pageRows: 1e6, pageBytes: 10_000, chunkRows: 100 }, 4],
    ['one page', undefined, 1],
  ])('%s: every row once, in order', async (_, limits, least) => {
    const client = await filled();
    const before = asked();
    const seqs: unknown[] = [];
    for await (const { columns, rows } of inChunks(client, since, someTimeMs, limits)) {
      expect(columns).toEqual(['time', 'seq']);
      expect(rows.length).toBeLessThanOrEqual(limits?.chunkRows ?? 500);
      for (const [, seq] of rows) seqs.push(seq);
    }
    expect(seqs).toEqual(Array.from({ length: stored }, (__, seq) => seq));
    expect(asked() - before).toBeGreaterThanOrEqual(least);
    client.close();
  });

  test('a slow consumer holds two pages and no connection; one that leaves asks for no more', async () => {
    const client = await filled();
    const before = asked();
    const limits = { pageRows: 500, pageBytes: 1e9, chunkRows: 100 };
    for await (const { rows } of inChunks(client, since, someTimeMs, limits)) {
      expect(rows).toHaveLength(100);
      await expect.poll(() => asked() - before, { timeout: 60_000 }).toBe(2);
      break;
    }
    expect(asked() - before).toBe(2);
    client.close();
  });

  // Cut off by its signal at this moment, a request of Node 20 ends the process: nobody listens to the socket’s error.
  test('one that leaves as the answer ends, many times: the server answers on', async () => {
    const client = await filled();
    for (let round = 0; round < 100; round += 1)
      for await (const { rows } of inChunks(client, since, end - 1 - round)) {
        expect(rows[0]?.[1]).toBe(stored - 1 - round);
        break;
      }
    client.close();
  });

  test('a later page that fails is said where it would have come, and an answer of nothing is no answer', async () => {
    const client = await filled();
    const limits = { pageRows: 1000, pageBytes: 1e9, chunkRows: 1000 };
    let pages = 0;
    proxy().fate = ({ body }) => {
      if (!body.includes('chunked')) return 'through';
      pages += 1;
      return pages < 2 ? 'through' : 'cut';
    };
    let rows = 0;
    const reading = (async () => {
      for await (const chunk of inChunks(client, since, someTimeMs, limits))
        rows += chunk.rows.length;
    })();
    await expect(reading).rejects.toMatchObject({ name: 'StoreError', retryable: true });
    expect(rows).toBe(1000);
    proxy().fate = () => ({ status: 200 });
    await expect(inChunks(client, since, someTimeMs).next()).rejects.toThrow(
      /not answered as InfluxDB does/,
    );
    client.close();
  });
});
