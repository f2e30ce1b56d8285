import { expect, test } from 'vitest';
import type { Meter } from '#gateway/contract';
import type { StreamListener } from '../link/live.ts';
import type { HistoryQuery } from '../link/paths.ts';
import { linkStatus } from '../link/supervise.ts';
import { sampleMeter } from '../plant/meter.sample.ts';
import { sampleAtMs, samplePack, samplePlant } from '../plant/plant.sample.ts';
import { memoryOf, packKey } from '../plant/state.ts';
import { startController } from './controller.ts';

function harness(readable: boolean) {
  let nowMs = 0;
  const asked: HistoryQuery[] = [];
  const streams: StreamListener[] = [];
  const meters: { asked: number; next: readonly Meter[] | undefined } = {
    asked: 0,
    next: [sampleMeter],
  };
  const controller = startController({
    clock: { monotonicMs: () => nowMs, wallMs: () => nowMs },
    random: () => 0,
    openStream(listener) {
      streams.push(listener);
      return { close: () => undefined };
    },
    isSignedOut: () => Promise.resolve(false),
    readHistory(query) {
      asked.push(query);
      return Promise.resolve(readable ? { kind: 'read', points: [] } : { kind: 'failed' });
    },
    readMeters() {
      meters.asked += 1;
      return Promise.resolve(meters.next);
    },
    readSiteEnergy: () => Promise.resolve(meters.next === undefined ? undefined : []),
    signIn: () => Promise.resolve('wrong-token'),
    afterDrawing: (then: () => void) => then(),
  });
  const pass = async (ms: number) => {
    nowMs += ms;
    controller.tick();
    await new Promise(setImmediate);
  };
  const hear = async () => {
    streams.at(-1)?.message(JSON.stringify({ ...samplePlant, at: sampleAtMs + nowMs }));
    await new Promise(setImmediate);
  };
  const status = () => linkStatus(controller.moment().state.link, controller.moment().now);
  return { controller, asked, meters, streams, pass, hear, status };
}

test('the first picture brings the last 24 hours, in gateway time, and every minute again', async () => {
  const { asked, pass, hear } = harness(true);
  await pass(1_000);
  expect(asked).toHaveLength(0);
  await hear();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ site: 'keihin', pack: 'pack-1' });
  expect((asked[0]?.toMs ?? 0) - (asked[0]?.fromMs ?? 0)).toBe(24 * 3_600_000);
  expect(asked[0]?.toMs).toBeGreaterThanOrEqual(sampleAtMs);
  for (let second = 0; second < 59; second += 1) {
    await pass(1_000);
    await hear();
  }
  expect(asked).toHaveLength(1);
  await pass(1_000);
  expect(asked).toHaveLength(2);
});

test('nothing is asked of a gateway that is gone, and at once when it is back', async () => {
  const { asked, streams, pass, hear, status } = harness(true);
  await hear();
  streams.at(-1)?.failed(false);
  expect(status()).toBe('reconnecting');
  await pass(1_000);
  expect(streams).toHaveLength(2);
  expect(asked).toHaveLength(1);
  await hear();
  expect(status()).toBe('live');
  expect(asked).toHaveLength(2);
});

test('a history that cannot be read is remembered as failed', async () => {
  const { controller, hear } = harness(false);
  await hear();
  const { history } = memoryOf(controller.moment().state, packKey(samplePack));
  expect(history).toEqual({ points: [], failed: true });
});

test('watchers hear of every change until they stop', async () => {
  const { controller, pass, hear } = harness(true);
  let calls = 0;
  const stop = controller.watch(() => (calls += 1));
  await hear();
  expect(calls).toBeGreaterThan(1);
  stop();
  const before = calls;
  await pass(1_000);
  expect(calls).toBe(before);
});

test('meters are asked for every ten seconds; where none come, the last ones stay and are said to be old', async () => {
  const { controller, meters, pass, hear } = harness(true);
  await hear();
  expect(controller.moment().state.meters).toMatchObject({ meters: [sampleMeter], failed: false });
  meters.next = undefined;
  await pass(5_000);
  await hear();
  expect(meters.asked).toBe(1);
  await pass(5_000);
  expect(meters.asked).toBe(2);
  expect(controller.moment().state.meters).toMatchObject({ meters: [sampleMeter], failed: true });
});
