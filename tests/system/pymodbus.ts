import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPath } from '../peers.ts';
import { until } from './device-harness.ts';

/** Unit, function, address: words. */
export type Registers = Record<number, Record<number, Record<number, readonly number[]>>>;
type SlaveKind = 'rtu' | 'rtu-tcp' | 'tcp';

const script = join(import.meta.dirname, 'pymodbus-slave.py');

/** Slaves by pymodbus on a serial port or a TCP port. */
export async function startPymodbus(kind: SlaveKind, port: string, registers: Registers) {
  const python = peerPath('pymodbus') ?? 'python3';
  const child = spawn(python, [script, kind, port, JSON.stringify(registers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await until('pymodbus', () => (said.includes('ready') ? true : undefined));
  return {
    change: async (changes: Registers): Promise<void> => {
      said = '';
      child.stdin.write(`${JSON.stringify(changes)}\n`);
      await until('a change at pymodbus', () => (said.includes('changed') ? true : undefined));
    },
    stop: () => child.kill('SIGKILL'),
  };
}

/** Two serial ports and the cable between them. */
export async function startCable(): Promise<{
  device: string;
  meters: string;
  child: ChildProcess;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-cable-'));
  const [device, meters] = [join(folder, 'ttyDEVICE'), join(folder, 'ttyMETERS')];
  const end = (link: string): string => `PTY,link=${link},raw,echo=0`;
  const child = spawn(peerPath('socat') ?? 'socat', [end(device), end(meters)], {
    stdio: 'inherit',
  });
  await until('the cable', () => (existsSync(device) && existsSync(meters) ? true : undefined));
  return { device, meters, child };
}

export function float32(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}

export function int64(value: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return [0, 2, 4, 6].map((at) => bytes.readUInt16BE(at));
}
