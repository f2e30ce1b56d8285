import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemorySpool } from './memory.ts';
import { spoolSuite } from './spool.suite.ts';

let streams = 0;
function open(room: { readonly maxFrames?: number; readonly maxBytes?: number }): MemorySpool {
  return new MemorySpool({
    boot: 'boot-1',
    maxFrames: room.maxFrames ?? 1_000_000,
    maxBytes: room.maxBytes ?? 1e9,
    newStreamId: () => `stream-${(streams += 1)}`,
  });
}

describe('the memory spool keeps the contract of spools', () => {
  spoolSuite((room) => Promise.resolve(open(room)));
});

test('bytes are bounded too', () => {
  const spool = open({ maxBytes: 50_000 });
  for (let index = 1; index <= 1_000; index += 1) {
    spool.append({ upMs: index, readings: { 'pack-1/pressure': { value: index } }, events: [] });
    spool.stamp((upMs) => ({ at: 1_800_000_000_000 + upMs, clock: 'synced' }));
    expect(spool.stats().bytes).toBeLessThanOrEqual(50_000);
  }
  expect(spool.stats().dropped).toBeGreaterThan(0);
});

test('whatever happens, every frame is held, freed or dropped, and reports add up to the drops', () => {
  const action = fc.oneof(
    fc.constant({ kind: 'append' as const }),
    fc.constant({ kind: 'stamp' as const }),
    fc.record({ kind: fc.constant('free' as const), first: fc.nat(80), count: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const spool = open({ maxFrames: 10 });
      let freed = 0;
      const stamp = (upMs: number) => ({ at: 1_800_000_000_000 + upMs, clock: 'synced' as const });
      for (const step of actions) {
        if (step.kind === 'append') spool.append({ upMs: spool.next, readings: {}, events: [] });
        else if (step.kind === 'stamp') spool.stamp(stamp);
        else freed += spool.free({ first: step.first, last: step.first + step.count });
      }
      const { frames, dropped } = spool.stats();
      expect(frames + dropped + freed).toBe(spool.next - 1);
      expect(frames).toBeLessThanOrEqual(10);
    }),
  );
});
