import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Board, PinEvent, WatchedPin } from '../board/port.ts';
import { ManualClock } from '../clock/manual-clock.ts';
import { loadRegister } from './register-file.ts';
import {
  openPulseMeter,
  type PulseMeter,
  type PulseMeterSettings,
  startingRegister,
} from './pulses.ts';

const nowMs = Date.UTC(2026, 3, 2);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const rate = { pulses: 1_000, kwh: 1 };

/** A board with one watched pin that a test moves. */
function boardWithPin(): { board: Board; event: (event: PinEvent) => void; watched: WatchedPin[] } {
  const listeners: ((event: PinEvent) => void)[] = [];
  const watched: WatchedPin[] = [];
  const board: Board = {
    id: 'uno',
    state: () => ({ kind: 'opening' }),
    i2cWrite: () => false,
    i2cRead: () => Promise.resolve({ kind: 'failed', detail: 'no bus' }),
    watch: (pin, listener) => {
      watched.push(pin);
      listeners.push(listener);
    },
    start: () => {},
    stop: () => Promise.resolve(),
  };
  return { board, watched, event: (event) => listeners.forEach((listener) => listener(event)) };
}

async function openMeter(display?: PulseMeterSettings['display'], file?: string) {
  const clock = new ManualClock({ wallMs: nowMs, trusted: true });
  const wires = boardWithPin();
  const settings: PulseMeterSettings = {
    id: 'pv-1',
    quantity: 'generated',
    pin: 2,
    rate,
    minimumWidthMs: 5,
    sampleIntervalMs: 60_000,
    file: file ?? join(await mkdtemp(join(tmpdir(), 'kadoru-meter-')), 'pv-1.json'),
    display,
  };
  const meter = await openPulseMeter(settings, wires.board, clock, quiet);
  const pulse = (): void => {
    for (const level of [0, 1] as const) {
      clock.pass(500);
      wires.event({ kind: 'level', level, atMs: clock.monotonicMs(), unsureMs: 0 });
    }
  };
  const listen = (): void => wires.event({ kind: 'baseline', level: 1, atMs: clock.monotonicMs() });
  return { meter, clock, pulse, listen, settings, ...wires };
}

async function register(meter: PulseMeter): Promise<unknown> {
  return (await meter.sample()).get('pv-1/generated');
}

test('pulses are Wh on the register and W between them', async () => {
  const { meter, pulse, listen, watched } = await openMeter({ wh: 1_000, asOfMs: nowMs - 1_000 });
  expect(watched).toEqual([{ pin: 2, pull: 'up' }]);
  listen();
  await meter.sample();
  for (let count = 0; count < 5; count += 1) pulse();
  const sample = await meter.sample();
  expect(sample.get('pv-1/generated')).toEqual({ value: 1_005, raw: 5, quality: 'good' });
  expect(sample.get('pv-1/power')).toEqual({ value: 3_600, quality: 'good' });
});

test('while the board is away both are unknown; the first register reading after it is uncertain', async () => {
  const { meter, pulse, listen, event } = await openMeter();
  expect(await register(meter)).toEqual({ value: null, quality: 'bad', why: 'no-data' });
  listen();
  expect(await register(meter)).toEqual({ value: 0, raw: 0, quality: 'uncertain', why: 'no-data' });
  expect(await register(meter)).toEqual({ value: 0, raw: 0, quality: 'good' });
  pulse();
  event({ kind: 'lost' });
  expect(await register(meter)).toEqual({ value: null, quality: 'bad', why: 'bus-error' });
  expect((await meter.sample()).get('pv-1/power')).toEqual({
    value: null,
    quality: 'bad',
    why: 'bus-error',
  });
  listen();
  expect(await register(meter)).toEqual({ value: 1, raw: 1, quality: 'uncertain', why: 'no-data' });
  expect(await register(meter)).toMatchObject({ value: 1, quality: 'good' });
});

test('the register is saved with the time it stood so, and a new start goes on from it', async () => {
  const first = await openMeter({ wh: 500, asOfMs: nowMs - 1 });
  first.listen();
  first.pulse();
  await first.meter.save();
  expect(await loadRegister(first.settings.file)).toEqual({
    register: { wh: 501, remainder: 0, per: 1_000 },
    pulses: 1,
    asOfMs: nowMs + 1_000,
  });
  const again = await openMeter({ wh: 500, asOfMs: nowMs - 1 }, first.settings.file);
  expect(again.meter.wh).toBe(501);
  const newer = await openMeter({ wh: 777, asOfMs: nowMs + 5_000 }, first.settings.file);
  expect(newer.meter.wh).toBe(777);
});

test('time that is not trusted does not date a register', async () => {
  const { meter, clock, listen, pulse, settings } = await openMeter({ wh: 5, asOfMs: 1_000 });
  clock.setWall(nowMs * 2, false);
  listen();
  pulse();
  await meter.save();
  expect((await loadRegister(settings.file))?.asOfMs).toBe(1_000);
});

test('a register that cannot be written is kept, and written when it can be', async () => {
  const blocked = join(await mkdtemp(join(tmpdir(), 'kadoru-meter-')), 'registers');
  const { meter, settings, pulse, listen } = await openMeter(undefined, join(blocked, 'pv-1.json'));
  await writeFile(blocked, 'a file where the folder should be');
  listen();
  pulse();
  await expect(meter.save()).rejects.toThrow(/EEXIST|ENOTDIR/);
  await rm(blocked);
  await meter.save();
  expect((await loadRegister(settings.file))?.register.wh).toBe(1);
});

test('the display counts when it is newer, the persisted register otherwise, and 0 when there is neither', () => {
  const persisted = { register: { wh: 10, remainder: 1, per: 3 }, pulses: 9, asOfMs: 1_000 };
  expect(startingRegister(persisted, { wh: 50, asOfMs: 1_001 }, rate)).toEqual({
    register: { wh: 50, remainder: 0, per: 1_000 },
    pulses: 9,
    asOfMs: 1_001,
  });
  expect(startingRegister(persisted, { wh: 50, asOfMs: 1_000 }, rate)).toMatchObject({
    register: { wh: 10, remainder: 333, per: 1_000 },
  });
  expect(startingRegister(undefined, undefined, rate).register.wh).toBe(0);
});

test('what a register may fall behind after a kill is told: from when, and where it stands', async () => {
  const first = await openMeter({ wh: 1_000, asOfMs: nowMs - 1 });
  expect(first.meter.rollbackEvents()).toEqual([]);
  first.listen();
  first.pulse();
  await first.meter.save();
  first.pulse();
  // Killed here: the last pulse is not in the file.
  const again = await openMeter(undefined, first.settings.file);
  expect(again.meter.rollbackEvents()).toEqual([
    {
      kind: 'register-rollback',
      channel: 'pv-1/generated',
      from: nowMs + 1_000,
      wh: 1_001,
      why: 'unclean stop',
    },
  ]);
  const displayed = await openMeter({ wh: 5_000, asOfMs: nowMs * 2 }, first.settings.file);
  expect(displayed.meter.rollbackEvents()).toEqual([]);
});
