import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGpiodDouble, type GpiodDouble } from '../../simulators/board/gpiod-double.ts';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import { openPulseMeter } from '../meters/pulses.ts';
import { LinuxBoard } from './linux-board.ts';
import type { PinEvent } from './port.ts';

const patience = { timeout: 20_000 };
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const clock = new JudgedTime(systemProbe);
const path = process.env['PATH'] ?? '';
const stops: (() => Promise<void> | void)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-gpiod-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly gpiod: GpiodDouble;
  readonly board: LinuxBoard;
  readonly events: PinEvent[];
  readonly reasons: string[];
}

async function open(version: 1 | 2 = 1): Promise<Opened> {
  const gpiod = await createGpiodDouble(folder, version, [17, 27]);
  process.env['PATH'] = `${gpiod.bin}:${path}`;
  const reasons: string[] = [];
  const board = new LinuxBoard(
    {
      id: 'pi',
      chip: '/dev/gpiochip0',
      i2cTimeoutMs: 200,
      settleMs: 150,
      reopen: { firstMs: 20, longestMs: 100 },
    },
    {
      openI2c: () => Promise.reject(new Error('no bus here')),
      clock,
      lagMs: () => 7,
      random: Math.random,
      log: { ...quiet, warn: (fields) => reasons.push(JSON.stringify(fields)) },
    },
  );
  const events: PinEvent[] = [];
  board.watch({ pin: 17, pull: 'up' }, (event) => events.push(event));
  stops.push(async () => {
    await board.stop();
    gpiod.close();
  });
  return { gpiod, board, events, reasons };
}

/** The board says so once nothing was complained of for a while: on a loaded machine before gpiomon watches the line. */
async function ready({ board, gpiod }: Pick<Opened, 'board' | 'gpiod'>, pin = 17): Promise<void> {
  await expect
    .poll(() => [board.state().kind, gpiod.pid(pin) !== undefined], patience)
    .toEqual(['ready', true]);
}
const seen = ({ events }: Opened, count: number): Promise<void> =>
  expect.poll(() => events.length, patience).toBe(count);

test.each([1, 2] as const)(
  'libgpiod %i: a baseline, then edges by the kernel’s time',
  async (version) => {
    const opened = await open(version);
    const { gpiod, board, events } = opened;
    board.start();
    await ready(opened);
    const nowMs = Number(process.hrtime.bigint()) / 1e6;
    gpiod.edge(17, 0, nowMs - 1_040);
    gpiod.edge(17, 1, nowMs - 1_000);
    await seen(opened, 3);
    expect(events.map((event) => event.kind !== 'lost' && [event.kind, event.level])).toEqual([
      ['baseline', 1],
      ['level', 0],
      ['level', 1],
    ]);
    const [, falling, rising] = events;
    if (falling?.kind !== 'level' || rising?.kind !== 'level') throw new Error('no edges');
    // Not when they arrived: 40 ms stay 40 ms however late they are read.
    expect(rising.atMs - falling.atMs).toBeCloseTo(40, 0);
    expect(rising.atMs).toBeLessThan(clock.monotonicMs() - 900);
    expect([falling.unsureMs, rising.unsureMs]).toEqual([0, 0]);
    expect(gpiod.calls()).toHaveLength(2);
  },
);

test('stamps of another clock are not believed: an old kernel stamps with wall time', async () => {
  const opened = await open();
  opened.board.start();
  await ready(opened);
  const beforeMs = clock.monotonicMs();
  opened.gpiod.edge(17, 0, Date.now());
  await seen(opened, 2);
  const [, edge] = opened.events;
  expect(edge).toMatchObject({ kind: 'level', unsureMs: 7 });
  expect(edge?.kind === 'level' && edge.atMs).toBeGreaterThanOrEqual(beforeMs);
});

test('a gpiomon that dies is started again; what was missed is said', async () => {
  const opened = await open();
  const { gpiod, board, events, reasons } = opened;
  board.start();
  for (let round = 1; round <= 3; round += 1) {
    await ready(opened);
    expect(gpiod.kill(17)).toBe(true);
    await expect
      .poll(() => events.filter(({ kind }) => kind === 'lost').length, patience)
      .toBe(round);
  }
  await ready(opened);
  expect(reasons[0]).toContain('gpiomon was ended by SIGKILL');
  expect(events.map(({ kind }) => kind).slice(0, 4)).toEqual([
    'baseline',
    'lost',
    'baseline',
    'lost',
  ]);
});

test.each([
  ['a line that is none', 'event: FALLING EDGE\n'],
  ['another pin', '4 0 1 1\n'],
  ['noise', `${'\u0000\u00ff'.repeat(40)}\n`],
  ['a line without an end', 'x'.repeat(500)],
])('after %s nothing it says is believed, and a new one is started', async (_, text) => {
  const opened = await open();
  opened.board.start();
  await ready(opened);
  opened.gpiod.say(17, text);
  await expect.poll(() => opened.reasons.join(), patience).toContain('which is no edge of pin 17');
  opened.gpiod.edge(17, 0);
  await ready(opened);
  expect(opened.events.filter(({ kind }) => kind === 'level')).toEqual([]);
});

test('what a tool complains of is told with the way out, and tried again', async () => {
  const opened = await open(2);
  const { gpiod, board, reasons } = opened;
  gpiod.refuse('gpioget: unable to request lines: Permission denied');
  board.start();
  await expect.poll(() => reasons.join(), patience).toContain('group gpio');
  expect(board.state()).toMatchObject({ kind: 'away', why: expect.stringContaining('denied') });
  gpiod.refuse('gpioget: unable to request lines: Device or resource busy');
  await expect.poll(() => reasons.join(), patience).toContain('gpioinfo');
  gpiod.refuse(undefined);
  await ready(opened);
});

test('one line that cannot be watched leaves the others alone', async () => {
  const opened = await open();
  const { gpiod, board, events } = opened;
  const others: PinEvent[] = [];
  board.watch({ pin: 5, pull: 'up' }, (event) => others.push(event));
  board.start();
  await seen(opened, 1);
  await expect.poll(() => gpiod.pid(17), patience).toBeDefined();
  gpiod.edge(17, 0);
  await seen(opened, 2);
  expect(events.some(({ kind }) => kind === 'lost')).toBe(false);
  expect(others.some(({ kind }) => kind === 'level')).toBe(false);
  expect(board.state().kind).toBe('away');
});

test('the first edge corrects a level that was read while the pull-up still rose', async () => {
  const opened = await open();
  const { gpiod, board, events } = opened;
  gpiod.edge(17, 0);
  board.start();
  await ready(opened);
  gpiod.edge(17, 0);
  gpiod.edge(17, 1);
  await seen(opened, 4);
  expect(events.map((event) => event.kind !== 'lost' && [event.kind, event.level])).toEqual([
    ['baseline', 0],
    ['baseline', 1],
    ['level', 0],
    ['level', 1],
  ]);
});

test('without gpiomon the command that installs it is said', async () => {
  const { board, reasons } = await open();
  process.env['PATH'] = folder;
  board.start();
  await expect.poll(() => reasons.join(), patience).toContain('sudo apt-get install gpiod');
});

test('S0 pulses are counted as on any board: none invented, a gap is uncertain', async () => {
  const { gpiod, board } = await open();
  const meter = await openPulseMeter(
    {
      id: 'pv-1',
      quantity: 'generated',
      pin: 27,
      rate: { pulses: 1_000, kwh: 1 },
      minimumWidthMs: 25,
      sampleIntervalMs: 1_000,
      file: join(folder, 'pv-1.json'),
    },
    board,
    clock,
    quiet,
  );
  const reading = async () => (await meter.sample()).get('pv-1/generated');
  const pulses = (count: number, widthMs: number): void => {
    const fromMs = Number(process.hrtime.bigint()) / 1e6 - count * 100;
    for (let pulse = 0; pulse < count; pulse += 1) {
      gpiod.edge(27, 0, fromMs + 100 * pulse);
      gpiod.edge(27, 1, fromMs + 100 * pulse + widthMs);
    }
  };
  board.start();
  await ready({ board, gpiod }, 27);
  expect(await reading()).toMatchObject({ value: 0, quality: 'uncertain' });
  pulses(40, 30);
  // Kernel stamps are as wide as the pulse was, however they arrive: here a filter can be trusted.
  pulses(5, 2);
  await expect.poll(() => [meter.wh, meter.glitches], patience).toEqual([40, 5]);
  expect(await reading()).toMatchObject({ value: 40, quality: 'good' });
  gpiod.kill(27);
  await expect.poll(reading, patience).toMatchObject({ value: null, why: 'bus-error' });
  pulses(3, 30);
  await ready({ board, gpiod }, 27);
  pulses(2, 30);
  await expect.poll(() => meter.wh, patience).toBe(42);
  expect(await reading()).toMatchObject({ value: 42, quality: 'uncertain', why: 'no-data' });
});

test('stopped, it leaves no gpiomon behind', async () => {
  const { gpiod, board, events } = await open();
  board.start();
  await ready({ board, gpiod });
  await board.stop();
  expect(gpiod.pid(17)).toBeUndefined();
  await sleep(300);
  expect(events.filter(({ kind }) => kind === 'baseline')).toHaveLength(1);
});
