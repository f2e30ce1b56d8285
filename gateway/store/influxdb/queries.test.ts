import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { Influxd } from '../../../tests/system/influxd.ts';
import { batch, derivedRow, event, generated, reading } from '../suite/samples.ts';
import { openInfluxStore } from './store.ts';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const [, block = ''] = /```sql\n(.*?)```/s.exec(readme) ?? [];
const queries = block.split('\n').filter((line) => line.startsWith('SELECT'));

describeWithPeers('queries of the README', ['influxd'], () => {
  test('each of them finds what it is said to find', async () => {
    expect(queries).toHaveLength(5);
    const server = await Influxd.start();
    try {
      const options = { url: server.url, bucket: 'kadoru', create: true };
      const store = await openInfluxStore({ ...options, writer: 'gateway', wallMs: Date.now });
      const at = Date.now() - 120_000;
      const unknown = { value: null, quality: 'bad', why: 'bus-error' } as const;
      await store.commit(
        batch({
          readings: [
            reading({ at }),
            reading({ at: at + 1, ...unknown }),
            reading({ ...generated, at, value: 5 }),
          ],
          events: [event({ at })],
        }),
      );
      const row = derivedRow(at, { totalKg: 13.5, usableBeforeStopKg: 12, why: null });
      await store.putDerived({ measurement: 'hydrogen', key: 'keihin/pack-1' }, [row], []);
      await store.close();
      const answers: unknown[] = [];
      for (const query of queries) answers.push(await server.query(query, 'kadoru'));
      const minute = Math.floor(at / 60_000) * 60_000;
      expect(answers).toEqual([
        [[minute, 12.345]],
        [[at, 5]],
        [[at + 1, 'bus-error', 'bad']],
        [[at, 13.5, 12]],
        [[expect.any(Number), JSON.stringify(event().event)]],
      ]);
    } finally {
      await server.end();
    }
  });
});
