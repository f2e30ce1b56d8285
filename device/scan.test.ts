import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { foundAsYaml, scan } from './scan.ts';

test('what is plugged in is found, stable names first and not twice', async () => {
  const root = await mkdtemp(join(tmpdir(), 'kadoru-scan-'));
  const places = {
    serialById: join(root, 'by-id'),
    devices: join(root, 'dev'),
    w1: join(root, 'w1'),
  };
  await mkdir(places.serialById);
  await mkdir(places.devices);
  await mkdir(join(places.w1, '28-0000001'), { recursive: true });
  await mkdir(join(places.w1, 'w1_bus_master1'));
  for (const name of ['ttyACM0', 'ttyUSB0', 'i2c-1', 'gpiochip0', 'null'])
    await writeFile(join(places.devices, name), '');
  await symlink('../dev/ttyACM0', join(places.serialById, 'usb-Arduino-if00'));
  const found = await scan(places);
  expect(found).toEqual({
    serialPorts: [join(places.serialById, 'usb-Arduino-if00'), join(places.devices, 'ttyUSB0')],
    i2cBuses: [join(places.devices, 'i2c-1')],
    gpioChips: [join(places.devices, 'gpiochip0')],
    w1Sensors: ['28-0000001'],
  });
  const meter = {
    id: 'pv-1',
    kind: 'echonet',
    address: '192.168.1.20',
    object: 'pv',
    instance: 1,
  } as const;
  const nodes = [['192.168.1.20', [0x027901]]] as const;
  const text = foundAsYaml(found, places.w1, { meters: [meter], nodes });
  expect(text).toContain('i2c-1');
  expect(text).toContain('gpiochip0');
  expect(text).toContain('192.168.1.20 (0x027901)');
  expect(parse(text)).toMatchObject({ meters: [meter] });
  expect(parse(text)).toMatchObject({
    boards: [{ port: found.serialPorts[0] }, { port: found.serialPorts[1] }],
    packs: [{ temperature: { sensor: '28-0000001' } }],
  });
});

test('a machine with nothing attached is no error', async () => {
  const nowhere = join(tmpdir(), 'kadoru-nowhere');
  const found = await scan({ serialById: nowhere, devices: nowhere, w1: nowhere });
  expect(found).toEqual({ serialPorts: [], i2cBuses: [], gpioChips: [], w1Sensors: [] });
  expect(foundAsYaml(found, nowhere)).toContain('none found');
});
