import five from 'johnny-five';
import { expect, test } from 'vitest';
import { createBoard } from './board.ts';
import { FirmataTransport } from './firmata-transport.ts';
import { loadStandardFirmata } from './firmware.ts';
import { idleWiring } from './idle-wiring.ts';
import { openFirmata, runUntil, startFirmata } from './virtual-session.ts';
import type { Wiring } from './wiring.ts';

const firmware = loadStandardFirmata();
const patience = { timeout: 120_000 };
const board = (wiring: Partial<Wiring> = {}) =>
  createBoard({ firmware, wiring: { ...idleWiring, ...wiring } });

test('the real firmware boots, names itself and boots again after a reset', patience, async () => {
  const uno = board();
  const { io } = await startFirmata(uno);
  expect(io.version).toEqual({ major: 2, minor: 5 });
  expect(io.firmware.version).toEqual({ major: 2, minor: 5 });
  expect(io.firmware.name).toBe('StandardFirmata.ino');

  let reports = 0;
  io.on('reportversion', () => (reports += 1));
  const beforeMs = uno.simulatedMs;
  uno.reset();
  await runUntil(uno, 'the second boot', () => reports > 0);
  expect(reports).toBe(1);
  expect(uno.simulatedMs).toBeGreaterThan(beforeMs);
});

test('Johnny-Five reads the analog inputs', patience, async () => {
  const uno = board();
  const set = [2.5, 3.3, 0.49];
  for (const [input, volts] of set.entries()) uno.setAnalogVolts(input, volts);
  const io = openFirmata(new FirmataTransport(uno));
  await runUntil(uno, 'the handshake', () => io.isReady);
  const options = { io, repl: false, debug: false, sigint: false };
  const johnny = new five.Board(options);
  let ready = false;
  johnny.on('ready', () => (ready = true));
  await runUntil(uno, 'Johnny-Five', () => ready);
  const seen = new Map<number, number>();
  for (const input of set.keys()) {
    johnny.analogRead(input, (value) => seen.set(input, (value / 1024) * 5));
  }
  await runUntil(uno, 'a report of every input', () => seen.size === set.length);
  for (const [input, volts] of set.entries()) {
    expect(Math.abs((seen.get(input) ?? Number.NaN) - volts)).toBeLessThanOrEqual(5 / 1024);
  }
});

test('500 of 500 pulses arrive as falling edges', patience, async () => {
  const pulses = 500;
  const periodMs = 20;
  let startMs = Number.POSITIVE_INFINITY;
  let nowMs = 0;
  let sent = 0;
  let low = false;
  const uno = board({
    step(simulatedMs) {
      nowMs = simulatedMs;
      const wasLow = low;
      low = sent + (wasLow ? 0 : 1) <= pulses && (nowMs - startMs) % periodMs >= periodMs / 2;
      if (low && !wasLow) sent += 1;
    },
    pinLevel: (pin) => (pin === 7 && low ? false : undefined),
  });
  const { io } = await startFirmata(uno);
  const levels: number[] = [];
  io.pinMode(7, io.MODES.PULLUP);
  io.digitalRead(7, (level) => levels.push(level));
  await runUntil(uno, 'the baseline', () => levels.at(-1) === 1);
  startMs = Math.ceil(uno.simulatedMs);
  await runUntil(uno, 'the last pulse', () => sent === pulses && !low, pulses * periodMs * 2);
  await runUntil(uno, 'the last edge', () => levels.at(-1) === 1);
  const falls = levels.filter((level, index) => level === 0 && levels[index - 1] === 1).length;
  expect(sent).toBe(pulses);
  expect(falls).toBe(pulses);
});

test('a pin that nobody drives follows the pull-up', patience, async () => {
  const uno = board();
  const { io } = await startFirmata(uno);
  const levels: number[] = [];
  io.digitalRead(4, (level) => levels.push(level));
  io.pinMode(4, io.MODES.PULLUP);
  await runUntil(uno, 'high', () => levels.at(-1) === 1);
  io.pinMode(4, io.MODES.INPUT);
  await runUntil(uno, 'low', () => levels.at(-1) === 0);
  expect(levels.filter((level, index) => level !== levels[index - 1])).toEqual([0, 1, 0]);
});

test('nothing is lost when both directions of the serial line are busy', patience, async () => {
  const uno = board();
  const { io } = await startFirmata(uno);
  io.setSamplingInterval(10);
  for (let input = 0; input < 6; input += 1) io.analogRead(input, () => undefined);
  let asked = 0;
  let answered = 0;
  io.on('reportversion', () => (answered += 1));
  for (let burst = 0; burst < 50; burst += 1) {
    // One byte each, answered with three: well within the firmware's receive buffer of 64.
    for (let query = 0; query < 20; query += 1) uno.receive(Uint8Array.of(0xf9));
    asked += 20;
    await runUntil(uno, `answer ${asked}`, () => answered === asked, 1000);
  }
  expect(answered).toBe(1000);
});

test('more than the queue holds is counted, and the firmware goes on', patience, async () => {
  const uno = board();
  const { io } = await startFirmata(uno);
  uno.receive(new Uint8Array(5000));
  expect(uno.receiveOverflowBytes).toBeGreaterThan(0);
  let answered = false;
  await runUntil(uno, 'room in the queue', () => {
    const before = uno.receiveOverflowBytes;
    if (!answered) io.reportVersion(() => (answered = true));
    return answered || uno.receiveOverflowBytes === before;
  });
  await runUntil(uno, 'an answer', () => answered);
});

test('running the board from its own callback is refused', () => {
  const uno = board({ step: () => uno.runMs(1) });
  expect(() => uno.runMs(1)).toThrow('from within a callback');
});
