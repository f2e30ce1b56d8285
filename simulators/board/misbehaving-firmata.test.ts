import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FirmataTransport } from './firmata-transport.ts';
import { createMisbehavingFirmata, type Misbehaviour } from './misbehaving-firmata.ts';
import { openFirmata } from './virtual-session.ts';

/** What the real firmata-io makes of a board, after every answer it was going to get. */
async function meet(misbehaviour: Misbehaviour) {
  const transport = new FirmataTransport(createMisbehavingFirmata(misbehaviour));
  const heard: Buffer[] = [];
  transport.on('data', (bytes: Buffer) => heard.push(bytes));
  const io = openFirmata(transport);
  const seen = new Set<string>();
  for (const event of ['reportversion', 'queryfirmware', 'capability-query', 'analog-read-0']) {
    io.on(event, () => seen.add(event));
  }
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  io.reportVersion(() => seen.add('answer'));
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  return { io, seen: [...seen], heard: Buffer.concat(heard) };
}

test('silence', async () => {
  const { io, heard } = await meet({ kind: 'silence' });
  expect(heard).toHaveLength(0);
  expect(io.isReady).toBe(false);
});

test('garbage is the same for the same seed, and no handshake', async () => {
  const one = await meet({ kind: 'garbage', seed: 7 });
  const other = await meet({ kind: 'garbage', seed: 7 });
  const third = await meet({ kind: 'garbage', seed: 8 });
  expect(one.heard).toHaveLength(512);
  expect(other.heard).toEqual(one.heard);
  expect(third.heard).not.toEqual(one.heard);
  expect(one.io.isReady).toBe(false);
});

test('half a message: the handshake starts and never ends', async () => {
  const { io, seen } = await meet({ kind: 'half-message' });
  expect(seen).toEqual(['reportversion', 'queryfirmware', 'answer']);
  expect(io.isReady).toBe(false);
});

test('a wrong version, otherwise in order', async () => {
  const { io } = await meet({ kind: 'wrong-version', major: 1, minor: 9 });
  expect(io.version).toEqual({ major: 1, minor: 9 });
  expect(io.isReady).toBe(true);
});

test('mute: ready, but never a reading', async () => {
  const { io, seen } = await meet({ kind: 'mute' });
  expect(io.isReady).toBe(true);
  expect(io.firmware.name).toBe('StandardFirmata.ino');
  const readings: number[] = [];
  io.analogRead(0, (value) => readings.push(value));
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(readings).toEqual([]);
  expect(seen).toContain('capability-query');
});
