import { expect, test } from 'vitest';
import { samplePlant } from '../plant/plant.sample.ts';
import { type LivePorts, startLive, type StreamListener } from './live.ts';
import { linkStatus, type LinkState } from './supervise.ts';

function harness(signedOut: boolean) {
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, wallMs: () => nowMs };
  const streams: { listener: StreamListener; closed: boolean }[] = [];
  const seen: { link: LinkState | undefined; plants: number } = { link: undefined, plants: 0 };
  const ports: LivePorts = {
    clock,
    random: () => 0,
    openStream(listener) {
      const stream = { listener, closed: false };
      streams.push(stream);
      return { close: () => (stream.closed = true) };
    },
    isSignedOut: () => Promise.resolve(signedOut),
  };
  const live = startLive(ports, {
    link: (state) => (seen.link = state),
    plant: () => (seen.plants += 1),
  });
  const newest = () => {
    const stream = streams.at(-1);
    if (stream === undefined) throw new Error('no stream was opened');
    return stream;
  };
  const pass = (ms: number) => {
    nowMs += ms;
    live.tick();
  };
  const status = () =>
    seen.link === undefined
      ? undefined
      : linkStatus(seen.link, { monotonicMs: nowMs, wallMs: nowMs });
  return { live, streams, seen, newest, pass, status };
}

test('messages arrive as plants; what cannot be read is counted and ignored', () => {
  const { newest, seen, status } = harness(false);
  newest().listener.message('{"at":');
  newest().listener.message(undefined);
  expect(seen).toMatchObject({ plants: 0, link: { unreadable: 2 } });
  expect(status()).toBe('connecting');
  newest().listener.message(JSON.stringify(samplePlant));
  expect(seen.plants).toBe(1);
  expect(status()).toBe('live');
});

test('a lost stream is closed, and another is opened after the wait', () => {
  const { streams, newest, pass, status } = harness(false);
  newest().listener.message(JSON.stringify(samplePlant));
  newest().listener.failed(false);
  expect(newest().closed).toBe(true);
  expect(status()).toBe('reconnecting');
  pass(1_000);
  expect(streams).toHaveLength(2);
  newest().listener.message(JSON.stringify(samplePlant));
  expect(status()).toBe('live');
});

test('a refused stream with an ended session waits for a person', async () => {
  const { live, streams, newest, pass, status } = harness(true);
  newest().listener.failed(true);
  await Promise.resolve();
  await expect.poll(status).toBe('signed-out');
  pass(3_600_000);
  expect(streams).toHaveLength(1);
  live.signedIn();
  expect(streams).toHaveLength(2);
});
