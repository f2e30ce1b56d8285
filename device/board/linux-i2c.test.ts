import { expect, test } from 'vitest';
import { createAds1115Core } from '../../simulators/board/ads1115-core.ts';
import { createI2cBusDouble } from '../../simulators/board/i2c-bus-double.ts';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import { Ads1115 } from '../sensors/ads1115.ts';
import { LinuxBoard } from './linux-board.ts';
import type { I2cBus } from './linux-i2c.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const clock = new JudgedTime(systemProbe);
const volts = [1, 2, 3, 0.6];

/** A board with two converters on its bus, as a Pi has them on pins 3 and 5. */
function pi(open?: (number: number) => Promise<I2cBus>) {
  const present = new Map([
    [0x48, true],
    [0x49, true],
  ]);
  const chips = new Map(
    [...present.keys()].map((address) => {
      const isThere = (): boolean => present.get(address) ?? false;
      const scale = address === 0x48 ? 1 : 0.5;
      const inputVolts = (pin: 0 | 1 | 2 | 3): number => (volts[pin] ?? 0) * scale;
      const options = { nowMs: () => performance.now(), inputVolts, present: isThere };
      return [address, { core: createAds1115Core(options), present: isThere }];
    }),
  );
  const opened: number[] = [];
  const bus = createI2cBusDouble(chips);
  const openI2c = (number: number): Promise<I2cBus> => {
    opened.push(number);
    return open?.(number) ?? Promise.resolve(bus);
  };
  const board = new LinuxBoard(
    { id: 'pi', i2c: 1, i2cTimeoutMs: 200, settleMs: 10, reopen: { firstMs: 20, longestMs: 100 } },
    { openI2c, clock, lagMs: () => 0, random: Math.random, log: quiet },
  );
  const adc = (address: number): Ads1115 => new Ads1115(board, clock, { address, timeoutMs: 300 });
  return { board, present, opened, adc };
}

test('the ADS1115 driver reads its channels as behind an Arduino, two chips at once', async () => {
  const { board, adc, opened } = pi();
  board.start();
  const chips = [adc(0x48), adc(0x49)];
  const read = await Promise.all(
    chips.flatMap((chip) => ([0, 1, 2, 3] as const).map((pin) => chip.channel(pin, 4.096).read())),
  );
  const found = read.map((sample) => (sample.kind === 'converted' ? sample.volts : sample.detail));
  const expected = [...volts, ...volts.map((value) => value / 2)];
  expect(found).toEqual(expected.map((value) => expect.closeTo(value, 3)));
  expect(opened).toEqual([1]);
  expect(board.state()).toEqual({ kind: 'ready', firmware: '/dev/i2c-1' });
  await board.stop();
});

test('an absent chip is said by its address, harms no other one, and is back by itself', async () => {
  const { adc, present } = pi();
  const [here, gone] = [adc(0x48).channel(0, 4.096), adc(0x49).channel(0, 4.096)];
  present.set(0x49, false);
  expect(await gone.read()).toEqual({
    kind: 'failed',
    detail: 'I2C 0x49 of bus 1: no chip answers (EREMOTEIO); is it connected?',
  });
  expect(await here.read()).toMatchObject({ kind: 'converted' });
  present.set(0x49, true);
  expect(await gone.read()).toMatchObject({ kind: 'converted' });
});

test('a bus that cannot be opened is tried again with the next question', async () => {
  let there = false;
  const double = createI2cBusDouble(new Map());
  const { board, opened } = pi(() =>
    there ? Promise.resolve(double) : Promise.reject(new Error('ENODEV: no such device')),
  );
  expect(board.i2cWrite(0x48, [0])).toBe(true);
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({
    detail: expect.stringContaining('ENODEV'),
  });
  there = true;
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({
    detail: expect.stringContaining('no chip'),
  });
  expect(opened).toHaveLength(3);
});

test('a bus that hangs costs a time-out each time, and never more than it may hold', async () => {
  const stuck = new Promise<never>(() => undefined);
  const { board } = pi(() => stuck);
  const first = board.i2cRead(0x48, 0, 2);
  expect(await first).toMatchObject({ detail: expect.stringContaining('no answer within 200 ms') });
  const writes = Array.from({ length: 100 }, () => board.i2cWrite(0x48, [0]));
  expect(writes.filter(Boolean)).toHaveLength(63);
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({
    detail: expect.stringContaining('wait'),
  });
});

test('a board without a bus, or without a chip, says so', async () => {
  const parts = {
    openI2c: () => Promise.reject(new Error('unused')),
    clock,
    lagMs: () => 0,
    random: Math.random,
    log: quiet,
  };
  const bare = {
    id: 'pi',
    i2cTimeoutMs: 200,
    settleMs: 10,
    reopen: { firstMs: 20, longestMs: 100 },
  };
  const board = new LinuxBoard(bare, parts);
  expect(board.i2cWrite(0x48, [0])).toBe(false);
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({ kind: 'failed' });
  expect(() => board.watch({ pin: 4, pull: 'up' }, () => undefined)).toThrow('no GPIO chip');
});
