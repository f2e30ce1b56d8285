import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';
import { stringify } from 'yaml';
import { z } from 'zod';
import { deviceTopic, readingSchema, siteFilter } from '#device/contract';
import { createBoard } from '../../simulators/board/board.ts';
import { loadStandardFirmata } from '../../simulators/board/firmware.ts';
import { runInRealTime } from '../../simulators/board/realtime.ts';
import type { SerialPeer } from '../../simulators/board/serial-peer.ts';
import { serveTcp } from '../../simulators/board/serve-tcp.ts';
import type { Wiring } from '../../simulators/board/wiring.ts';
import { root } from './program.ts';

/** Waits for something another process does; generous, since the machine may be busy. */
export async function until<T>(
  what: string,
  look: () => T | undefined,
  limitMs = 40_000,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`not seen within ${limitMs} ms: ${what}`);
    await sleep(20);
  }
}

const shuntOhm = 150;

/** Volts over the shunt for a current. */
export function shuntVolts(milliamperes: number): number {
  return (milliamperes / 1_000) * shuntOhm;
}

/** What a test turns: loop currents, the chip, and S0 pulses of 40 ms every 80 simulated ms on pin 2. */
export class Bench implements Wiring {
  readonly milliamperes: [number, number, number, number] = [12, 12, 0, 0];
  chipPresent = true;
  #pulsesLeft = 0;
  #pulseMs = 0;
  sentPulses = 0;

  sendPulses(count: number): void {
    this.#pulsesLeft += count;
  }

  step(): void {
    if (this.#pulsesLeft === 0) return;
    this.#pulseMs = (this.#pulseMs + 1) % 80;
    if (this.#pulseMs !== 0) return;
    this.#pulsesLeft -= 1;
    this.sentPulses += 1;
  }

  inputVolts(pin: 0 | 1 | 2 | 3): number {
    return shuntVolts(this.milliamperes[pin]);
  }

  adcPresent(): boolean {
    return this.chipPresent;
  }

  pinLevel(pin: number): boolean | undefined {
    return pin === 2 && this.#pulseMs >= 40 ? false : undefined;
  }
}

/** The real firmware at real time behind a TCP port. */
export async function startBoard(wiring: Wiring) {
  const board = createBoard({ firmware: loadStandardFirmata(), wiring });
  const server = await serveTcp(board, { port: 0 });
  const pacer = runInRealTime({ board, clock: { monotonicMs: () => performance.now() } });
  return {
    board,
    server,
    url: `tcp://${server.address}`,
    stop: async () => {
      pacer.stop();
      await server.close();
    },
  };
}

/** Something that is no proper board, behind a TCP port. */
export async function servePeer(peer: SerialPeer) {
  const server = await serveTcp(peer, { port: 0 });
  return { url: `tcp://${server.address}`, server };
}

const frameSchema = z.object({
  stream: z.string(),
  seq: z.int(),
  at: z.int(),
  clock: z.string(),
  readings: z.record(z.string(), readingSchema),
  events: z.array(z.looseObject({ kind: z.string() })).optional(),
});
export type SeenFrame = z.infer<typeof frameSchema> & { readonly topic: 'live' | 'history' };

/** A broker and a peer that acknowledges every frame, as a gateway does after its commit. */
export async function startGatewayPeer(site: string, device: string) {
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => broker.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `mqtt://127.0.0.1:${portOf(server.address())}`;
  const client = await connectAsync(url);
  const frames: SeenFrame[] = [];
  const states: { state: string; boot: string }[] = [];
  client.on('message', (topic, payload) => {
    const message: unknown = JSON.parse(payload.toString());
    if (topic.endsWith('/state')) {
      states.push(z.object({ state: z.string(), boot: z.string() }).parse(message));
      return;
    }
    const live = topic.endsWith('/live');
    const arrived = live
      ? [frameSchema.parse(message)]
      : z.object({ frames: z.array(frameSchema) }).parse(message).frames;
    for (const frame of arrived) {
      frames.push({ ...frame, topic: live ? 'live' : 'history' });
      const ack = { stream: frame.stream, stored: [[frame.seq, frame.seq]] };
      client.publish(deviceTopic(site, device, 'ack'), JSON.stringify(ack), { qos: 1 });
    }
  });
  await client.subscribeAsync(
    (['live', 'history', 'state'] as const).map((kind) => siteFilter(site, kind)),
    { qos: 1 },
  );
  return {
    url,
    frames,
    states,
    stop: async () => {
      await client.endAsync(true);
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('the broker has no TCP address');
  return address.port;
}

/** The program as it is shipped; `npm test` builds it first. */
export const deviceProgram = join(root, '.build', 'kadoru-device.js');

export interface DeviceProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly file: string;
  /** Log lines, newest last. */
  readonly log: string[];
  /** Sends the signal and answers the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Writes the configuration into a new folder (or `folder`) and runs the real program on it. */
export async function startDeviceProcess(config: object, folder?: string): Promise<DeviceProcess> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'kadoru-device-')));
  const file = join(home, 'device.yaml');
  await writeFile(file, stringify(config));
  const child = spawn(process.execPath, [deviceProgram, '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  child.stderr?.on('data', (bytes: Buffer) =>
    log.push(...bytes.toString().split('\n').filter(Boolean)),
  );
  const exited = once(child, 'exit').then(() => child.exitCode);
  return {
    child,
    folder: home,
    file,
    log,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}
