import { expect, onTestFinished, test } from 'vitest';
import { serveEchonetNode } from '../../../simulators/meters/echonet/node.ts';
import { fuelCellObject, pvObject } from '../../../simulators/meters/echonet/objects.ts';
import { createLog } from '../../log.ts';
import { EchonetController } from './controller.ts';
import { scanEchonet } from './scan.ts';
import { freeUdpPort, quick } from './testing-network.ts';

const plate = { maker: 1, product: 'X', serial: undefined };

test('what answers is listed, and what can be read is ready for the configuration', async () => {
  const port = await freeUdpPort();
  const pv = (instance: number) => pvObject(instance, plate, () => ({ powerW: 0, generatedWh: 0 }));
  const values = { powerW: 0, generatedWh: 0, gasDm3: 0, gasDm3PerH: 0 };
  const airConditioner = { ...pv(1), object: 0x013001 };
  for (const [address, objects] of [
    ['127.0.0.41', [pv(1), pv(2), airConditioner]],
    ['127.0.0.42', [fuelCellObject(1, plate, () => values)]],
  ] as const) {
    const node = await serveEchonetNode({ address, port, objects });
    onTestFinished(() => node.close());
  }
  const network = { bind: '127.0.0.1', interface: '127.0.0.1', port };
  const settings = { ...quick, ...network, reopen: { firstMs: 50, longestMs: 50 } };
  const controller = new EchonetController(settings, Math.random, createLog('error'));
  const { meters, nodes } = await scanEchonet(controller);
  const byAddress = meters.toSorted((a, b) => a.address.localeCompare(b.address));
  expect(byAddress.map(({ address, object, instance }) => [address, object, instance])).toEqual([
    ['127.0.0.41', 'pv', 1],
    ['127.0.0.41', 'pv', 2],
    ['127.0.0.42', 'fuel-cell', 1],
  ]);
  expect(new Set(meters.map(({ id }) => id))).toEqual(new Set(['pv-1', 'pv-2', 'fc-1']));
  expect(new Map(nodes).get('127.0.0.41')).toContain(0x013001);
});

test('a house without nodes is no error', async () => {
  const network = { bind: '127.0.0.1', interface: '127.0.0.1', port: await freeUdpPort() };
  const settings = { ...quick, ...network, reopen: { firstMs: 50, longestMs: 50 } };
  const controller = new EchonetController(settings, Math.random, createLog('error'));
  expect(await scanEchonet(controller)).toEqual({ meters: [], nodes: [] });
});
