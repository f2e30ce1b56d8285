import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import type { SeqRun } from '../port.ts';
import { batch, frame, someTimeMs } from './samples.ts';

const stampOf = (seq: number) => someTimeMs + seq * 1000;
const frames = (seqs: readonly number[], change = {}) =>
  seqs.map((seq) => frame({ seq, at: stampOf(seq), ...change }));

function run(first: number, last: number, change: Partial<SeqRun> = {}): SeqRun {
  const origin = { site: 'keihin', device: 'pi-1', stream: 'k3f9' };
  return { ...origin, first, last, firstAt: stampOf(first), lastAt: stampOf(last), ...change };
}

/** Runs of a set of numbers, by counting up: slow, and unlike any way a store would do it. */
function expectedRuns(seqs: ReadonlySet<number>, change: Partial<SeqRun>): SeqRun[] {
  const starts = [...seqs].filter((seq) => !seqs.has(seq - 1)).toSorted((a, b) => a - b);
  return starts.map((first) => {
    let last = first;
    while (seqs.has(last + 1)) last += 1;
    return run(first, last, change);
  });
}

export function describeRuns(current: CurrentStore): void {
  test('live first, backlog later: a gap is there until it is filled', async () => {
    const { store } = current();
    await store.commit(batch({ frames: frames([0, 1, 2]) }));
    await store.commit(batch({ frames: frames([10]) }));
    expect(await store.runs({})).toEqual([run(0, 2), run(10, 10)]);
    await store.commit(batch({ frames: frames([4, 5, 8, 9]) }));
    expect(await store.runs({})).toEqual([run(0, 2), run(4, 5), run(8, 10)]);
    await store.commit(batch({ frames: frames([7, 6, 3]) }));
    expect(await store.runs({})).toEqual([run(0, 10)]);
  });

  test('runs taken over from another store: joined with what is there, harmless twice', async () => {
    const { reopen } = current();
    let { store } = current();
    await store.commit(batch({ frames: frames([5]) }));
    const million = run(6, 1_000_000);
    const other = run(3, 4, { stream: 'other' });
    for (let time = 0; time < 2; time += 1) {
      await store.commit(batch({ frames: frames([1]), runs: [million, run(0, 0), other] }));
      const expected = [run(0, 1), run(5, 1_000_000), other];
      expect(await store.runs({})).toEqual(expected);
      store = await reopen();
      expect(await store.runs({})).toEqual(expected);
    }
  });

  test('a run with an end that is no number is refused whole', async () => {
    const { store } = current();
    const broken = run(0, 1, { lastAt: Number.NaN });
    await expect(store.commit(batch({ runs: [run(7, 8), broken] }))).rejects.toThrow('lastAt');
    expect(await store.runs({})).toEqual([]);
  });

  test('property: any order, any repetition, any cut into batches gives the same runs', async () => {
    const { store } = current();
    let streams = 0;
    const seq = fc.nat({ max: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(seq, { maxLength: 12 }), { maxLength: 8 }),
        async (cuts) => {
          streams += 1;
          const change = { device: `device-${streams}`, stream: `s-${streams}` };
          for (const cut of cuts) await store.commit(batch({ frames: frames(cut, change) }));
          const { device } = change;
          expect(await store.runs({ device })).toEqual(expectedRuns(new Set(cuts.flat()), change));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('streams of a device do not touch, and the order is site, device, stream, first', async () => {
    const { store } = current();
    const origins = [
      { site: 'b', device: 'a', stream: 'a' },
      { site: 'a', device: 'b', stream: 'a' },
      { site: 'a', device: 'a', stream: 'b' },
      { site: 'a', device: 'a', stream: 'a' },
    ];
    await store.commit(batch({ frames: origins.flatMap((origin) => frames([5, 1], origin)) }));
    const ordered = origins
      .toReversed()
      .flatMap((origin) => [run(1, 1, origin), run(5, 5, origin)]);
    expect(await store.runs({})).toEqual(ordered);
    expect(await store.runs({ site: 'a', device: 'b' })).toEqual(ordered.slice(4, 6));
    expect(await store.runs({ site: 'b' })).toEqual(ordered.slice(6));
  });

  test('the largest sequence number there is', async () => {
    const { store } = current();
    const last = Number.MAX_SAFE_INTEGER;
    const at = someTimeMs;
    await store.commit(batch({ frames: [frame({ seq: last, at }), frame({ seq: last - 1, at })] }));
    await store.commit(batch({ frames: [frame({ seq: last, at })] }));
    expect(await store.runs({})).toEqual([run(last - 1, last, { firstAt: at, lastAt: at })]);
  });
}
