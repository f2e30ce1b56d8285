import { expect, test } from 'vitest';
import { loadStandardFirmata } from '../board/firmware.ts';
import { runUntil, startFirmata, type FirmataIo } from '../board/virtual-session.ts';
import { instrumentsOf } from '../scenarios/instruments.ts';
import { firstWorld, parseScenario, worldSetup } from '../scenarios/scenario.ts';
import { loopCounts } from '../world/instruments.ts';
import { loopMilliamps } from '../world/transmitter.ts';
import { stepWorld } from '../world/world.ts';
import { createPlant, type Plant } from './plant.ts';

const patience = { timeout: 120_000 };
const scenario = parseScenario(
  'loops: { pressure: { noiseMpa: 0 }, temperature: { noiseC: 0 } }',
  'test',
);
const noonMs = Date.parse('2026-06-21T12:00:00+09:00');
const first = firstWorld(scenario, noonMs);

const plantAt = (speed: number, peakKw = scenario.array.peakKw): Plant =>
  createPlant({
    setup: worldSetup({ ...scenario, array: { ...scenario.array, peakKw } }),
    instruments: instrumentsOf(scenario),
    state: first,
    speed,
    pulsePin: scenario.meter.pin,
    firmware: loadStandardFirmata(),
  });

/** mA in a loop as the real firmware reads it: ADS1115 at +-4.096 V, single shot, over 150 ohm. */
async function milliamps({ board }: Plant, io: FirmataIo, input: number): Promise<number> {
  const config = 0x83e3 | ((4 + input) << 12);
  io.i2cWrite(0x48, 1, [config >> 8, config & 0xff]);
  let counts: number | undefined;
  board.runMs(10);
  io.i2cReadOnce(0x48, 0, 2, (bytes) => (counts = Buffer.from(bytes).readInt16BE(0)));
  await runUntil(board, 'a conversion', () => counts !== undefined);
  return (((counts ?? Number.NaN) * 125e-6) / 150) * 1000;
}

test(
  'through firmware and converter both loops show the truth, and faults show as NAMUR faults',
  patience,
  async () => {
    const plant = plantAt(1);
    const { io } = await startFirmata(plant.board);
    io.i2cConfig();
    plant.hold('temperature', 20);
    plant.hold('pressure', 12.3);
    // One count is 0.83 uA.
    expect(Math.abs((await milliamps(plant, io, 0)) - (4 + (12.3 / 40) * 16))).toBeLessThan(0.001);
    expect(Math.abs((await milliamps(plant, io, 1)) - (4 + (60 / 125) * 16))).toBeLessThan(0.001);

    plant.fault({ kind: 'loop', loop: 'pressure', state: 'cut' });
    expect(await milliamps(plant, io, 0)).toBeLessThanOrEqual(3.6);
    plant.fault({ kind: 'loop', loop: 'temperature', state: 'short' });
    expect(await milliamps(plant, io, 1)).toBeGreaterThanOrEqual(21);
    plant.fault({ kind: 'loop', loop: 'pressure', state: 'whole' });
    expect(Math.abs((await milliamps(plant, io, 0)) - 8.92)).toBeLessThan(0.001);

    plant.fault({ kind: 'adc', present: false });
    let complaint: unknown;
    io.once('string', (text) => (complaint = text));
    io.i2cReadOnce(0x48, 0, 2, () => undefined);
    await runUntil(plant.board, 'the complaint', () => complaint !== undefined);
    expect(complaint).toContain('I2C');
  },
);

test(
  'through firmware and converter: a stuck transmitter stays, a vented line empties, a mended one shows the truth',
  patience,
  async () => {
    const plant = plantAt(1);
    const { io } = await startFirmata(plant.board);
    io.i2cConfig();
    plant.hold('temperature', 20);
    plant.hold('pressure', 12.3);
    plant.stick('pressure');
    plant.hold('pressure', 5);
    expect(Math.abs((await milliamps(plant, io, 0)) - (4 + (12.3 / 40) * 16))).toBeLessThan(0.001);
    plant.fault({ kind: 'loop', loop: 'pressure', state: 'whole' });
    expect(Math.abs((await milliamps(plant, io, 0)) - 6)).toBeLessThan(0.001);

    plant.act({ kind: 'isolate' });
    plant.board.runMs(20_000);
    expect(Math.abs((await milliamps(plant, io, 0)) - 4)).toBeLessThan(0.002);
    plant.exchange(14);
    plant.act({ kind: 'reopen' });
    plant.board.runMs(30_000);
    expect(plant.report().pressureMpa).toBeCloseTo(14, 2);
    expect(Math.abs((await milliamps(plant, io, 0)) - 9.6)).toBeLessThan(0.01);
  },
);

test(
  'an inexact chain is off by what its seed drew, through the real firmware too',
  patience,
  async () => {
    const inexact = parseScenario(
      'loops: { pressure: { noiseMpa: 0 }, temperature: { noiseC: 0 } }\nclasses: {}\nseed: 5',
      'test',
    );
    const instruments = instrumentsOf(inexact);
    const plant = createPlant({
      setup: worldSetup(inexact),
      instruments,
      state: firstWorld(inexact, noonMs),
      speed: 1,
      pulsePin: 2,
      firmware: loadStandardFirmata(),
    });
    const { io } = await startFirmata(plant.board);
    io.i2cConfig();
    plant.hold('temperature', 30);
    plant.hold('pressure', 12.3);
    const { pressure } = instruments;
    const wanted = loopCounts(pressure, loopMilliamps(pressure.transmitter, 12.3, 30, 0));
    const read = (await milliamps(plant, io, 0)) / (125e-6 / 0.15);
    expect(Math.abs(read - wanted)).toBeLessThan(1.01);
    expect(Math.abs(read - (0.6 + (12.3 / 40) * 2.4) / 125e-6)).toBeGreaterThan(3);
    const shown = ((await milliamps(plant, io, 1)) - 4) * (125 / 16) - 40;
    expect(Math.abs(shown - plant.report().thermometerC)).toBeLessThan(0.01);
    expect(Math.abs(shown - 30)).toBeGreaterThan(0.05);
  },
);

test('the firmware reports every pulse that the meter makes', patience, async () => {
  const plant = plantAt(1, 0);
  const { io } = await startFirmata(plant.board);
  let level = 1;
  let pulses = 0;
  io.pinMode(2, io.MODES.INPUT);
  io.digitalRead(2, (now) => {
    if (now === 0 && level === 1) pulses += 1;
    level = now;
  });
  plant.board.runMs(200);
  const until = plant.owePulses(60);
  await runUntil(plant.board, 'the pulses', () => plant.report().pulsesEmitted >= until, 10_000);
  await runUntil(plant.board, 'the last report', () => pulses >= 60, 1000);
  plant.board.runMs(500);
  expect(pulses).toBe(60);
  expect(plant.report().pulsesPending).toBe(0);
});

test('speed moves the world and nothing else', patience, () => {
  const setup = worldSetup(scenario);
  for (const speed of [0.5, 1, 60]) {
    const plant = plantAt(speed);
    plant.board.runMs(500);
    expect(plant.state()).toEqual(stepWorld(setup, first, 500 * speed));
    expect(Math.round(plant.board.simulatedMs)).toBe(500);
  }
});
