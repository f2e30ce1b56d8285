import { reasonOf } from '../complaint.ts';
import { type NodeCommand, obey } from '../meters/echonet/commands.ts';
import { type EchonetNode, serveEchonetNode } from '../meters/echonet/node.ts';
import { fuelCellObject } from '../meters/echonet/objects.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { FuelCellMeters } from '../world/fuel-cell.ts';

/** The household's fuel cell on the network. */
export interface FuelCellNode {
  readonly where: { readonly address: string; readonly port: number };
  obey(command: NodeCommand): void;
  close(): Promise<void>;
}

/** A code of the ECHONET Consortium's for nobody. */
const noMaker = 0xff_ffff;
const product = 'KADORU-FC';
const registers = [0xc5, 0xc8];

/** Serves the fuel cell of a world. A machine that lacks the address runs everything else: that is told. */
export async function serveFuelCell(
  { address, port, serial }: Scenario['fuelCell'],
  meters: () => FuelCellMeters,
  trouble: (error: unknown) => void,
): Promise<FuelCellNode | undefined> {
  const meter = fuelCellObject(1, { maker: noMaker, product, serial }, meters);
  let node: EchonetNode;
  try {
    node = await serveEchonetNode({ address, port, objects: [meter] });
  } catch (error) {
    trouble(new Error(`the fuel cell cannot speak at ${address}:${port}: ${reasonOf(error)}`));
    return undefined;
  }
  return {
    where: { address: node.address, port: node.port },
    obey: (command) => obey(node, meter, registers, command),
    close: () => node.close(),
  };
}
