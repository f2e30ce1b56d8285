import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';
import { root } from './program.ts';

/** Test equipment: a gateway process with a programme of one home, a day of its readings, and a partner. */

export const dayMs = 86_400_000;
export const minuteMs = 60_000;
const japanMs = 9 * 3_600_000;
/** Two days ago: the day is over, and so is the wait before it is sealed. */
export const day = Math.floor((Date.now() + japanMs) / dayMs) * dayMs - japanMs - 2 * dayMs;
const dateOf = (ms: number) => new Date(ms + japanMs).toISOString().slice(0, 10);
export const dayName = dateOf(day);
const inJapan = new Date(day + japanMs);
export const fiscalYear = inJapan.getUTCFullYear() - (inJapan.getUTCMonth() < 3 ? 1 : 0);

/** A token may ask 120 times in a minute. */
export const waiting = { timeout: 150_000, interval: 1_500 };
export const why = 'purpose=yearly%20report';

const generator = { id: 'home-1', kind: 'pv', device: 'pi-1', meters: { exported: {} } };
export const startOffice = (more: object = {}): Promise<GatewayProcess> =>
  startGatewayProcess({ more: { sites: [{ id: 'keihin', generators: [generator] }], ...more } });

/** Every five minutes of the day 20 Wh were generated and 5 sold. */
export const frames = Array.from({ length: 289 }, (_, seq) =>
  frame(seq, day + seq * 5 * minuteMs, {
    'home-1/generated': { value: 1_000 + seq * 20 },
    'home-1/exported': { value: 500 + seq * 5 },
  }),
);

/** Sends frames as a device that was offline does; resolves when all of them are stored. */
export async function deliver(office: GatewayProcess, some: readonly object[]): Promise<void> {
  const device = await WireDevice.connect(office.mqttUrl);
  try {
    for (let at = 0; at < some.length; at += 100)
      await device.send('history', { frames: some.slice(at, at + 100) });
    await vi.waitFor(
      () => {
        if (device.acknowledged().length < some.length) throw new Error('not all is stored yet');
      },
      { ...waiting, interval: 50 },
    );
  } finally {
    await device.close();
  }
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** A command of the program, as a person types it; `--config` is added. */
export function run(office: GatewayProcess, ...args: readonly string[]): Promise<Ran> {
  return program('gateway', ...args, '--config', office.config);
}

export function program(name: 'gateway' | 'verify', ...args: readonly string[]): Promise<Ran> {
  const file = join(root, '.build', `kadoru-${name}.js`);
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, out, complaint) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error ? 1 : 0,
        out,
        complaint,
      });
    });
  });
}

/** Imports a project with one home; answers a partner's token. */
export async function enrol(office: GatewayProcess): Promise<string> {
  const dir = join(office.folder, 'tables');
  mkdirSync(dir);
  const admitted = dateOf(day - 30 * dayMs);
  const applied = dateOf(day - 40 * dayMs);
  const started = dateOf(day - 60 * dayMs);
  const end = dateOf(day + 1_000 * dayMs);
  const tables = {
    projects: `id,methodology,factor_rule,factor_year,factor_year_document,factor_year_page,auxiliary,auxiliary_document,auxiliary_page,applied_on,from,to,payment,share
keihin-pv,EN-R-002,all-source,of-reduction,plan,3,subtracted,plan,4,${applied},${applied},${end},success-fee,0.70
`,
    members: `id,project,kind,applied_on,admitted_on,value_owner
home-1,keihin-pv,household,${applied},${admitted},member
`,
    devices: `id,member,kind,maker,model,serial,operation_started_on,rated_w,grid_charging_battery,shared_export
home-1-pv,home-1,pv,maker,model,PV-1,${started},4000,no,no
`,
    meters: `id,member,device,item,register,serial,class,evidence,mark_expires,pulses,from
home-1-g,home-1,home-1-pv,generated,keihin/home-1/generated,M-1,B,specified,${end},no,${admitted}
home-1-s,home-1,home-1-pv,sold,keihin/home-1/exported,M-2,B,specified,${end},no,${admitted}
`,
  };
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(dir, `${name}.csv`), text);
  const imported = await run(office, 'programme', 'import', '--dir', dir, '--by', '佐藤');
  if (imported.code !== 0) throw new Error(imported.out + imported.complaint);
  const to = '--project keihin-pv --role partner --holder partner --by 佐藤'.split(' ');
  const made = await run(office, 'tokens', 'add', ...to, '--expires', dateOf(day + 90 * dayMs));
  const { text }: { text: string } = JSON.parse(made.out);
  return text;
}

/** What a partner gets of its project. */
export async function pull<T>(office: GatewayProcess, token: string, part: string): Promise<T> {
  const answer = await office.get(`/api/v1${part}${part.includes('?') ? '&' : '?'}${why}`, token);
  if (answer.status !== 200) throw new Error(`${part}: ${await answer.text()}`);
  return answer.json();
}
