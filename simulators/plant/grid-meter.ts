import { serveTcp } from '../board/serve-tcp.ts';
import { SimulatedModbusMeter } from '../meters/modbus/meter.ts';
import { createTcpSlaves } from '../meters/modbus/tcp-slaves.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type GridMeters, roofMeterSerial } from '../world/grid.ts';

/** The meters at the household's connection to the grid and of what the roof sells, on the network. */
export interface GridMeter {
  /** `tcp://host:port` of its Modbus TCP gateway. */
  readonly address: string;
  /** Does something to the one at the connection. */
  obey(apply: (meter: SimulatedModbusMeter) => void): void;
  close(): Promise<void>;
}

/** Where they answer behind their gateway. */
export const gridMeterUnit = 1;
const roofMeterUnit = 2;

/** Serves the meters of a world. Rejects when the port is taken. */
export async function serveGridMeter(
  { listen, serial }: Scenario['gridMeter'],
  meters: () => GridMeters,
): Promise<GridMeter> {
  const meter = new SimulatedModbusMeter('sdm230', serial);
  const roof = new SimulatedModbusMeter('sdm230', roofMeterSerial(serial));
  const read = (): void => {
    const { solarExportedWh, ...grid } = meters();
    meter.set(grid);
    roof.set({ exportedWh: solarExportedWh });
  };
  read();
  const slaves = createTcpSlaves(
    new Map([
      [gridMeterUnit, meter],
      [roofMeterUnit, roof],
    ]),
  );
  const { hostname, port } = new URL(listen);
  const server = await serveTcp(
    {
      ...slaves,
      receive(bytes) {
        read();
        slaves.receive(bytes);
      },
    },
    { host: hostname, port: Number(port) },
  );
  return {
    address: `tcp://${server.address}`,
    obey: (apply) => apply(meter),
    close: () => server.close(),
  };
}
