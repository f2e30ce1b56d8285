import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerPath } from '../peers.ts';
import { freePort } from './ports.ts';
import { type Program, runProgram, temporaryFolder } from './program.ts';

/** An InfluxDB server (Debian's 1.6.7) that can be killed and started again on the same ports and the same files. */
export class Influxd {
  readonly url: string;
  readonly #folder: string;
  #program: Program;

  private constructor(url: string, folder: string, program: Program) {
    this.url = url;
    this.#folder = folder;
    this.#program = program;
  }

  /** @param http further lines of its section, such as `auth-enabled = true`. */
  static async start(http: readonly string[] = []): Promise<Influxd> {
    const folder = temporaryFolder();
    const [port, rpcPort] = [await freePort(), await freePort()];
    const lines = [
      'reporting-disabled = true',
      `bind-address = "127.0.0.1:${rpcPort}"`,
      '[meta]',
      `dir = "${folder}/meta"`,
      '[data]',
      `dir = "${folder}/data"`,
      `wal-dir = "${folder}/wal"`,
      'query-log-enabled = false',
      '[monitor]',
      'store-enabled = false',
      '[http]',
      `bind-address = "127.0.0.1:${port}"`,
      'log-enabled = false',
      ...http,
      '[logging]',
      'level = "warn"',
    ];
    writeFileSync(join(folder, 'influxdb.conf'), `${lines.join('\n')}\n`);
    const scheme = http.includes('https-enabled = true') ? 'https' : 'http';
    const url = `${scheme}://127.0.0.1:${port}`;
    return new Influxd(url, folder, await run(folder, url));
  }

  /** A statement, as an administrator would give it; answers the rows of its first result. */
  async query(statement: string, db = '', user?: string): Promise<readonly (readonly unknown[])[]> {
    const body = new URLSearchParams({ db, epoch: 'ms', q: statement });
    const headers =
      user === undefined ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
    const answer = await fetch(`${this.url}/query`, { method: 'POST', body, headers });
    const { results = [], error }: Answer = await answer.json();
    const failure = error ?? results[0]?.error;
    if (failure !== undefined) throw new Error(`${statement}: ${failure}`);
    return (results[0]?.series ?? []).flatMap(({ values = [] }) => values);
  }

  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  async again(): Promise<void> {
    this.#program = await run(this.#folder, this.url);
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }
}

interface Answer {
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly { readonly values?: readonly (readonly unknown[])[] }[];
  }[];
  readonly error?: string;
}

async function run(folder: string, url: string): Promise<Program> {
  const program = runProgram(peerPath('influxd') ?? 'influxd', [
    '-config',
    join(folder, 'influxdb.conf'),
  ]);
  for (;;) {
    if (program.child.exitCode !== null)
      throw new Error(`influxd ended:\n${program.lines.slice(-20).join('\n')}`);
    if (await listens(Number(new URL(url).port))) return program;
    await sleep(20);
  }
}

/** The server opens its port when it is ready. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
