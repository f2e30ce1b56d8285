import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { MemorySpool } from '../spool/memory.ts';
import { Outbox } from './outbox.ts';

const settings = {
  ackTimeoutMs: 10_000,
  historyWindow: 2,
  historyFramesPerS: Infinity,
  maxBatchFrames: 10,
  maxBatchBytes: 1e6,
  resend: { firstMs: 2_000, longestMs: 60_000 },
};
const stream = 'k3f9';

function open(): { spool: MemorySpool; outbox: Outbox; add: (count: number) => void } {
  const spool = new MemorySpool({
    boot: 'b',
    maxFrames: 1e6,
    maxBytes: 1e9,
    newStreamId: () => stream,
  });
  const add = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      spool.append({ upMs: spool.next * 1_000, readings: {}, events: [] });
      spool.stamp((upMs) => ({ at: 1_800_000_000_000 + upMs, clock: 'synced' }));
    }
  };
  return { spool, outbox: new Outbox(spool, settings, () => 0.5), add };
}

function positions(frames: readonly { readonly position: number }[]): number[] {
  return frames.map(({ position }) => position);
}

function seqFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

test('backlog leaves in order, in batches, within the window', () => {
  const { outbox, add, spool } = open();
  add(35);
  expect(positions(outbox.nextBatch(0))).toEqual(seqFrom(1, 10));
  expect(positions(outbox.nextBatch(0))).toEqual(seqFrom(11, 10));
  expect(outbox.nextBatch(0)).toEqual([]);
  expect(outbox.acknowledge({ stream, stored: [[1, 10]] })).toEqual({ kind: 'freed', frames: 10 });
  expect(positions(outbox.nextBatch(0))).toEqual(seqFrom(21, 10));
  expect(spool.stats().frames).toBe(25);
});

test('the backlog keeps its pace', () => {
  const { spool, add } = open();
  const outbox = new Outbox(spool, { ...settings, historyFramesPerS: 100 }, () => 0.5);
  add(30);
  expect(outbox.nextBatch(1_000)).toHaveLength(10);
  expect(outbox.nextBatch(1_049)).toEqual([]);
  expect(outbox.pacedMs(1_049)).toBe(1);
  expect(outbox.nextBatch(1_050)).toHaveLength(10);
});

test('a frame that went out live is not sent again before its time, and then on history', () => {
  const { outbox, add } = open();
  add(3);
  outbox.sentLive(3, 0);
  expect(positions(outbox.nextBatch(0))).toEqual([1, 2]);
  outbox.acknowledge({ stream, stored: [[1, 2]] });
  expect(outbox.nextBatch(9_999)).toEqual([]);
  outbox.nextBatch(10_000);
  expect(positions(outbox.nextBatch(10_000 + 2_000))).toEqual([3]);
});

test('while nothing is acknowledged resends slow down and shrink to one message; an answer ends that', () => {
  const { outbox, add } = open();
  add(40);
  let nowMs = 0;
  const sentAtMs: number[] = [];
  for (; nowMs < 600_000; nowMs += 100)
    if (outbox.nextBatch(nowMs).length > 0) sentAtMs.push(nowMs);
  const gapsMs = sentAtMs.slice(2).map((ms, index) => ms - (sentAtMs[index + 1] ?? 0));
  expect(gapsMs.slice(1).every((gapMs, index) => gapMs >= (gapsMs[index] ?? 0) - 100)).toBe(true);
  expect(Math.max(...gapsMs)).toBeLessThanOrEqual(
    settings.ackTimeoutMs + settings.resend.longestMs,
  );
  outbox.acknowledge({ stream, stored: [[1, 1]] });
  expect(outbox.nextBatch(nowMs).length).toBeGreaterThan(0);
});

test('a new connection or gateway makes everything unacknowledged due at once', () => {
  const { outbox, add } = open();
  add(5);
  outbox.sentLive(5, 0);
  outbox.nextBatch(0);
  outbox.resendAll();
  expect(positions(outbox.nextBatch(0))).toEqual([1, 2, 3, 4, 5]);
});

test('foreign, never sent and far too long acknowledgements are refused whole, and free nothing', () => {
  const { outbox, add, spool } = open();
  add(15);
  outbox.nextBatch(0);
  for (const ack of [
    { stream: 'other', stored: [[1, 2]] },
    { stream, stored: [[1, 11]] },
    {
      stream,
      stored: [
        [1, 2],
        [12, 12],
      ],
    },
    { stream, stored: [[0, 1]] },
    { stream, stored: [[1, Number.MAX_SAFE_INTEGER]] },
  ]) {
    const stored = z.array(z.tuple([z.int(), z.int()])).parse(ack.stored);
    expect(outbox.acknowledge({ stream: ack.stream, stored })).toMatchObject({ kind: 'refused' });
    expect(spool.stats().frames).toBe(15);
  }
});

test('frames under way do not hide due ones behind them', () => {
  const { outbox, add } = open();
  add(31);
  outbox.nextBatch(0);
  for (let position = 11; position <= 30; position += 1) outbox.sentLive(position, 0);
  outbox.acknowledge({ stream, stored: [[1, 10]] });
  expect(positions(outbox.nextBatch(0))).toEqual([31]);
});

test('a repeated acknowledgement is fine and frees nothing more', () => {
  const { outbox, add } = open();
  add(3);
  outbox.nextBatch(0);
  expect(outbox.acknowledge({ stream, stored: [[1, 3]] })).toEqual({ kind: 'freed', frames: 3 });
  expect(outbox.acknowledge({ stream, stored: [[1, 3]] })).toEqual({ kind: 'freed', frames: 0 });
});

test('through any losses of messages and acknowledgements every frame is delivered, and only those are freed', () => {
  const step = fc.record({
    add: fc.nat(3),
    live: fc.boolean(),
    messageLost: fc.boolean(),
    ackLost: fc.boolean(),
    passMs: fc.nat(20_000),
    reconnect: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { outbox, add, spool } = open();
      const stored = new Set<number>();
      let nowMs = 0;
      const deliver = (list: readonly number[], messageLost: boolean, ackLost: boolean): void => {
        if (messageLost) return;
        for (const position of list) stored.add(position);
        if (!ackLost) outbox.acknowledge({ stream, stored: list.map((seq) => [seq, seq]) });
      };
      for (const { add: count, live, messageLost, ackLost, passMs, reconnect } of steps) {
        nowMs += passMs;
        add(count);
        if (reconnect) outbox.resendAll();
        if (live && count > 0) {
          outbox.sentLive(spool.next - 1, nowMs);
          deliver([spool.next - 1], messageLost, ackLost);
        }
        deliver(positions(outbox.nextBatch(nowMs)), messageLost, ackLost);
        const held = new Set(positions(spool.read(1, 1e6, 1e9)));
        for (let position = 1; position < spool.next; position += 1)
          expect(held.has(position) || stored.has(position)).toBe(true);
      }
      for (let round = 0; round < 200 && spool.stats().frames > 0; round += 1) {
        nowMs += 100_000;
        deliver(positions(outbox.nextBatch(nowMs)), false, false);
      }
      expect(spool.stats().frames).toBe(0);
      expect(stored.size).toBe(spool.next - 1);
      expect(outbox.inFlightFrames).toBe(0);
    }),
  );
});
