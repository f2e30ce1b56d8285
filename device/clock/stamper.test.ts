import fc from 'fast-check';
import { expect, test } from 'vitest';
import { earliestAtMs } from '#device/contract';
import { ManualClock } from './manual-clock.ts';
import { Stamper } from './stamper.ts';

const settings = { waitMs: 120_000, floorAtMs: 0 };
const noonMs = Date.UTC(2026, 3, 1, 3);

test('frames wait until the clock is trusted, then get the wall time of their own sampling', () => {
  const clock = new ManualClock({ wallMs: 0, trusted: false });
  const stamper = new Stamper(clock, settings);
  expect(stamper.advance()).toEqual({ state: 'waiting', newStream: false });
  clock.pass(30_000);
  clock.setWall(noonMs, true);
  expect(stamper.advance()).toEqual({ state: 'synced', newStream: false });
  expect(stamper.stamp(10_000)).toEqual({ at: noonMs - 20_000, clock: 'synced' });
  expect(stamper.stamp(30_000)).toEqual({ at: noonMs, clock: 'synced' });
});

test('stamping while waiting is a broken invariant', () => {
  const stamper = new Stamper(new ManualClock({ wallMs: 0, trusted: false }), settings);
  expect(() => stamper.stamp(0)).toThrow('not known');
});

test('after the wait frames leave as estimated: never 1970, never before the floor, deaf to a stepping clock', () => {
  for (const floorAtMs of [0, noonMs]) {
    const clock = new ManualClock({ wallMs: 5_000, trusted: false });
    const stamper = new Stamper(clock, { ...settings, floorAtMs });
    clock.pass(settings.waitMs);
    expect(stamper.advance().state).toBe('estimated');
    const first = stamper.stamp(clock.monotonicMs());
    expect(first.clock).toBe('estimated');
    expect(first.at).toBeGreaterThan(Math.max(floorAtMs, earliestAtMs));
    clock.pass(1_000);
    clock.setWall(noonMs * 2, false);
    stamper.advance();
    expect(stamper.stamp(clock.monotonicMs()).at).toBe(first.at + 1_000);
  }
});

test('when trust comes after an estimate the change is an event, and a new stream if time lies behind', () => {
  for (const [trustedMs, newStream] of [
    [noonMs + 500_000, false],
    [noonMs - 500_000, true],
  ] as const) {
    const clock = new ManualClock({ wallMs: noonMs, trusted: false });
    const stamper = new Stamper(clock, settings);
    clock.pass(settings.waitMs);
    stamper.advance();
    const estimated = stamper.stamp(clock.monotonicMs());
    clock.pass(1_000);
    clock.setWall(trustedMs, true);
    const event = { kind: 'clock', from: estimated.at, to: trustedMs, why: 'synchronised' };
    expect(stamper.advance()).toEqual({ state: 'synced', newStream, event });
    expect(stamper.stamp(clock.monotonicMs())).toEqual({ at: trustedMs, clock: 'synced' });
  }
});

test('a small backward slew keeps stamps rising; a large step starts a new stream and says so', () => {
  const clock = new ManualClock({ wallMs: noonMs, trusted: true });
  const stamper = new Stamper(clock, settings);
  stamper.advance();
  stamper.stamp(clock.monotonicMs());
  clock.setWall(noonMs - 400, true);
  expect(stamper.advance()).toEqual({ state: 'synced', newStream: false });
  expect(stamper.stamp(clock.monotonicMs()).at).toBe(noonMs + 1);
  clock.setWall(noonMs - 3_600_000, true);
  expect(stamper.advance()).toMatchObject({ newStream: true, event: { why: 'stepped' } });
  expect(stamper.stamp(clock.monotonicMs()).at).toBe(noonMs - 3_600_000);
});

test('when trust is lost the last trusted time goes on as an estimate, and the same stream when it is back', () => {
  const clock = new ManualClock({ wallMs: noonMs, trusted: true });
  const stamper = new Stamper(clock, settings);
  stamper.advance();
  stamper.stamp(clock.monotonicMs());
  clock.pass(1_000);
  clock.setWall(noonMs * 2, false);
  expect(stamper.advance()).toMatchObject({
    state: 'estimated',
    newStream: false,
    event: { kind: 'clock', from: noonMs, why: expect.stringContaining('held') },
  });
  expect(stamper.stamp(1_000)).toEqual({ at: noonMs + 1_000, clock: 'estimated' });
  clock.pass(1_000);
  clock.setWall(noonMs + 2_000, true);
  expect(stamper.advance()).toMatchObject({ state: 'synced', newStream: false });
  expect(stamper.stamp(2_000)).toEqual({ at: noonMs + 2_000, clock: 'synced' });
});

test('the stream of another process goes on behind its last stamp, or a new one starts', () => {
  const last = { at: noonMs, clock: 'synced' } as const;
  for (const [wallMs, newStream] of [
    [noonMs + 5_000, false],
    [noonMs - 400, false],
    [noonMs - 5_000, true],
  ] as const) {
    const stamper = new Stamper(new ManualClock({ wallMs, trusted: true }), { ...settings, last });
    expect(stamper.advance()).toMatchObject({ state: 'synced', newStream });
    expect(stamper.stamp(0).at).toBe(newStream ? wallMs : Math.max(wallMs, noonMs + 1));
  }
});

test('a frame pushed behind an estimate that is on disk is an estimate itself', () => {
  const clock = new ManualClock({ wallMs: 0, trusted: false });
  const stamper = new Stamper(clock, { ...settings, last: { at: noonMs, clock: 'estimated' } });
  clock.pass(30_000);
  clock.setWall(noonMs + 10_000, true);
  expect(stamper.advance()).toMatchObject({ state: 'synced', newStream: false });
  expect(stamper.stamp(0)).toEqual({ at: noonMs + 1, clock: 'estimated' });
  expect(stamper.stamp(30_000)).toEqual({ at: noonMs + 10_000, clock: 'synced' });
});

test('within a stream stamps rise strictly, whatever the clock does', () => {
  const move = fc.record({
    passMs: fc.integer({ min: 0, max: 200_000 }),
    wallMs: fc.option(fc.integer({ min: 0, max: noonMs * 2 })),
    trusted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 50 }), (moves) => {
      const clock = new ManualClock({ wallMs: noonMs, trusted: false });
      const stamper = new Stamper(clock, settings);
      let lastAt = -Infinity;
      for (const { passMs, wallMs, trusted } of moves) {
        clock.pass(passMs);
        if (wallMs !== null) clock.setWall(wallMs, trusted);
        const turn = stamper.advance();
        if (turn.state === 'waiting') continue;
        const { at } = stamper.stamp(clock.monotonicMs());
        if (!turn.newStream) expect(at).toBeGreaterThan(lastAt);
        lastAt = at;
      }
    }),
  );
});
