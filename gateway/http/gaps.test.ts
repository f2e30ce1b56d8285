import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { gapSchema } from '#gateway/contract';
import type { SeqRun } from '../store/port.ts';
import { bench, nowMs, type Bench, type BenchOptions } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

const atOf = (seq: number): number => nowMs - 3_600_000 + seq * 1000;

function run(device: string, first: number, last: number): SeqRun {
  const at = { firstAt: atOf(first), lastAt: atOf(last) };
  return { site: 'keihin', device, stream: 'k3f9', first, last, ...at };
}

/** Two devices that both lost the frames 10 to 19; one of them has said so in frame 25. */
function twoDevices(options: BenchOptions = {}): Bench {
  const parts = bench(options);
  for (const device of ['pi-1', 'pi-2'])
    parts.store.seqRuns.push(run(device, 0, 9), run(device, 20, 30));
  const event = {
    kind: 'dropped',
    from: atOf(10),
    to: atOf(19),
    count: 10,
    why: 'spool-full',
  } as const;
  parts.store.storedEvents.push({
    site: 'keihin',
    device: 'pi-1',
    stream: 'k3f9',
    seq: 25,
    at: atOf(25),
    index: 0,
    event,
  });
  return parts;
}

async function ask({ app }: Bench, query = '') {
  const response = await app.hono.request(`/api/v1/gaps${query}`);
  return z.object({ items: z.array(gapSchema) }).parse(await response.json()).items;
}

test('what a device has said of itself is final, and only of itself', async () => {
  const gaps = await ask(twoDevices());
  expect(gaps).toEqual([
    expect.objectContaining({
      device: 'pi-1',
      firstSeq: 10,
      lastSeq: 19,
      state: 'final',
      why: 'dropped: spool-full',
    }),
    expect.objectContaining({ device: 'pi-2', firstSeq: 10, lastSeq: 19, state: 'open' }),
  ]);
  expect(gaps[1]).not.toHaveProperty('why');
});

test('a span asks for the gaps that reach into it, and still hears what was said later', async () => {
  const parts = twoDevices();
  expect(await ask(parts, `?from=${atOf(12)}&to=${atOf(13)}&device=pi-1`)).toMatchObject([
    { state: 'final' },
  ]);
  expect(await ask(parts, `?from=${atOf(20)}&to=${atOf(30)}`)).toEqual([]);
});

test('more than one answer holds is refused, with a way to ask for less', async () => {
  const parts = twoDevices({ limits: { gaps: 1 } });
  const response = await parts.app.hono.request('/api/v1/gaps');
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('shorter span or one device');
  expect(await ask(parts, '?device=pi-2')).toHaveLength(1);
});

test('a configured device that never sent anything has no gaps', async () => {
  expect(await ask(bench(), '?site=keihin&device=pi-1')).toEqual([]);
});
