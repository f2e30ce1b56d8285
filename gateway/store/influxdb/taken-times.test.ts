import { expect, test } from 'vitest';
import { describeWithPeers } from '../../../tests/peers.ts';
import { influxForTests } from '../../../tests/system/influx-stores.ts';
import { batch, collect, pressure, reading, someTimeMs } from '../suite/samples.ts';

describeWithPeers('a backlog between what stands', ['influxd'], () => {
  const { proxy, open } = influxForTests();
  const seconds = 6000;
  const batchRows = 100;
  const standing = Array.from({ length: seconds }, (_, seq) =>
    reading({ at: someTimeMs + seq * 1000, seq, value: seq }),
  );
  /** Another stream half a second later; every fiftieth contradicts what stands. */
  const late = standing.map(({ at, seq }) =>
    reading({ at: seq % 50 === 49 ? at : at + 500, seq, value: -1, stream: 'late' }),
  );
  const contradicts = late.filter(({ seq }) => seq % 50 === 49);
  const live = (index: number) =>
    reading({ at: someTimeMs + (seconds + index) * 1000, seq: seconds + index, value: index });

  async function filled() {
    const store = await open();
    await store.commit(batch({ readings: standing }));
    return store;
  }

  test.each([
    ['alone', false],
    ['with live readings in the same commits', true],
  ])('%s: few questions, and every contradiction is found', async (_, withLive) => {
    const store = await filled();
    const asked = () =>
      proxy().asked.filter(({ body }) => body.includes('SELECT+%22seq%22')).length;
    const [before, conflicts] = [asked(), Array.of<unknown>()];
    for (let from = 0; from < seconds; from += batchRows) {
      const readings = late.slice(from, from + batchRows);
      if (withLive) readings.push(live(from / batchRows));
      conflicts.push(...(await store.commit(batch({ readings }))).conflicts);
    }
    expect(conflicts).toEqual(contradicts);
    // 6,000 times stand: 1,000 are asked for at once, then 2,000, then 4,000; towards the end live data goes on moving.
    expect(asked() - before).toBeLessThanOrEqual(withLive ? 10 : 4);
    if (!withLive) return;
    // What was on its way while times were asked for ahead is not forgotten.
    for (let index = 0; index < seconds / batchRows; index += 1) {
      const other = { ...live(index), value: -2 };
      expect((await store.commit(batch({ readings: [other] }))).conflicts).toEqual([other]);
    }
  });

  test('where asking ahead fails nothing else does, and it is asked when it is needed', async () => {
    const store = await filled();
    const conflicts: unknown[] = [];
    for (let from = 0; from < seconds; from += batchRows) {
      proxy().fate = ({ body }) => (body.includes('time+%3C+') ? 'cut' : 'through');
      const readings = late.slice(from, from + batchRows);
      conflicts.push(...(await store.commit(batch({ readings }))).conflicts);
    }
    proxy().fate = () => 'through';
    expect(conflicts).toEqual(contradicts);
    expect(
      await collect(store.readings(pressure, { from: 0, to: someTimeMs + seconds * 1000 })),
    ).toHaveLength(2 * seconds - contradicts.length);
  });
});
