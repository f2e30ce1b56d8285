import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseScenario } from '../scenarios/scenario.ts';
import { parseCommand } from './commands.ts';
import { serveGridMeter } from './grid-meter.ts';

const { gridMeter } = parseScenario('', 'test');

test('what the household took and gave is read over Modbus TCP, and commands reach the meter', async () => {
  let meters = {
    powerW: -1_250,
    importedWh: 3_456_789,
    exportedWh: 1_000_000,
    solarExportedWh: 4_000,
  };
  const meter = await serveGridMeter(gridMeter, () => meters);
  onTestFinished(() => meter.close());
  const { hostname, port } = new URL(meter.address);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  /** A float of two input registers: function 4. */
  const read = async (address: number, unit = 1): Promise<number> => {
    socket.write(Buffer.from([0, 1, 0, 0, 0, 6, unit, 4, 0, address, 0, 2]));
    const [answer]: unknown[] = await once(socket, 'data');
    if (!Buffer.isBuffer(answer)) throw new Error('no bytes');
    return answer.readFloatBE(9);
  };
  expect(await read(0x48)).toBeCloseTo(3_456.789, 3);
  expect(await read(0x4a)).toBe(1_000);
  expect(await read(0x0c)).toBe(-1_250);
  expect(await read(0x4a, 2)).toBe(4);
  meters = { ...meters, exportedWh: 1_500_000 };
  expect(await read(0x4a)).toBe(1_500);
  const obey = (line: string): void => {
    const command = parseCommand(line);
    if (typeof command === 'string' || command.kind !== 'grid-meter') throw new Error(line);
    meter.obey(command.apply);
  };
  obey('grid-meter wake-up-zero 1');
  expect(await read(0x4a)).toBe(0);
  obey('grid-meter swap 77 250000');
  expect(await read(0x4a)).toBe(250);
  meters = { ...meters, exportedWh: 1_600_000 };
  expect(await read(0x4a)).toBe(350);
});

test('a port that is taken is an error', async () => {
  const meters = () => ({ powerW: 0, importedWh: 0, exportedWh: 0, solarExportedWh: 0 });
  const first = await serveGridMeter(gridMeter, meters);
  onTestFinished(() => first.close());
  const { hostname, port } = new URL(first.address);
  await expect(serveGridMeter({ ...gridMeter, listen: first.address }, meters)).rejects.toThrow(
    `cannot serve on ${hostname}:${port}`,
  );
});
