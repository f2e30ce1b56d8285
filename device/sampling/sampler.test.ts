import { expect, test } from 'vitest';
import { channelId, type ChannelId, type QuantityName } from '#device/contract';
import type { Clock } from '../clock/clock.ts';
import { ManualClock } from '../clock/manual-clock.ts';
import { Stamper } from '../clock/stamper.ts';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import { fault, type Measured } from '../sensors/port.ts';
import { MemorySpool } from '../spool/memory.ts';
import type { Draft } from '../spool/port.ts';
import type { Asset } from './asset.ts';
import { createPack } from './pack.ts';
import { MetaBook } from './meta-book.ts';
import { createRecorder } from './recorder.ts';
import { Sampler } from './sampler.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const good = (value: number): Measured => ({ value, quality: 'good' });

function asset(
  id: string,
  quantity: QuantityName,
  read: () => Promise<Measured>,
  sampleIntervalMs = 100,
): Asset {
  const channel = channelId(id, quantity);
  return {
    id,
    sampleIntervalMs,
    describe: () => [{ channel, details: {} }],
    sample: async () => new Map<ChannelId, Measured>([[channel, await read()]]),
  };
}

/** Samples until there are `count` drafts. */
async function sampleDrafts(
  assets: readonly Asset[],
  count: number,
  clock: Clock = new JudgedTime(systemProbe),
): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const sampler = new Sampler({
    assets,
    clock,
    log: quiet,
    record: (draft) => drafts.push(draft),
  });
  sampler.start();
  await expect.poll(() => drafts.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  await sampler.stop();
  return drafts;
}

/** Starts a hair before a power of two, behind which doubles have one binary digit less: one of two lies halfway. */
test.each([1_431_655_765, 1_431_655_767])(
  'no instant is served twice, however quick the sensor and odd the start (%d)',
  async (part) => {
    const startMs = 2 ** 22 - 1 + part * 2 ** -31;
    let zeroMs: number | undefined;
    const clock = {
      wallMs: () => 0,
      offsetMs: () => 0,
      trusted: () => false,
      monotonicMs: () => {
        const nowMs = performance.now();
        zeroMs ??= nowMs;
        return startMs + (nowMs - zeroMs);
      },
    };
    const quick = asset('pack-1', 'pressure', () => Promise.resolve(fault('bus-error')), 40);
    const drafts = await sampleDrafts([quick], 20, clock);
    const [first, last] = [drafts[0]?.upMs ?? 0, drafts.at(-1)?.upMs ?? 0];
    // The first may have been served late by half an interval, the last early by the clock's own fraction.
    expect(drafts.length).toBeLessThanOrEqual((last - first) / 40 + 2);
  },
);

test('one frame per instant holds whatever is due', async () => {
  const drafts = await sampleDrafts(
    [
      asset('pack-1', 'pressure', () => Promise.resolve(good(12))),
      asset('pv-1', 'power', () => Promise.resolve(good(100)), 3_600_000),
    ],
    3,
  );
  expect(drafts[0]?.readings).toEqual({ 'pack-1/pressure': good(12), 'pv-1/power': good(100) });
  expect(drafts[1]?.readings).toEqual({ 'pack-1/pressure': good(12) });
  const instants = drafts.map(({ upMs }) => upMs);
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
});

test('a sensor that hangs is unknown and holds up nobody', async () => {
  const [first, second] = await sampleDrafts(
    [
      asset('pack-1', 'pressure', () => new Promise(() => {})),
      asset('pack-2', 'pressure', () => Promise.resolve(good(5))),
    ],
    2,
  );
  for (const draft of [first, second])
    expect(draft?.readings).toEqual({
      'pack-1/pressure': fault('no-data'),
      'pack-2/pressure': good(5),
    });
});

test('a value that the gateway would refuse is a fault already here', async () => {
  const [draft] = await sampleDrafts(
    [
      asset('pack-1', 'pressure', () =>
        Promise.resolve({ value: 12_000, raw: 7, quality: 'good' }),
      ),
    ],
    1,
  );
  expect(draft?.readings).toEqual({ 'pack-1/pressure': fault('out-of-range', 7) });
});

function recording(trusted: boolean) {
  const clock = new ManualClock({ wallMs: Date.UTC(2026, 3, 1), trusted });
  const spool = new MemorySpool({
    boot: 'b',
    maxFrames: 100,
    maxBytes: 1e6,
    newStreamId: () => `s${Math.random()}`.slice(0, 9).replace('.', ''),
  });
  const pack = createPack('pack-1', 1_000, [
    {
      quantity: 'pressure',
      sensor: { read: () => Promise.resolve(good(1)) },
      details: { range: [0, 40] },
    },
  ]);
  let fresh = 0;
  const stamper = new Stamper(clock, { waitMs: 60_000, floorAtMs: 0 });
  const record = createRecorder({
    spool,
    stamper,
    meta: new MetaBook([pack]),
    log: quiet,
    firstEvents: [],
    metaChanged: () => undefined,
    fresh: () => (fresh += 1),
  });
  const sample = (): void => {
    clock.pass(1_000);
    record({ upMs: clock.monotonicMs(), readings: { 'pack-1/pressure': good(1) }, events: [] });
  };
  const frames = (): unknown[] =>
    spool.read(1, 100, 1e6).map(({ text }): unknown => JSON.parse(text));
  return { clock, sample, frames, fresh: () => fresh };
}

test('the first frame tells what the channels are', () => {
  const { sample, frames } = recording(true);
  sample();
  sample();
  const [first, second] = frames();
  const channels = { 'pack-1/pressure': { unit: 'MPa', range: [0, 40] } };
  expect(first).toMatchObject({ seq: 1, clock: 'synced', events: [{ kind: 'meta', channels }] });
  expect(second).not.toHaveProperty('events');
});

test('frames wait for the clock; when it is trusted all of them leave with the time of their sampling', () => {
  const { clock, sample, frames, fresh } = recording(false);
  sample();
  sample();
  expect([frames().length, fresh()]).toEqual([0, 0]);
  clock.setWall(Date.UTC(2026, 5, 1), true);
  sample();
  expect(fresh()).toBe(1);
  expect(frames()).toMatchObject([
    { seq: 1, at: Date.UTC(2026, 5, 1) - 1_000 },
    { seq: 2, at: Date.UTC(2026, 5, 1) },
    { seq: 3, at: Date.UTC(2026, 5, 1) + 1_000 },
  ]);
});

test('an estimate that turns out to lie ahead ends its stream', () => {
  const { clock, sample, frames } = recording(false);
  clock.pass(60_000);
  sample();
  clock.setWall(Date.UTC(2025, 0, 1), true);
  sample();
  const [estimated, synced] = frames();
  expect(estimated).toMatchObject({ seq: 1, clock: 'estimated' });
  expect(synced).toMatchObject({
    seq: 1,
    clock: 'synced',
    events: [{ kind: 'clock', why: 'synchronised' }],
  });
});
