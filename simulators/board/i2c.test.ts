import { expect, test } from 'vitest';
import { createBoard, type Board } from './board.ts';
import { loadStandardFirmata } from './firmware.ts';
import { idleWiring } from './idle-wiring.ts';
import { runUntil, startFirmata, type FirmataIo } from './virtual-session.ts';

const address = 0x48;
const patience = { timeout: 120_000 };

/** AINx against ground, PGA, single shot, 860 samples a second, start. */
const configFor = (pin: number, gain: number): number =>
  0x8000 | ((4 + pin) << 12) | (gain << 9) | 0x0100 | (7 << 5) | 0x03;

async function readWord(board: Board, io: FirmataIo, register: number): Promise<number> {
  let bytes: readonly number[] | undefined;
  io.i2cReadOnce(address, register, 2, (reply) => (bytes = reply));
  await runUntil(board, `register ${register}`, () => bytes !== undefined);
  return Buffer.from(bytes ?? []).readUInt16BE(0);
}

async function convert(board: Board, io: FirmataIo, config: number): Promise<number> {
  io.i2cWrite(address, 1, [config >> 8, config & 0xff]);
  while ((await readWord(board, io, 1)) < 0x8000) await runUntil(board, 'the OS bit', () => true);
  return Buffer.from(Uint16Array.of(await readWord(board, io, 0)).buffer).readInt16LE(0);
}

const fullScaleVolts = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256];

test('through firmware and I2C every gain gives the right two’s complement', patience, async () => {
  const volts = [0.2, -0.001, 3.3, 5];
  const board = createBoard({
    firmware: loadStandardFirmata(),
    wiring: { ...idleWiring, inputVolts: (pin) => volts[pin] ?? 0 },
  });
  const { io } = await startFirmata(board);
  io.i2cConfig();
  for (const [gain, scale] of fullScaleVolts.entries()) {
    for (const [pin, input] of volts.entries()) {
      const exact = (input / scale) * 0x8000;
      const counts = await convert(board, io, configFor(pin, gain));
      expect(Math.abs(counts - Math.min(exact, 0x7fff))).toBeLessThanOrEqual(0.5);
    }
  }
});

test(
  'an absent chip is an error before the reply, whose bytes are left over',
  patience,
  async () => {
    let present = true;
    const board = createBoard({
      firmware: loadStandardFirmata(),
      wiring: { ...idleWiring, inputVolts: () => 1, adcPresent: () => present },
    });
    const { io } = await startFirmata(board);
    io.i2cConfig();
    expect(await convert(board, io, configFor(0, 1))).toBe(8000);

    present = false;
    const heard: unknown[] = [];
    io.on('string', (text) => heard.push(text));
    io.i2cReadOnce(address, 0, 2, (reply) => heard.push(reply));
    await runUntil(board, 'the reply', () => heard.length >= 2);
    // StandardFirmata 2.5 sends its receive buffer as it is: the last good value. Only the string tells.
    expect(heard).toEqual(['I2C: Too few bytes received', [8000 >> 8, 8000 & 0xff]]);

    present = true;
    expect(await readWord(board, io, 1)).toBe(0x8583);
    expect(await convert(board, io, configFor(0, 1))).toBe(8000);
  },
);
