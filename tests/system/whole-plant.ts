import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { deviceConfig } from './device-config.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { type Program, runKadoru, temporaryFolder } from './program.ts';

const truthSchema = z.object({
  pressureMpa: z.number(),
  gasC: z.number(),
  hydrogenKg: z.number(),
  pulsesEmitted: z.int(),
  pulsesPending: z.int(),
});
export type Truth = z.infer<typeof truthSchema>;

/** Gateway, simulated plant with the real firmware, and device: three processes, joined as in the field. */
export interface WholePlant {
  readonly gateway: GatewayProcess;
  readonly device: Program;
  /** Starts the device program, which has ended, once more: same configuration, same data. */
  deviceAgain(): void;
  /** Says a line to the simulated plant; resolves with the truth when it is done. */
  tell(command: string): Promise<Truth>;
  /** Resolves once something the gateway serves is as wanted. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  end(): Promise<void>;
}

export interface PlantChanges {
  /** Where the simulated board is plugged in. */
  readonly listen?: string;
  /** Starts with a day of the same world already stored, as `npm start` does. */
  readonly filled?: boolean;
}

export async function startWholePlant({
  listen = 'tcp://127.0.0.1:0',
  filled = false,
}: PlantChanges = {}): Promise<WholePlant> {
  const gateway = await startGatewayProcess();
  const folder = temporaryFolder();
  const world = ['--data', join(folder, 'world')];
  const register = filled ? await fill(gateway, world) : undefined;
  const plant = runKadoru('simulate', ['plant', '--listen', listen, ...world]);
  const listening = z
    .object({ port: z.string() })
    .parse(JSON.parse(await plant.said(/"event":"listening"/)));
  const config = join(folder, 'device.yaml');
  writeFileSync(
    config,
    JSON.stringify(deviceConfig({ mqttUrl: gateway.mqttUrl, board: listening.port, register })),
  );
  const startDevice = () => runKadoru('device', ['--config', config]);
  let device = startDevice();
  return {
    gateway,
    get device() {
      return device;
    },
    deviceAgain: () => {
      device = startDevice();
    },
    tell: (command) => tell(plant, command),
    until: (what, look) => until(what, look, device),
    end: async () => {
      await Promise.all([device, plant, gateway.program].map((program) => program.end('SIGKILL')));
    },
  };
}

interface Register {
  readonly wh: number;
  readonly asOf: string;
}

async function fill(gateway: GatewayProcess, world: readonly string[]): Promise<Register> {
  const http = `http://127.0.0.1:${gateway.httpPort}`;
  const program = runKadoru('simulate', [
    'fill',
    '--http',
    http,
    '--mqtt',
    gateway.mqttUrl,
    ...world,
  ]);
  const { registerWh, untilMs } = z
    .object({ registerWh: z.int(), untilMs: z.int() })
    .parse(JSON.parse(await program.said(/"event":"filled"/)));
  return { wh: registerWh, asOf: new Date(untilMs).toISOString() };
}

async function tell(plant: Program, command: string): Promise<Truth> {
  const answers = (line: string) => line.includes(`"command":"${command}"`);
  const before = plant.lines.filter(answers).length;
  plant.child.stdin?.write(`${command}\n`);
  for (;;) {
    const answer = plant.lines.filter(answers)[before];
    if (answer !== undefined) {
      const { event, truth } = z
        .object({ event: z.string(), truth: z.unknown() })
        .parse(JSON.parse(answer));
      if (event !== 'done') throw new Error(answer);
      return truthSchema.parse(truth);
    }
    await new Promise((resolve) => plant.child.once('kadoru-line', resolve));
  }
}

/** Machines are noisy: the limit only ends what hangs. */
const patienceMs = 90_000;

async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  device: Program,
): Promise<T> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endMs)
      throw new Error(`never seen: ${what}\n${device.lines.slice(-10).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
