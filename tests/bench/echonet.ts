import { setTimeout as sleep } from 'node:timers/promises';
import { freeUdpPort } from '../../device/meters/echonet/testing-network.ts';
import { serveEchonetNode } from '../../simulators/meters/echonet/node.ts';
import { pvObject } from '../../simulators/meters/echonet/objects.ts';
import { startDeviceProcess, startGatewayPeer, until } from '../system/device-harness.ts';
import { cpuSeconds } from './device.ts';
import { residentMegabytes } from './resident.ts';
import type { Row } from './row.ts';

const nodes = 10;
const sampleSeconds = 1;
const settleMs = 20_000;

/** The device program as it is shipped, reading ten nodes each second; takes about half a minute. */
export async function benchEchonet(): Promise<Row[]> {
  const port = await freeUdpPort();
  const served = await Promise.all(Array.from({ length: nodes }, (_, index) => serve(index, port)));
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  const device = await startDeviceProcess({
    site: 'keihin',
    device: 'pi-1',
    data: './data',
    clock: { trust: 'system' },
    mqtt: { url: gateway.url },
    echonet: { bind: '127.0.0.1', port },
    meters: served.map(({ address }, index) => ({
      id: `pv-${index + 1}`,
      kind: 'echonet',
      address,
      object: 'pv',
      sampleSeconds,
    })),
  });
  await until('every meter', () => {
    const readings = Object.values(gateway.frames.at(-1)?.readings ?? {});
    return readings.filter(({ quality }) => quality === 'good').length === 3 * nodes || undefined;
  });
  const { pid = 0 } = device.child;
  const [cpu, frames] = [await cpuSeconds(pid), gateway.frames.length];
  await sleep(settleMs);
  const cpuShare = (((await cpuSeconds(pid)) - cpu) / settleMs) * 1e5;
  const seen = gateway.frames.slice(frames).flatMap(({ readings }) => Object.values(readings));
  const unread = seen.filter(({ quality }) => quality !== 'good').length;
  const residentMb = await residentMegabytes(pid);
  await device.end('SIGTERM');
  await gateway.stop();
  await Promise.all(served.map((node) => node.close()));
  const note = `${nodes} nodes each second, ${unread} of ${seen.length} readings not good`;
  return [
    { name: 'device with ECHONET nodes, one core', value: cpuShare, unit: '%', note, limit: 25 },
    { name: 'device with ECHONET nodes, resident', value: residentMb, unit: 'MB' },
  ];
}

function serve(index: number, port: number) {
  const plate = { maker: 1, product: 'PV', serial: `N-${index}` };
  const values = { powerW: 1_000 + index, generatedWh: 1_000 * index, exportedWh: index };
  const objects = [pvObject(1, plate, () => values)];
  return serveEchonetNode({ address: `127.0.0.${100 + index}`, port, objects });
}
