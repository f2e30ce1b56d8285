import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseScenario } from '../scenarios/scenario.ts';
import { deviceYaml, firstScenarioYaml, gatewayYaml } from './configurations.ts';

const scenario = parseScenario(
  '{ pack: { openCylinders: 29 }, meter: { pin: 5, pulsesPerKwh: 800 } }',
  'test',
);

const echonet = { address: '127.0.0.20', port: 3610 };
const ports = { board: 'tcp://127.0.0.1:2', echonet, modbus: 'tcp://127.0.0.1:3' };

test('the device is told what the scenario has wired to it, and the register it takes over', () => {
  const handover = { registerWh: 1_250_000, asOfMs: Date.parse('2026-06-21T03:00:00Z') };
  const yaml = parse(deviceYaml('/d', 'mqtt://127.0.0.1:1', ports, scenario, handover));
  expect(yaml).toMatchObject({
    site: 'keihin',
    device: 'pi-1',
    boards: [{ id: 'uno', port: 'tcp://127.0.0.1:2' }],
    packs: [
      { pressure: { channel: 0, shuntOhm: 150, rangeMpa: [0, 40] }, temperature: { channel: 1 } },
    ],
    meters: [
      { pin: 5, pulsesPerKwh: 800, register: { wh: 1_250_000, asOf: '2026-06-21T03:00:00.000Z' } },
      { id: 'fc-1', kind: 'echonet', address: '127.0.0.20', object: 'fuel-cell' },
      { id: 'grid-1', kind: 'modbus', bus: 'house', unit: 1, profile: 'sdm230' },
      { id: 'sold-1', kind: 'modbus', bus: 'house', unit: 2, quantities: ['exported'] },
    ],
    buses: [{ id: 'house', kind: 'modbus-tcp', address: 'tcp://127.0.0.1:3' }],
    echonet: { bind: '127.0.0.1', port: 3610 },
  });
});

test('a machine that has no address for the fuel cell runs without it', () => {
  const handover = { registerWh: 1, asOfMs: Date.parse('2026-06-21T03:00:00Z') };
  const without = { ...ports, echonet: undefined };
  const yaml = z
    .object({ meters: z.array(z.object({ id: z.string() })), echonet: z.undefined().optional() })
    .parse(parse(deviceYaml('/d', 'mqtt://127.0.0.1:1', without, scenario, handover)));
  expect(yaml.meters.map(({ id }) => id)).toEqual(['pv-1', 'grid-1', 'sold-1']);
});

test('the gateway is told the pack the scenario has', () => {
  expect(parse(gatewayYaml('/g', 8080, 1883, scenario))).toMatchObject({
    data: '/g',
    http: { host: '127.0.0.1', port: 8080 },
    mqtt: { embedded: { host: '127.0.0.1', port: 1883 } },
    sites: [
      {
        id: 'keihin',
        packs: [{ id: 'pack-1', device: 'pi-1', cylinders: 29 }],
        generators: [
          { id: 'pv-1', reduction: { sold: { meter: 'sold-1' } } },
          { id: 'fc-1', kind: 'fuel-cell' },
        ],
      },
    ],
  });
});

test('both are told the classes an inexact chain was drawn from', () => {
  const inexact = parseScenario('classes: { thermometer: pt100-b }', 'test');
  expect(parse(gatewayYaml('/g', 8080, 1883, inexact))).toMatchObject({
    sites: [
      {
        packs: [
          {
            transmitter: { classPercent: 0.5, spanMpa: 40, coefficientPercentPer10K: 0.2 },
            thermometer: { class: 'pt100-b', placement: 'ambient' },
            volumePercent: 1,
          },
        ],
      },
    ],
  });
  const device = deviceYaml('/d', 'mqtt://h:1', ports, inexact, { registerWh: 0, asOfMs: 0 });
  expect(parse(device)).toMatchObject({ packs: [{ temperature: { placement: 'ambient' } }] });
});

test('the scenario of a first start is valid, and a batch begins as it does', () => {
  const nowMs = Date.parse('2026-06-21T12:34:56Z');
  const first = parseScenario(firstScenarioYaml(nowMs), 'scenario.yaml');
  const { firstBatchAt, cycleMinutes } = first.pack.draw;
  expect((nowMs - Date.parse(firstBatchAt)) % (cycleMinutes * 60_000)).toBe(0);
});
