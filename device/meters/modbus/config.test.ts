import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeOpened } from '../../config/describe.ts';
import { ConfigError, parseConfig } from '../../config/load.ts';

const basics = {
  site: 'keihin',
  device: 'pi-1',
  data: './data',
  mqtt: { url: 'mqtt://127.0.0.1' },
};
const rtu = { id: 'rs485', kind: 'modbus-rtu', port: '/dev/serial/by-id/usb-FTDI' };
const tcp = { id: 'lan', kind: 'modbus-tcp', address: 'tcp://192.168.1.20:502' };
const pv = { id: 'pv-1', kind: 'modbus', bus: 'rs485', unit: 1, profile: 'sdm230' };

/** What is wrong with these buses, meters and profiles, a line each. */
function mistakes(more: object): string[] {
  try {
    parseConfig(stringify({ ...basics, ...more }), 'device.yaml');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

test('what would be opened is said: lines, units, registers, and where to look into the manual', () => {
  const config = parseConfig(
    stringify({
      ...basics,
      buses: [{ ...rtu, baudRate: 19_200, parity: 'even' }, tcp],
      meters: [
        { ...pv, quantities: { generated: 'imported', power: { register: 'power', sign: -1 } } },
        { ...pv, id: 'grid-1', bus: 'lan', unit: 0, profile: 'km-n1', quantities: ['imported'] },
      ],
    }),
    'device.yaml',
  );
  const lines = describeOpened(config);
  for (const expected of [
    'bus rs485: modbus-rtu on /dev/serial/by-id/usb-FTDI, 19200 baud, parity even, 1 stop bit, answers within 1000 ms',
    'bus lan: modbus-tcp on tcp://192.168.1.20:502, answers within 1000 ms',
    'pv-1/generated: unit 1 of rs485, sdm230, function 4 address 0x0048 float32, every 60 s',
    'pv-1/power: unit 1 of rs485, sdm230, function 4 address 0x000c float32, sign turned, every 60 s',
    'grid-1/imported: unit 0 of lan, km-n1, function 3 address 0x0200 uint32, every 60 s; check this profile against the manual',
  ])
    expect(lines).toContain(expected);
});

test('all mistakes are reported at once, with path and value', () => {
  const found = mistakes({
    buses: [
      { ...rtu, baudRate: 300 },
      { ...tcp, timeoutMs: 200 },
      { id: 'lan', kind: 'modbus-rtu-tcp', address: '192.168.1.20' },
      { id: 'x', kind: 'modbus-ascii', port: '/dev/ttyUSB0' },
    ],
    meters: [
      { ...pv, profile: 'sdm121', sampleSeconds: 'often' },
      { ...pv, id: 'pv-2', bus: 'rs422', unit: 300 },
      { ...pv, id: 'pv-3', colour: 'red', quantities: ['generation'] },
    ],
    modbusProfiles: {
      mine: { registers: { imported: { function: 6, address: 70_000, type: 'bcd' } } },
    },
  });
  for (const expected of [
    /^buses\[0\]\.baudRate: .*300/,
    /^buses\[1\]\.timeoutMs: must be at least 1000.*200/,
    /^buses\[2\]\.address: must be tcp:\/\/host:port; found "192\.168\.1\.20"/,
    /^buses\[3\]\.kind: /,
    /^meters\[0\]\.profile: "sdm121" is no configured profile; known: sdm120 sdm230 sdm630 iem3000 km-n1 mine/,
    /^meters\[0\]\.sampleSeconds: .*often/,
    /^meters\[1\]\.unit: .*300/,
    /^meters\[1\]\.bus: "rs422" is no configured bus; known: rs485 lan lan x/,
    /^buses\[2\]\.id: bus id lan is already used by buses\[1\]\.id/,
    /^meters\[2\]: .*colour/,
    /^meters\[2\]\.quantities/,
    /^modbusProfiles\.mine\.registers\.imported\.function: must be 3 .* or 4/,
    /^modbusProfiles\.mine\.registers\.imported\.address: .*70000/,
    /^modbusProfiles\.mine\.registers\.imported\.type: /,
  ])
    expect(found, String(expected)).toContainEqual(expect.stringMatching(expected));
  expect(found).toHaveLength(14);
});

test('what refers to nothing, and what is read twice, is a mistake', () => {
  const found = mistakes({
    buses: [rtu, { ...tcp, id: 'lan' }, { ...tcp, id: 'lan-2' }, { ...rtu, port: '/dev/ttyUSB9' }],
    meters: [
      pv,
      { ...pv, id: 'grid-1', quantities: ['imported'] },
      { ...pv, id: 'load-1', unit: 2, bus: 'rs-485' },
      { ...pv, id: 'pv-1', unit: 3 },
      { ...pv, id: 'unit-0', unit: 0 },
      { ...pv, id: 'odd', unit: 4, profile: 'km-n1', quantities: ['power'] },
      {
        ...pv,
        id: 'twofold',
        unit: 5,
        quantities: { generated: 'imported', imported: 'imported' },
      },
      { ...pv, id: 'heat-1', unit: 6, quantities: { heat: 'imported' } },
    ],
  });
  for (const expected of [
    /^buses\[2\]\.address: bus tcp:\/\/192\.168\.1\.20:502 is already used by buses\[1\]\.address/,
    /^buses\[3\]\.id: bus id rs485 is already used/,
    /^meters\[1\]\.unit \(imported\): register 4\/72 of unit 1 on rs485 is already used by meters\[0\]/,
    /^meters\[2\]\.bus: "rs-485" is no configured bus; known: rs485/,
    /^meters\[3\]\.id: id pv-1 is already used by meters\[0\]\.id/,
    /^meters\[4\]\.unit: must be 1 to 247 on a serial line; found 0/,
    /^meters\[5\]\.quantities\.power: the profile has no "power"; it has: exported imported/,
    /^meters\[6\]\.quantities\.imported: register "imported" is already read for quantities\.generated/,
    /^meters\[7\]\.quantities\.heat: "heat" is in kJ, register "imported" in Wh/,
  ])
    expect(found, String(expected)).toContainEqual(expect.stringMatching(expected));
  expect(found).toHaveLength(9);
});

test('registers of a profile may not overlap, and a profile needs one', () => {
  const register = { function: 3, address: 10, type: 'uint64' };
  expect(
    mistakes({
      buses: [rtu],
      meters: [pv],
      modbusProfiles: {
        overlapping: { registers: { imported: register, exported: { ...register, address: 13 } } },
        touching: { registers: { imported: register, exported: { ...register, address: 14 } } },
        apart: { registers: { imported: register, exported: { ...register, function: 4 } } },
        empty: { registers: {} },
      },
    }),
  ).toEqual([
    expect.stringMatching(
      /^modbusProfiles\.overlapping\.registers\.imported\.address: overlaps the registers of exported; found 10/,
    ),
    expect.stringMatching(/^modbusProfiles\.empty\.registers: needs at least one register/),
  ]);
});
