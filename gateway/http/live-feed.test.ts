import { expect, test, vi } from 'vitest';
import { LiveFeed } from './live-feed.ts';
import { clock, TestPlant } from './testing-app.ts';

const limits = { liveClients: 10, liveMinIntervalMs: 1, liveHeartbeatMs: 60_000 };
const patient = { timeout: 20_000, interval: 5 };
vi.setConfig({ testTimeout: 60_000 });

function feedOf(changed: Partial<typeof limits> = {}) {
  const plant = new TestPlant();
  return { plant, feed: new LiveFeed({ plant, clock, limits: { ...limits, ...changed } }) };
}

function open(feed: LiveFeed, stillValid = () => true) {
  const client = feed.open(stillValid);
  if (client === undefined) throw new Error('turned away');
  const next = async () => Buffer.from((await client.next()) ?? []).toString();
  return { client, next };
}

/** Moves the plant and waits until the feed has built the picture of it. */
async function move(feed: LiveFeed, plant: TestPlant, pressureMpa: number): Promise<void> {
  const before = feed.picture?.number;
  plant.move(pressureMpa);
  await vi.waitFor(() => expect(feed.picture?.number).not.toBe(before), patient);
}

test('a slow client gets the newest picture next; what it missed is counted, not kept', async () => {
  const { feed, plant } = feedOf();
  const { client, next } = open(feed);
  expect(await next()).toContain('"pressureMpa":12.5');
  for (const pressureMpa of [12, 11, 10, 9]) await move(feed, plant, pressureMpa);
  expect(await next()).toContain('"pressureMpa":9,');
  expect(feed.counts()).toEqual({ clients: 1, skipped: 3, cutOff: 0, turnedAway: 0 });
  client.ended({ kind: 'gone' });
});

test('a fast client misses nothing while another takes nothing', async () => {
  const { feed, plant } = feedOf();
  const slow = open(feed);
  const fast = open(feed);
  await fast.next();
  for (const pressureMpa of [12, 11, 10]) {
    await move(feed, plant, pressureMpa);
    expect(await fast.next()).toContain(`"pressureMpa":${pressureMpa},`);
  }
  slow.client.ended({ kind: 'stuck' });
  expect(feed.counts()).toEqual({ clients: 1, skipped: 0, cutOff: 1, turnedAway: 0 });
  fast.client.ended({ kind: 'gone' });
});

test('an event is one line of data, whatever stands in a name', async () => {
  const { feed, plant } = feedOf();
  vi.spyOn(plant, 'problems').mockReturnValue([
    { kind: 'broker-away', subject: '', detail: 'first line\nevent: forged\r\n\r\n\u2028' },
  ]);
  const { client, next } = open(feed);
  const event = await next();
  expect(event.split(/\r|\n/)).toHaveLength(4);
  expect(event).toMatch(/^event: plant\ndata: \{[^\r\n]*\}\n\n$/);
  client.ended({ kind: 'gone' });
});

test('who is no longer allowed gets no further picture', async () => {
  const { feed, plant } = feedOf();
  let allowed = true;
  const { client, next } = open(feed, () => allowed);
  await next();
  allowed = false;
  plant.move(1);
  expect(await client.next()).toBeUndefined();
  client.ended({ kind: 'complete' });
});

test('the last to leave stops the building; closing ends who is waiting and takes nobody more', async () => {
  const { feed, plant } = feedOf();
  const first = open(feed);
  await first.next();
  const waiting = first.client.next();
  feed.close();
  expect(await waiting).toBeUndefined();
  first.client.ended({ kind: 'complete' });
  expect(plant.subscribers).toBe(0);
  expect(feed.picture).toBeUndefined();
  expect(feed.open(() => true)).toBeUndefined();
});

test('a plant that cannot be shown uses up no place', async () => {
  const { feed, plant } = feedOf({ liveClients: 1 });
  const broken = vi.spyOn(plant, 'packs').mockImplementation(() => {
    throw new Error('no geometry');
  });
  expect(() => feed.open(() => true)).toThrow('no geometry');
  broken.mockRestore();
  const { client, next } = open(feed);
  expect(await next()).toContain('"pressureMpa":12.5');
  client.ended({ kind: 'gone' });
});
