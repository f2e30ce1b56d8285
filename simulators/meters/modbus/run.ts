import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { reasonOf } from '../../complaint.ts';
import type { Say } from '../../plant/console.ts';
import { serveBoard } from '../../plant/serve.ts';
import { type ModbusCommand, parseModbusCommand } from './commands.ts';
import type { ModelName } from './layouts.ts';
import { SimulatedModbusMeter } from './meter.ts';
import { createRtuSlaves } from './rtu-slaves.ts';
import { createTcpSlaves } from './tcp-slaves.ts';

export interface ModbusLine {
  readonly listen: string;
  readonly protocol: 'rtu' | 'tcp';
  readonly meters: ReadonlyMap<number, ModelName>;
}

export interface ModbusProcess {
  readonly commands: Readable;
  readonly say: Say;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
}

const firstSerial = 1_000;

/** Serves meters on one line until `stop`, the end of the commands, or the signal. Rejects if the port cannot be used. */
export async function runModbus(line: ModbusLine, process: ModbusProcess): Promise<void> {
  const { say, signal } = process;
  const units = new Map(
    [...line.meters].map(([unit, model]) => [
      unit,
      new SimulatedModbusMeter(model, firstSerial + unit),
    ]),
  );
  const slaves = line.protocol === 'rtu' ? createRtuSlaves(units) : createTcpSlaves(units);
  const { server, port } = await serveBoard(slaves, line.listen, (error) =>
    say('trouble', { why: reasonOf(error) }),
  );
  const lines = createInterface({ input: process.commands });
  const stop = (): void => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  const truth = () => Object.fromEntries([...units].map(([unit, meter]) => [unit, meter.truth]));
  const carryOut = async (command: ModbusCommand): Promise<void> => {
    if (command.kind === 'cable') await server[command.action]();
    else if (command.kind === 'stop') stop();
    else if (command.kind === 'meter') {
      const meter = units.get(command.unit);
      if (meter !== undefined) command.apply(meter);
    }
  };
  lines.on('line', (text) => {
    const command = parseModbusCommand(text, new Set(units.keys()));
    if (typeof command === 'string') {
      say('refused', { command: text, why: command });
      return;
    }
    carryOut(command).then(
      () => say('done', { command: text, truth: truth() }),
      (error: unknown) => say('failed', { command: text, why: reasonOf(error) }),
    );
  });
  const closed = once(lines, 'close');
  say('listening', { port, meters: Object.fromEntries(line.meters) });
  if (signal.aborted) stop();
  await closed;
  await server.close();
  say('stopped', { truth: truth() });
}
