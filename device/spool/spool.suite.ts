import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchema, type FrameEvent, frameHeadSchema } from '#device/contract';
import type { Stamp } from '../clock/stamper.ts';
import type { Draft, Spool } from './port.ts';

/** Opens an empty spool that holds about this many frames of the suite's size. */
export type OpenSpool = (room: { readonly maxFrames: number }) => Promise<Spool>;

const baseAtMs = Date.UTC(2026, 3, 1);
const frameSchema = frameHeadSchema.extend({
  readings: z.record(z.string(), z.object({ value: z.number() })),
  events: z.array(eventSchema).optional(),
});
type Decoded = z.infer<typeof frameSchema>;

const stampOf = (upMs: number): Stamp => ({ at: baseAtMs + upMs, clock: 'synced' });

function draft(upMs: number, events: Draft['events'] = []): Draft {
  return { upMs, readings: { 'pack-1/pressure': { value: upMs / 1_000 } }, events };
}

function decoded(spool: Spool, position = 1): Decoded[] {
  return spool
    .read(position, Infinity, Infinity)
    .map(({ text }) => frameSchema.parse(JSON.parse(text)));
}

function covers({ firstSeq, lastSeq }: FrameEvent, seq: number): boolean {
  return Number(firstSeq) <= seq && seq <= Number(lastSeq);
}

/** Fills with one frame per second, stamped as they come. */
function fill(spool: Spool, count: number, fromMs = 1_000): void {
  for (let index = 0; index < count; index += 1) {
    spool.append(draft(fromMs + index * 1_000));
    spool.stamp(stampOf);
  }
}

/** What every spool does (port.ts). */
export function spoolSuite(open: OpenSpool): void {
  test('frames come out in order, numbered from 1, with the stamp they were given', async () => {
    const spool = await open({ maxFrames: 100 });
    fill(spool, 3);
    const frames = decoded(spool);
    expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(frames.map(({ at }) => at)).toEqual([1_000, 2_000, 3_000].map((ms) => baseAtMs + ms));
    expect(new Set(frames.map(({ stream }) => stream)).size).toBe(1);
    await spool.close();
  });

  test('a frame cannot be read before it is stamped, and is byte-equal every time after', async () => {
    const spool = await open({ maxFrames: 100 });
    spool.append(draft(1_000));
    spool.append(draft(2_000));
    expect(spool.read(1, 10, 1e6)).toEqual([]);
    expect(spool.stamp(stampOf)).toBe(2);
    expect(spool.stamp(() => ({ at: 1, clock: 'estimated' }))).toBe(0);
    const [first] = spool.read(1, 10, 1e6);
    expect(spool.read(1, 1, 1e6)).toEqual([first]);
    await spool.close();
  });

  test('a frame may come with its stamp, but not before older ones have theirs', async () => {
    const spool = await open({ maxFrames: 100 });
    spool.append(draft(1_000), stampOf(1_000));
    spool.append(draft(2_000));
    expect(() => spool.append(draft(3_000), stampOf(3_000))).toThrow('before older ones');
    spool.stamp(stampOf);
    spool.append(draft(4_000), stampOf(4_000));
    expect(decoded(spool).map(({ at }) => at - baseAtMs)).toEqual([1_000, 2_000, 4_000]);
    await spool.close();
  });

  test('a stream that starts takes in what waits for its stamp', async () => {
    const spool = await open({ maxFrames: 100 });
    fill(spool, 2);
    spool.append(draft(3_000));
    spool.startStream();
    spool.stamp(stampOf);
    spool.append(draft(4_000), stampOf(4_000));
    expect(decoded(spool).map(({ seq }) => seq)).toEqual([1, 2, 1, 2]);
    await spool.close();
  });

  test('read honours position and both limits, and answers at least one frame', async () => {
    const spool = await open({ maxFrames: 100 });
    fill(spool, 10);
    expect(decoded(spool, 8).map(({ seq }) => seq)).toEqual([8, 9, 10]);
    expect(spool.read(3, 2, Infinity).map(({ position }) => position)).toEqual([3, 4]);
    const size = spool.read(1, 1, 1)[0]?.bytes ?? 0;
    expect(size).toBeGreaterThan(0);
    expect(spool.read(1, 10, size * 3)).toHaveLength(3);
    expect(spool.read(spool.next, 10, 1e6)).toEqual([]);
    await spool.close();
  });

  test('frames leave only when freed, and freeing twice frees nothing', async () => {
    const spool = await open({ maxFrames: 100 });
    fill(spool, 10);
    expect(spool.free({ first: 2, last: 4 })).toBe(3);
    expect(spool.free({ first: 1, last: 4 })).toBe(1);
    expect(spool.free({ first: 1, last: 4 })).toBe(0);
    expect(decoded(spool).map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(spool.stats().frames).toBe(6);
    expect(spool.free({ first: 5, last: 1_000_000_000 })).toBe(6);
    expect(spool.stats()).toMatchObject({ frames: 0, dropped: 0 });
    await spool.close();
  });

  test('a new stream counts from 1; both streams can be located, foreign ones cannot', async () => {
    const spool = await open({ maxFrames: 100 });
    fill(spool, 2);
    spool.startStream();
    fill(spool, 2, 10_000);
    const frames = decoded(spool);
    expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 1, 2]);
    const [one, , two] = frames;
    expect(two?.stream).not.toBe(one?.stream);
    expect(spool.locate(one?.stream ?? '', 1, 2)).toEqual({ first: 1, last: 2 });
    expect(spool.locate(two?.stream ?? '', 1, 2)).toEqual({ first: 3, last: 4 });
    expect(spool.locate('somebody-else', 1, 2)).toBeUndefined();
    for (const [first, last] of [
      [0, 1],
      [1, 3],
    ] as const)
      for (const { stream } of frames) expect(spool.locate(stream, first, last)).toBeUndefined();
    await spool.close();
  });

  test('however many streams wait, the frames of each can be acknowledged', async () => {
    const spool = await open({ maxFrames: 100 });
    for (let stream = 0; stream < 40; stream += 1) {
      if (stream > 0) spool.startStream();
      fill(spool, 1, 1_000 * stream);
    }
    for (const { stream, seq } of decoded(spool)) {
      const span = spool.locate(stream, seq, seq);
      expect(span).toBeDefined();
      if (span !== undefined) spool.free(span);
    }
    expect(spool.stats().frames).toBe(0);
    await spool.close();
  });

  test('when full the oldest are given up, counted, and reported in later frames', async () => {
    const spool = await open({ maxFrames: 500 });
    fill(spool, 2_000);
    const { frames: held, dropped, thinned = 0 } = spool.stats();
    expect(held).toBeLessThanOrEqual(500);
    expect(held + dropped + thinned).toBe(2_000);
    const frames = decoded(spool);
    expect(frames.at(-1)?.seq).toBe(2_000);
    const reported = frames
      .flatMap(({ events = [] }) => events)
      .filter(({ kind }) => kind === 'dropped' || kind === 'thinned');
    expect(reported.every(({ why }) => why === 'spool-full')).toBe(true);
    expect(Math.min(...reported.map(({ from }) => from ?? Infinity))).toBe(baseAtMs + 1_000);
    expect(reported.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(dropped + thinned);
    for (let seq = 1; seq <= 2_000; seq += 1)
      expect(
        frames.some((frame) => frame.seq === seq) || reported.some((event) => covers(event, seq)),
      ).toBe(true);
    await spool.close();
  });

  test('what is dropped before it was stamped is dated as well, and its events are carried on', async () => {
    const spool = await open({ maxFrames: 500 });
    spool.append(
      draft(1_000, [{ kind: 'meta', channels: { 'pack-1/pressure': { unit: 'MPa' } } }]),
    );
    for (let index = 2; index <= 2_000; index += 1) spool.append(draft(index * 1_000));
    const { dropped } = spool.stats();
    expect(dropped).toBeGreaterThanOrEqual(1_500);
    spool.stamp(stampOf);
    const [frame] = decoded(spool);
    expect(frame?.events?.[0]).toMatchObject({ kind: 'meta' });
    expect(frame?.events?.[1]).toMatchObject({
      kind: 'dropped',
      from: baseAtMs + 1_000,
      to: baseAtMs + dropped * 1_000,
      count: dropped,
    });
    await spool.close();
  });
}
