import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerPath } from '../peers.ts';
import { freePort } from '../system/ports.ts';
import { type Program, runProgram, temporaryFolder } from '../system/program.ts';

/** A mosquitto that can be killed and started again on the same port and the same files. */
export class Mosquitto {
  readonly port: number;
  readonly #config: string;
  #program: Program;

  private constructor(port: number, config: string, program: Program) {
    this.port = port;
    this.#config = config;
    this.#program = program;
  }

  /** @param persistence with its defaults: what it acknowledged is written every half an hour. */
  static async start(persistence: boolean): Promise<Mosquitto> {
    const [folder, port] = [temporaryFolder(), await freePort()];
    const config = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      // It would give up root for a user who may not write here.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...(persistence ? ['persistence true', `persistence_location ${folder}/`] : []),
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    return new Mosquitto(port, config, await run(config));
  }

  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  async again(): Promise<void> {
    this.#program = await run(this.#config);
  }
}

async function run(config: string): Promise<Program> {
  const program = runProgram(peerPath('mosquitto') ?? 'mosquitto', ['-c', config]);
  await program.said(/running$/);
  return program;
}
