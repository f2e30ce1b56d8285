import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../browser/browser.ts';
import { freePort } from '../system/ports.ts';
import { type Program, runProgram, temporaryFolder } from '../system/program.ts';
import { startWholePlant } from '../system/whole-plant.ts';
import type { Row } from './row.ts';

/** How long the demonstration runs before memory is read: fill, first minutes' derivation and steady work. */
const settleMs = 60_000;

/** `npm start` as a newcomer types it, from the command to a figure that moves; then what its processes hold. */
export async function benchStart(): Promise<Row[]> {
  const browser = await startBrowser();
  const [http, mqtt] = [String(await freePort()), String(await freePort())];
  const startedMs = performance.now();
  const demo = runProgram(
    'npm',
    ['start', '--', '--http-port', http, '--mqtt-port', mqtt, '--data', temporaryFolder()],
    {},
    true,
  );
  try {
    const page = await openWhenServed(browser, `http://127.0.0.1:${http}/`);
    const values = new Set<string>();
    while (values.size < 2) {
      const good = await page
        .locator('[data-testid="dial-pack-1"][data-state="good"]')
        .getAttribute('data-pressure-mpa');
      if (good !== null) values.add(good);
    }
    const movingS = (performance.now() - startedMs) / 1000;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return [
      { name: 'npm start to a moving figure on the page', value: movingS, unit: 's', limit: 15 },
      ...['device', 'gateway'].flatMap((name) => memoryRows(demo, name)),
    ];
  } finally {
    await browser.close();
    await demo.end('SIGINT');
  }
}

async function openWhenServed(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  for (;;) {
    const answer = await page.goto(url).catch(() => undefined);
    if (answer?.ok() === true) return page;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const limitMb = { device: 120, gateway: 200 } as const;

function memoryRows(demo: Program, name: string): Row[] {
  const pid = descendant(demo.child.pid ?? 0, `kadoru-${name}.js`);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  const limit = name === 'device' ? limitMb.device : limitMb.gateway;
  return [
    { name: `${name} resident after a minute`, value: mb('VmRSS'), unit: 'MB', limit },
    { name: `${name} resident at its highest`, value: mb('VmHWM'), unit: 'MB', limit },
  ];
}

/** The process below another whose command line names a program. */
function descendant(parent: number, program: string): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? []);
  const below = (pid: number): number[] =>
    rows.flatMap(([, child, of, args = '']) =>
      Number(of) === pid
        ? [...(args.includes(program) ? [Number(child)] : []), ...below(Number(child))]
        : [],
    );
  const found = below(parent).at(-1);
  if (found === undefined) throw new Error(`no ${program} below process ${parent}`);
  return found;
}

/** From a step of the pack's pressure to the page, over firmware, device, broker, gateway and server-sent events. */
export async function benchLatency(): Promise<Row[]> {
  const plant = await startWholePlant();
  const browser = await startBrowser();
  try {
    await plant.tell('set pressure 10');
    const page = await openWhenServed(browser, `http://127.0.0.1:${plant.gateway.httpPort}/`);
    const shown = (mpa: number) =>
      page.waitForFunction(
        (wanted) => {
          const dial = document.querySelector('[data-testid="dial-pack-1"]');
          return (
            Math.abs(Number(dial?.getAttribute('data-pressure-mpa') ?? Number.NaN) - wanted) < 0.02
          );
        },
        mpa,
        { polling: 10, timeout: 120_000 },
      );
    await shown(10);
    const seconds: number[] = [];
    for (let step = 0; step < 30; step += 1) {
      const mpa = step % 2 === 0 ? 8 : 10;
      // Not in step with the sampling.
      await new Promise((resolve) => setTimeout(resolve, (step * 137) % 1000));
      const startedMs = performance.now();
      await plant.tell(`set pressure ${mpa}`);
      await shown(mpa);
      seconds.push((performance.now() - startedMs) / 1000);
    }
    const faults: number[] = [];
    for (let fault = 0; fault < 10; fault += 1) {
      await page.locator('[data-testid="dial-pack-1"][data-state="good"]').waitFor();
      const startedMs = performance.now();
      await plant.tell('cut pressure');
      await page.locator('[data-testid="dial-pack-1"][data-state="bad"]').waitFor();
      faults.push((performance.now() - startedMs) / 1000);
      await plant.tell('mend pressure');
    }
    const sorted = seconds.toSorted((a, b) => a - b);
    const note = '30 steps; the sampling interval of 1 s is in it';
    return [
      { name: 'sensor step to browser, median', value: sorted[15] ?? Number.NaN, unit: 's', note },
      {
        name: 'sensor step to browser, slowest',
        value: sorted.at(-1) ?? Number.NaN,
        unit: 's',
        limit: 2.5,
        note,
      },
      {
        name: 'cut loop to "unknown" on the page, slowest of 10',
        value: Math.max(...faults),
        unit: 's',
        limit: 3,
      },
    ];
  } finally {
    await browser.close();
    await plant.end();
  }
}
