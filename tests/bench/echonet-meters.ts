import { freeUdpPort } from '../../device/meters/echonet/testing-network.ts';
import { serveEchonetNode } from '../../simulators/meters/echonet/node.ts';
import { pvObject } from '../../simulators/meters/echonet/objects.ts';
import type { MeterGroup } from './meters.ts';

const nodeCount = 10;
const firstHost = 100;

/** Ten PV systems, each a node with an address of its own, as in a house. */
export async function startEchonetMeters(sampleSeconds: number): Promise<MeterGroup> {
  const port = await freeUdpPort();
  const nodes = await Promise.all(
    Array.from({ length: nodeCount }, (_, index) => {
      const plate = { maker: 1, product: 'PV', serial: `N-${index}` };
      const values = { powerW: 1_000 + index, generatedWh: 1_000 * index, exportedWh: index };
      const objects = [pvObject(1, plate, () => values)];
      return serveEchonetNode({ address: `127.0.0.${firstHost + index}`, port, objects });
    }),
  );
  const meters = nodes.map(({ address }, index) => ({
    id: `e-${index + 1}`,
    kind: 'echonet',
    address,
    object: 'pv',
    sampleSeconds,
  }));
  return {
    name: `${meters.length} ECHONET nodes`,
    config: { meters, echonet: { bind: '127.0.0.1', port } },
    channels: meters.map(({ id }) => `${id}/generated`),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
