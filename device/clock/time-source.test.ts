import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JudgedTime, systemProbe, timesyncProbe, type TrustProbe } from './time-source.ts';

const noonMs = Date.UTC(2026, 10, 22, 3);
const yearMs = 365 * 24 * 3_600_000;
const always: TrustProbe = () => Promise.resolve(true);

/** A machine that was started an hour ago. */
function machine() {
  const now = { wallMs: noonMs, monotonicMs: 0, uptimeMs: 3_600_000 };
  return {
    clocks: {
      wallMs: () => now.wallMs,
      monotonicMs: () => now.monotonicMs,
      uptimeMs: () => now.uptimeMs,
    },
    step: (ms: number) => (now.wallMs += ms),
    pass: (ms: number) => {
      now.wallMs += ms;
      now.monotonicMs += ms;
      now.uptimeMs += ms;
    },
    sleep: (ms: number) => {
      now.wallMs += ms;
      now.uptimeMs += ms;
    },
  };
}

async function trustedTime(probe: TrustProbe = always) {
  const on = machine();
  const time = new JudgedTime(probe, on.clocks);
  await time.look();
  return { ...on, time };
}

test('trust is what the probe says, and not before 2020 whoever vouches', async () => {
  const { clocks, step } = machine();
  const nobody = new JudgedTime(() => Promise.resolve(false), clocks);
  await nobody.look();
  expect(nobody.trusted()).toBe(false);
  step(-20 * yearMs);
  const unset = new JudgedTime(always, clocks);
  await unset.look();
  expect(unset.trusted()).toBe(false);
  step(20 * yearMs);
  await unset.look();
  expect(unset.trusted()).toBe(true);
});

test.each([yearMs, -yearMs, 10_000, -10_000])(
  'stepped by %d ms, the time before goes on, untrusted, until the clock is back',
  async (stepMs) => {
    const { time, step, pass } = await trustedTime();
    step(stepMs);
    pass(5_000);
    expect(time.wallMs()).toBe(noonMs + 5_000);
    expect(time.trusted()).toBe(false);
    await time.look();
    expect(time.trusted()).toBe(false);
    step(-stepMs);
    expect(time.trusted()).toBe(true);
    expect(time.wallMs()).toBe(noonMs + 5_000);
  },
);

test('a step that stays is believed when it is vouched for again, not before a minute, and not by each new step', async () => {
  const asked: unknown[] = [];
  const { time, step, pass } = await trustedTime((stepped) => {
    asked.push(stepped);
    return Promise.resolve(true);
  });
  step(-5_000);
  pass(30_000);
  await time.look();
  step(-5_000);
  pass(59_000);
  await time.look();
  expect(time.trusted()).toBe(false);
  pass(1_000);
  time.wallMs();
  pass(59_000);
  await time.look();
  expect(time.trusted()).toBe(true);
  expect(time.wallMs()).toBe(noonMs + 149_000 - 10_000);
  expect(asked).toEqual([undefined, { ms: -10_000 }]);
});

test('a process that is stopped between reading the two clocks is not a stepped clock, and shifts no time', async () => {
  const { clocks, pass } = machine();
  let stalls = 0;
  const stalling = {
    ...clocks,
    wallMs: () => {
      const wallMs = clocks.wallMs();
      if ((stalls += 1) % 3 === 1) pass(700);
      return wallMs;
    },
  };
  const time = new JudgedTime(always, stalling);
  await time.look();
  for (let turn = 0; turn < 10; turn += 1) {
    expect(time.offsetMs()).toBe(noonMs);
    expect(time.trusted()).toBe(true);
  }
});

test('a machine that slept was not stepped', async () => {
  const { time, sleep, step } = await trustedTime();
  sleep(8 * 3_600_000);
  expect(time.trusted()).toBe(true);
  expect(time.wallMs()).toBe(noonMs + 8 * 3_600_000);
  step(yearMs);
  sleep(3_600_000);
  expect(time.wallMs()).toBe(noonMs + 9 * 3_600_000);
});

test('whatever the clock does, no time is told that it did not hold for a minute', async () => {
  const move = fc.record({
    passMs: fc.integer({ min: 0, max: 50_000 }),
    stepMs: fc.integer({ min: -1e12, max: 1e12 }).filter((ms) => Math.abs(ms) > 2_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 20 }), async (moves) => {
      const { time, step, pass } = await trustedTime();
      let elapsedMs = 0;
      let offMs = 0;
      for (const { passMs, stepMs } of moves) {
        step(stepMs);
        offMs += stepMs;
        fc.pre(Math.abs(offMs) > 2_000);
        time.wallMs();
        pass(passMs);
        elapsedMs += passMs;
        await time.look();
        expect(time.wallMs()).toBe(noonMs + elapsedMs);
      }
    }),
  );
});

test('the owner’s word covers a correction, not a jump by years; time services answer yes or no and never fail', async () => {
  expect(await systemProbe(undefined)).toBe(true);
  expect(await systemProbe({ ms: -300_000 })).toBe(true);
  expect(await systemProbe({ ms: yearMs })).toBe(false);
  expect(typeof (await timesyncProbe(undefined))).toBe('boolean');
  expect(typeof (await timesyncProbe({ ms: 1 }))).toBe('boolean');
});

test('it looks again and again until it is stopped', async () => {
  const { clocks } = machine();
  const time = new JudgedTime(() => Promise.resolve(false), clocks);
  await time.start();
  expect(time.trusted()).toBe(false);
  time.stop();
});
