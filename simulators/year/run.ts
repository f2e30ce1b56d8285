import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Child } from '../demo/child.ts';
import { createHousehold, type Household, Stopped } from '../demo/household.ts';
import { freePort } from '../demo/ports.ts';
import { fiscalYearSpan, japanDate, type YearSpan } from './calendar.ts';
import { gatewayYaml, type YearPorts } from './configuration.ts';
import { gatewayProgram, tellGateway } from './gateway-cli.ts';
import type { Home } from './home.ts';
import { yearKeys } from './keys.ts';
import { explain, unexplained } from './operator.ts';
import { type HomePlan, planHomes } from './plan.ts';
import { kindsOf, programmeTables, yearProjects } from './programme.ts';
import { sendYear } from './send.ts';
import { truthOf, yearFactors } from './truth.ts';

export interface YearOptions {
  readonly homes: number;
  readonly seed: number;
  readonly out: string;
  readonly 'fiscal-year': number;
}

export interface YearProcess {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Prints one line for a person. */
  readonly tell: (line: string) => void;
}

const patienceMs = 120_000;
/** Longer ago than any year that is simulated. */
const neverSealedHours = 1_000_000;
/** Deriving and sealing a year of many homes. */
const longPatienceMs = 3_600_000;
const progressEveryMs = 2_000;
const by = 'simulated year';
const document = { document: 'simulated methodology', version: '1', page: '1' };

/**
 * A fiscal year of homes through a real gateway, from readings to a frozen claim: `claim/` of the roofs, `claim-fuel-cell/`,
 * `public.pem` and `truth.json` in the folder. Cut off and started again it sends again; what is stored already counts once.
 */
export async function runYear(options: YearOptions, parts: YearProcess): Promise<void> {
  const household = createHousehold(parts.signal, () => undefined);
  const kill = (): void => household.kill();
  process.once('exit', kill);
  try {
    await new YearRun(options, parts, household).run();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    parts.tell('interrupted; the same command goes on with what is stored');
  } finally {
    await household.end();
    process.off('exit', kill);
  }
}

class YearRun {
  readonly #household: Household;
  readonly #process: YearProcess;
  readonly #seed: number;
  readonly #out: string;
  readonly #year: YearSpan;
  readonly #plans: readonly HomePlan[];
  readonly #config: string;
  #toldMs = 0;

  constructor(options: YearOptions, parts: YearProcess, household: Household) {
    this.#household = household;
    this.#process = parts;
    this.#seed = options.seed;
    this.#out = resolve(options.out);
    this.#year = fiscalYearSpan(options['fiscal-year']);
    this.#plans = planHomes(options.seed, options.homes, this.#year);
    this.#config = join(this.#out, 'gateway.yaml');
  }

  async run(): Promise<void> {
    await mkdir(this.#out, { recursive: true });
    const ports = { http: await freePort(0, '--out'), mqtt: await freePort(0, '--out') };
    const http = `http://127.0.0.1:${ports.http}`;
    const sending = await this.#startGateway(ports, http, neverSealedHours);
    const homes = await this.#send(ports);
    await this.#operate(http, homes);
    await this.#enrol();
    // A chain tells in which order things became known, and by chance that differs from run to run while a year comes in
    // minutes: what is all there is sealed day by day, and the same year is the same claim.
    await this.#household.rest(sending);
    await this.#startGateway(ports, http, 1);
    await this.#sealed(http);
    await this.#freeze(homes);
  }

  async #startGateway(ports: YearPorts, http: string, sealWaitHours: number): Promise<Child> {
    const folder = join(this.#out, 'gateway');
    await writeFile(
      this.#config,
      gatewayYaml(folder, ports, this.#plans, this.#year, sealWaitHours),
    );
    const gateway = this.#household.keep('gateway', gatewayProgram(), ['--config', this.#config]);
    const answers = async () => (await fetch(`${http}/api/v1/health`).catch(() => undefined))?.ok;
    await this.#household.until('the gateway', patienceMs, async () =>
      (await answers()) === true ? true : undefined,
    );
    this.#process.tell(`gateway: storing in ${folder}, HTTP at ${http}`);
    return gateway;
  }

  async #send({ mqtt }: YearPorts): Promise<Home[]> {
    const { clock, random, signal, tell } = this.#process;
    const startedMs = clock.monotonicMs();
    const homes = await this.#household.during(
      sendYear(this.#plans, this.#year, {
        clock,
        random,
        signal,
        mqtt: `mqtt://127.0.0.1:${mqtt}`,
        trouble: (why) => tell(`sending: ${why}`),
        progress: (sent, frames) =>
          this.#progress(`sending: ${sent} of ${this.#plans.length} homes, ${frames} frames`),
      }),
    );
    const seconds = Math.round((clock.monotonicMs() - startedMs) / 1000);
    tell(`sent: ${homes.length} homes, every frame acknowledged, in ${seconds} s`);
    return homes;
  }

  async #operate(http: string, homes: readonly Home[]): Promise<void> {
    let said = 0;
    for (const home of homes) said += await explain(http, home);
    for (const home of homes)
      await this.#household.until('the account of a home', longPatienceMs, async () =>
        (await unexplained(http, home)) === 0 ? true : undefined,
      );
    this.#process.tell(`explained: ${said} registers that began again at zero`);
  }

  async #enrol(): Promise<void> {
    const folder = join(this.#out, 'programme');
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(programmeTables(this.#plans, this.#year)))
      await writeFile(join(folder, name), text);
    await this.#gateway(['programme', 'import'], { dir: folder, by });
    for (const kind of kindsOf(this.#plans)) {
      const { methodology } = yearProjects[kind];
      await this.#gateway(['methodology', 'confirm'], { methodology, ...document, by });
    }
    const { tonnesPerKwh, townGasTonnesPerGj } = yearFactors;
    await this.#factor('C_a', tonnesPerKwh, 't-CO2/kWh', 'receiving');
    await this.#factor('CEF_town_gas', townGasTonnesPerGj, 't-CO2/GJ', 'combustion');
    this.#process.tell('enrolled: project, members, devices and meters imported; a fixture factor');
  }

  async #factor(symbol: string, value: string, unit: string, end: string): Promise<void> {
    await this.#gateway(['factors', 'add'], {
      'fiscal-year': String(this.#year.fiscalYear),
      symbol,
      value,
      unit,
      end,
      class: 'fixture',
      ...document,
      by,
      'verified-by': by,
      'verified-on': japanDate(this.#year.to),
    });
  }

  /** Waits until every day of every register is sealed. */
  async #sealed(http: string): Promise<void> {
    const last = japanDate(this.#year.to - 1);
    const registers = this.#plans.reduce((sum, { kind }) => sum + (kind === 'pv' ? 2 : 4), 0);
    await this.#household.until('the seals', longPatienceMs, async () => {
      const answer = await fetch(`${http}/api/v1/seals/heads`);
      const { items } = headsSchema.parse(await answer.json());
      const done = items.filter(({ throughDay }) => throughDay >= last).length;
      this.#progress(`sealing: ${done} of ${registers} registers`);
      return done >= registers ? true : undefined;
    });
  }

  async #freeze(homes: readonly Home[]): Promise<void> {
    const { secret, open } = yearKeys(this.#seed);
    await writeFile(join(this.#out, 'key.pem'), secret, { mode: 0o600 });
    await writeFile(join(this.#out, 'public.pem'), open);
    await writeFile(
      join(this.#out, 'truth.json'),
      `${JSON.stringify(truthOf(homes, this.#year), null, 2)}\n`,
    );
    for (const kind of kindsOf(this.#plans))
      await this.#freezeProject(yearProjects[kind].id, kind === 'pv' ? 'claim' : 'claim-fuel-cell');
  }

  async #freezeProject(project: string, name: string): Promise<void> {
    const claim = join(this.#out, name);
    await rm(claim, { recursive: true, force: true });
    await this.#gateway(['claims', 'freeze'], {
      project,
      'fiscal-year': String(this.#year.fiscalYear),
      out: claim,
      key: join(this.#out, 'key.pem'),
      'frozen-at': `${japanDate(this.#year.to)}T09:00:00+09:00`,
      fixture: true,
      acknowledge: 'not-metered:simulated plan:3',
      by,
    });
    const key = join(this.#out, 'public.pem');
    this.#process.tell(`frozen: ${claim}; check it with: kadoru-verify --key ${key} ${claim}`);
  }

  async #gateway(
    words: readonly string[],
    options: Readonly<Record<string, string | true>>,
  ): Promise<void> {
    await tellGateway(this.#household, words, { ...options, config: this.#config });
  }

  #progress(line: string): void {
    const nowMs = this.#process.clock.monotonicMs();
    if (nowMs - this.#toldMs < progressEveryMs) return;
    this.#toldMs = nowMs;
    this.#process.tell(line);
  }
}

const headsSchema = z.object({
  items: z.array(z.object({ register: z.string(), throughDay: z.string() })),
});
