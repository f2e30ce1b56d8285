import five from 'johnny-five';
import { afterEach, expect, test } from 'vitest';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import { FirmataBoard } from './firmata-board.ts';
import { LoopbackFirmata } from './loopback-firmata.ts';
import type { PinEvent } from './port.ts';
import { openWire } from './wire.ts';

const patience = { timeout: 20_000 };
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Opened {
  readonly board: FirmataBoard;
  readonly firmata: LoopbackFirmata;
  readonly url: string;
  readonly events: PinEvent[];
  readonly reasons: string[];
}

async function open(prepare: (firmata: LoopbackFirmata) => void = () => {}): Promise<Opened> {
  const firmata = new LoopbackFirmata();
  prepare(firmata);
  const url = await firmata.listen();
  const reasons: string[] = [];
  const say = (): void => {};
  const board = new FirmataBoard(
    {
      id: 'uno',
      port: url,
      readyTimeoutMs: 2_000,
      i2cTimeoutMs: 200,
      quietMs: 200,
      probeTimeoutMs: 500,
      reopen: { firstMs: 20, longestMs: 100 },
    },
    {
      openWire,
      clock: new JudgedTime(systemProbe),
      lagMs: () => 0,
      random: Math.random,
      log: {
        debug: say,
        info: say,
        error: say,
        warn: (fields) => reasons.push(JSON.stringify(fields)),
      },
    },
  );
  const events: PinEvent[] = [];
  board.watch({ pin: 2, pull: 'up' }, (event) => events.push(event));
  board.start();
  stops.push(async () => {
    await board.stop();
    await firmata.cut(true).catch(() => undefined);
  });
  return { board, firmata, url, events, reasons };
}

const ready = (board: FirmataBoard): Promise<void> =>
  expect.poll(() => board.state().kind, patience).toBe('ready');
const gone = ({ reasons }: Opened, why: string): Promise<void> =>
  expect.poll(() => reasons.join('\n'), patience).toContain(why);

test('it introduces itself, enables I2C and the watched pin, and reads', async () => {
  const { board, firmata } = await open();
  await ready(board);
  expect(board.state()).toEqual({ kind: 'ready', firmware: 'TestFirmata.ino, Firmata 2.5' });
  expect(await board.i2cRead(0x48, 1, 2)).toEqual({ kind: 'bytes', bytes: [0x12, 0x34] });
  expect(board.i2cWrite(0x48, [1, 0xc3, 0x83])).toBe(true);
  const written = [0xf0, 0x76, 0x48, 0, 1, 0, 0x43, 1, 3, 1, 0xf7];
  await expect.poll(() => firmata.received, patience).toContainEqual(written);
  expect(firmata.received).toContainEqual([0xf0, 0x78, 0, 0, 0xf7]);
  expect(firmata.received).toContainEqual([0xd0, 1]);
});

test('levels arrive as a baseline and then as levels, whichever pin of the port moved', async () => {
  const { board, firmata, events } = await open();
  await ready(board);
  for (const levels of [0b100, 0b000, 0b1000, 0b100]) firmata.report(levels);
  await expect.poll(() => events.length, patience).toBe(4);
  expect(events.map((event) => event.kind !== 'lost' && [event.kind, event.level])).toEqual([
    ['baseline', 1],
    ['level', 0],
    ['level', 0],
    ['level', 1],
  ]);
});

test('an I2C answer too short is an absent chip; no answer at all is a time-out that the next read survives', async () => {
  const { board, firmata } = await open();
  await ready(board);
  firmata.i2cBytes = [];
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({
    detail: expect.stringContaining('0 of 2 bytes'),
  });
  firmata.i2cBytes = undefined;
  expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({
    detail: expect.stringContaining('no answer'),
  });
  firmata.i2cBytes = [1, 2];
  expect(await board.i2cRead(0x48, 0, 2)).toEqual({ kind: 'bytes', bytes: [1, 2] });
});

test('a late I2C answer is not taken for the next one', async () => {
  const { board, firmata } = await open();
  await ready(board);
  firmata.i2cBytes = undefined;
  const timedOut = board.i2cRead(0x48, 0, 2);
  // After the time-out and before the answer to the sign of life, as a slow line delivers it.
  setTimeout(() => {
    firmata.send(0xf0, 0x77, 0x48, 0, 0, 0, 9, 0, 9, 0, 0xf7);
    firmata.answering = true;
    firmata.send(0xf0, 0x79, 2, 5, 0x54, 0, 0xf7);
  }, 350);
  firmata.answering = false;
  expect(await timedOut).toMatchObject({ kind: 'failed' });
  firmata.i2cBytes = [1, 2];
  expect(await board.i2cRead(0x48, 0, 2)).toEqual({ kind: 'bytes', bytes: [1, 2] });
});

test('unplugged, it says so, answers nothing, and comes back in the same process', async () => {
  const opened = await open();
  const { board, firmata, url, events } = opened;
  for (let round = 1; round <= 4; round += 1) {
    await ready(board);
    firmata.report(0b100);
    await firmata.cut(true);
    await expect.poll(() => board.state().kind, patience).toBe('away');
    expect(await board.i2cRead(0x48, 0, 2)).toMatchObject({ kind: 'failed' });
    expect(board.i2cWrite(0x48, [0])).toBe(false);
    await gone(opened, 'ECONNREFUSED');
    await firmata.listen(Number(new URL(url).port));
  }
  await ready(board);
  expect(events.filter(({ kind }) => kind === 'lost').length).toBeGreaterThanOrEqual(4);
  expect(five.Board).toHaveProperty('cache.length', 1);
});

test('a reset of the microcontroller is seen by its second version report', async () => {
  const opened = await open();
  await ready(opened.board);
  opened.firmata.introduce();
  await gone(opened, 'microcontroller was reset');
  await expect.poll(() => opened.firmata.opened, patience).toBe(2);
  await ready(opened.board);
});

test('silence after it was ready is noticed by asking', async () => {
  const opened = await open();
  await ready(opened.board);
  opened.firmata.answering = false;
  await gone(opened, 'no sign of life');
  opened.firmata.answering = true;
  await ready(opened.board);
});

test('a quiet board that answers when asked stays', async () => {
  const { board, firmata } = await open();
  await ready(board);
  const asked = (): number => firmata.received.filter(([, command]) => command === 0x79).length;
  await expect.poll(asked, patience).toBeGreaterThan(3);
  expect([board.state().kind, firmata.opened]).toEqual(['ready', 1]);
});

const noise = Uint8Array.from({ length: 2_000 }, (_, index) => (index * 97 + 13) % 256);
test.each([
  ['nothing at all', new Uint8Array(), 'no Firmata within 2 s'],
  ['garbage', noise, 'no Firmata within 2 s'],
  ['an endless message', new Uint8Array(8_000).fill(1, 1).fill(0xf0, 0, 1), 'endless message'],
  ['another protocol', Uint8Array.of(0xf9, 3, 1), 'speaks Firmata protocol 3.1'],
  ['half an introduction', Uint8Array.of(0xf9, 2, 5, 0xf0, 0x79, 2), 'no Firmata within 2 s'],
])(
  'a board that says %s is away with the reason, and usable once it behaves',
  async (_, greeting, why) => {
    const opened = await open((firmata) => {
      firmata.greeting = greeting;
      firmata.answering = false;
    });
    await gone(opened, why);
    opened.firmata.greeting = undefined;
    opened.firmata.answering = true;
    await ready(opened.board);
  },
);

test('a message that firmata-io cannot take costs the connection, not the process', async () => {
  const opened = await open();
  await ready(opened.board);
  // The state of a pin that no board has.
  opened.firmata.send(0xf0, 0x6e, 0x7e, 0, 0, 0xf7);
  await gone(opened, 'does not know');
  await ready(opened.board);
});

test('a port that cannot be opened says what to do', async () => {
  await expect(
    openWire('/dev/serial/by-id/no-such-board', 1_000, new AbortController().signal),
  ).rejects.toThrow('kadoru-device scan');
});
