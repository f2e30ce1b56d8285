import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeOpened } from '../../config/describe.ts';
import { ConfigError, parseConfig } from '../../config/load.ts';

const basics = {
  site: 'keihin',
  device: 'pi-1',
  data: './data',
  mqtt: { url: 'mqtt://127.0.0.1:1883' },
};
const pv = { id: 'pv-1', kind: 'echonet', address: '192.168.1.20', object: 'pv' };

function mistakes(config: object): readonly string[] {
  try {
    parseConfig(stringify({ ...basics, ...config }), 'device.yaml');
  } catch (error) {
    if (error instanceof ConfigError)
      return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('the configuration in the README is right, and --check says what it opens', async () => {
  const text = await readFile(new URL('README.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];
  const config = parseConfig(yaml, 'README.md');
  expect(config.echonet).toEqual({ bind: '0.0.0.0', interface: '192.168.1.5', port: 3610 });
  expect(describeOpened(config).slice(-4)).toEqual([
    'ECHONET Lite: UDP 0.0.0.0:3610, multicast through 192.168.1.5',
    'pv-1 (whatever it has): ECHONET Lite pv 0x027901 of 192.168.1.20, every 60 s',
    'fc-1 (power generated gas): ECHONET Lite fuel-cell 0x027C01 of 192.168.1.21, every 60 s',
    'grid-1 (whatever it has): ECHONET Lite smart-meter 0x028801 of the one node that has it, every 60 s',
  ]);
});

test('what is left out has a default, and a device without such meters opens no port', () => {
  const config = parseConfig(stringify({ ...basics, meters: [pv] }), 'device.yaml');
  expect(config.meters[0]).toEqual({ ...pv, instance: 1, sampleSeconds: 60 });
  expect(config.echonet).toEqual({ bind: '0.0.0.0', port: 3610 });
  const w1 = { kind: 'w1', sensor: '28-01', placement: 'wall' };
  const without = parseConfig(
    stringify({ ...basics, packs: [{ id: 'pack-1', temperature: w1 }] }),
    'device.yaml',
  );
  expect(describeOpened(without).join()).not.toContain('ECHONET');
});

test('all mistakes at once, with path, value and the way out', () => {
  const found = mistakes({
    echonet: { bind: 'eth0', port: 0, colour: 'blue' },
    meters: [
      { ...pv, address: 'solar.local', quantities: ['generated', 'gas', 'generated'] },
      { ...pv, id: 'x', object: 'boiler', instance: 200, sampleSeconds: 0.1, pin: 3 },
    ],
  });
  for (const expected of [
    /^echonet\.bind: .*192\.168.*"eth0"/,
    /^echonet\.port: .*0/,
    /^echonet: .*colour/,
    /^meters\[0\]\.address: .*or discover; found "solar\.local"/,
    /^meters\[1\]\.object: .*smart-meter.*"boiler"/,
    /^meters\[1\]\.instance: .*127.*200/,
    /^meters\[1\]\.sampleSeconds: .*0\.1/,
    /^meters\[1\]: .*pin/,
  ])
    expect(found, String(expected)).toContainEqual(expect.stringMatching(expected));
  expect(mistakes({ meters: [{ ...pv, quantities: ['generated', 'gas', 'generated'] }] })).toEqual([
    expect.stringMatching(
      /^meters\[0\]\.quantities\[1\]: a pv measures power generated exported; found "gas"/,
    ),
    expect.stringMatching(/^meters\[0\]\.quantities\[2\]: generated is already/),
  ]);
});

test('two meters on one object, and two with one id, are refused', () => {
  expect(
    mistakes({
      meters: [
        pv,
        { ...pv, id: 'pv-2', instance: 1 },
        { ...pv, id: 'pv-3', instance: 2 },
        { ...pv, id: 'grid-1', address: 'discover', object: 'smart-meter' },
        { ...pv, id: 'grid-1', address: 'discover', object: 'smart-meter' },
      ],
    }),
  ).toEqual([
    expect.stringMatching(/^meters\[4\]\.id: id grid-1 is already used by meters\[3\]\.id/),
    expect.stringMatching(
      /^meters\[1\]\.object: .*pv 1 at 192\.168\.1\.20 is already used by meters\[0\]/,
    ),
    expect.stringMatching(/^meters\[4\]\.object: .*smart-meter 1 at discover is already used/),
  ]);
});
