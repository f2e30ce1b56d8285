import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { createHousehold, type Household } from '../demo/household.ts';
import { freePort } from '../demo/ports.ts';
import { fiscalYearSpan, type YearSpan } from './calendar.ts';
import { gatewayYaml } from './configuration.ts';
import { explain } from './operator.ts';
import { type HomePlan, planHomes } from './plan.ts';
import { sendYear } from './send.ts';

export interface YearOptions {
  readonly homes: number;
  readonly seed: number;
  readonly out: string;
  readonly fiscalYear: number;
}

export interface YearProcess {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Prints one line for a person. */
  readonly tell: (line: string) => void;
}

const { resolve: programPath } = createRequire(import.meta.url);
const gatewayPatienceMs = 120_000;

/** A fiscal year of homes through a real gateway, from readings to a frozen claim; see the README. */
export async function runYear(options: YearOptions, parts: YearProcess): Promise<void> {
  const household = createHousehold(parts.signal, parts.tell);
  try {
    await new YearRun(options, parts, household).run();
  } finally {
    await household.end();
  }
}

class YearRun {
  readonly #household: Household;
  readonly #process: YearProcess;
  readonly #out: string;
  readonly #year: YearSpan;
  readonly #plans: readonly HomePlan[];

  constructor(
    { homes, seed, out, fiscalYear }: YearOptions,
    parts: YearProcess,
    household: Household,
  ) {
    this.#household = household;
    this.#process = parts;
    this.#out = resolve(out);
    this.#year = fiscalYearSpan(fiscalYear);
    this.#plans = planHomes(seed, homes, this.#year);
  }

  async run(): Promise<void> {
    const { tell, clock, signal } = this.#process;
    await mkdir(this.#out, { recursive: true });
    const ports = { http: await freePort(0, '--out'), mqtt: await freePort(0, '--out') };
    const http = `http://127.0.0.1:${ports.http}`;
    const file = join(this.#out, 'gateway.yaml');
    const folder = join(this.#out, 'gateway');
    await writeFile(file, gatewayYaml(folder, ports, this.#plans, this.#year));
    const gateway = this.#household.keep('gateway', programPath('#build/kadoru-gateway.js'), [
      '--config',
      file,
    ]);
    await this.#household.until('the gateway', gatewayPatienceMs, async () =>
      (await fetch(`${http}/api/v1/health`).catch(() => undefined))?.ok === true ? true : undefined,
    );
    const started = clock.monotonicMs();
    let told = 0;
    const homes = await this.#household.during(
      sendYear(this.#plans, this.#year, {
        ...{ clock, signal, random: Math.random, mqtt: `mqtt://127.0.0.1:${ports.mqtt}` },
        trouble: (why) => tell(`sending: ${why}`),
        progress: (sent, frames) => {
          if (clock.monotonicMs() - told < 2_000) return;
          told = clock.monotonicMs();
          tell(
            `sending: ${sent} of ${this.#plans.length} homes, ${frames} frames, ${Math.round((told - started) / 1000)} s`,
          );
        },
      }),
    );
    tell(`sent in ${Math.round((clock.monotonicMs() - started) / 1000)} s`);
    for (const home of homes) await explain(http, home);
    tell(`explained in ${Math.round((clock.monotonicMs() - started) / 1000)} s`);
    await this.#household.until('derivation', 600_000, async () => {
      const health: any = await (await fetch(`${http}/api/v1/health`)).json();
      tell(JSON.stringify(health.ingest));
      return Array.isArray(health.recomputing) && health.recomputing.length === 0
        ? true
        : undefined;
    });
    tell(`derived in ${Math.round((clock.monotonicMs() - started) / 1000)} s`);
    void gateway;
  }
}
