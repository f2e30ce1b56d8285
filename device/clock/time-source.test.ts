import { expect, test } from 'vitest';
import { createTimeSource, systemProbe, timesyncProbe } from './time-source.ts';

test('trust is what the probe says, found once and kept', async () => {
  let answer = true;
  const source = createTimeSource(() => Promise.resolve(answer));
  expect(source.trusted()).toBe(false);
  await source.start();
  answer = false;
  expect(source.trusted()).toBe(true);
});

test('without trust it goes on looking until it is stopped', async () => {
  const source = createTimeSource(() => Promise.resolve(false));
  await source.start();
  expect(source.trusted()).toBe(false);
  source.stop();
});

test('the system clock is trusted on the owner’s word; time services answer yes or no and never fail', async () => {
  expect(await systemProbe()).toBe(true);
  expect(typeof (await timesyncProbe())).toBe('boolean');
});
