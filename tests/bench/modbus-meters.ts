import { serveTcp } from '../../simulators/board/serve-tcp.ts';
import { SimulatedModbusMeter } from '../../simulators/meters/modbus/meter.ts';
import { createRtuSlaves } from '../../simulators/meters/modbus/rtu-slaves.ts';
import { createTcpSlaves } from '../../simulators/meters/modbus/tcp-slaves.ts';
import type { MeterGroup } from './meters.ts';

const busCount = 3;
const metersPerBus = 10;

/** Thirty three-phase meters on three lines, two behind serial servers and one behind a Modbus TCP gateway. */
export async function startModbusMeters(sampleSeconds: number): Promise<MeterGroup> {
  const units = Array.from({ length: metersPerBus }, (_, index) => index + 1);
  const servers = await Promise.all(
    Array.from({ length: busCount }, (_, bus) => {
      const slaves = bus === 0 ? createTcpSlaves : createRtuSlaves;
      const meters = new Map(
        units.map((unit) => {
          const meter = new SimulatedModbusMeter('sdm630', 100 * bus + unit);
          meter.set({ importedWh: 1_000 * unit, powerW: unit });
          return [unit, meter] as const;
        }),
      );
      return serveTcp(slaves(meters), { port: 0 });
    }),
  );
  const meters = servers.flatMap((_server, bus) =>
    units.map((unit) => ({
      id: `m-${bus}-${unit}`,
      kind: 'modbus',
      bus: `line-${bus}`,
      unit,
      profile: 'sdm630',
      sampleSeconds,
    })),
  );
  return {
    name: `${meters.length} Modbus meters`,
    config: {
      buses: servers.map(({ address }, bus) => ({
        id: `line-${bus}`,
        kind: bus === 0 ? 'modbus-tcp' : 'modbus-rtu-tcp',
        address: `tcp://${address}`,
      })),
      meters,
    },
    channels: meters.map(({ id }) => `${id}/imported`),
    stop: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}
