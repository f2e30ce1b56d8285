import { createPublicKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimCommand } from '../../gateway/claims/cli.ts';
import { loadConfig } from '../../gateway/config/load.ts';
import { configuredMeters, meterSeries } from '../../gateway/derive/meter.ts';
import { type Entry, revisionFor } from '../../gateway/programme/entry.ts';
import {
  deviceEntry,
  memberEntry,
  meterEntry,
  projectEntry,
} from '../../gateway/programme/testing-programme.ts';
import { RecordDesk } from '../../gateway/records/desk.ts';
import { SealJob } from '../../gateway/seals/job.ts';
import { openEmbeddedReader, openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import type { Store, StoredReading } from '../../gateway/store/port.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { runKadoru, temporaryFolder } from '../system/program.ts';
import type { Row } from './row.ts';

/** Two a home; `KADORU_METERS=1000` is the size of the claim that the limits speak of. */
const meterCount = Number(process.env['KADORU_METERS'] ?? 40);
const homes = Math.ceil(meterCount / 2);
const halfHourMs = 1_800_000;
const from = Date.parse('2021-04-01T00:00:00+09:00');
const to = Date.parse('2022-04-01T00:00:00+09:00');
const sealedAt = Date.parse('2022-04-02T02:00:00+09:00');

/**
 * A claim of a fiscal year of half hours, frozen by the real program in a process of its own, against reading the same
 * rows straight from the store, and verified.
 */
export async function benchClaims(): Promise<Row[]> {
  const folder = temporaryFolder();
  try {
    const config = await prepare(folder);
    const out = join(folder, 'claim');
    const key = join(folder, 'key');
    await claimCommand(['keys', 'new', '--out', key], {}, () => undefined);
    const rows = homes * 2 * Math.round((to - from) / halfHourMs);
    const readS = await secondsOf(() => readAll(config));
    const exported = await freeze(config, out, key);
    const publicKey = createPublicKey(await readFile(`${key}.pub.pem`));
    let findings = -1;
    const verifyS = await secondsOf(async () => {
      findings = (await verifyClaim(out, publicKey, () => undefined)).findings.count;
    });
    const note = `${homes * 2} meters, ${rows} half hours, ${exported.seconds.toFixed(1)} s with the start of the process`;
    return [
      { name: 'claim, rows exported', value: rows / exported.seconds, unit: 'rows/s', note },
      {
        name: 'claim, export against reading the same rows',
        value: readS / exported.seconds,
        unit: 'ratio',
        least: 0.5,
      },
      {
        name: 'claim, most memory of the exporting process',
        value: exported.megabytes,
        unit: 'MB',
        limit: 300,
      },
      {
        name: 'claim, verifying against exporting',
        value: verifyS / exported.seconds,
        unit: 'ratio',
        limit: 1,
        note: `${findings} findings`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}

async function prepare(folder: string): Promise<string> {
  const meter = { reportingPeriodSeconds: 1_800 };
  const generators = Array.from({ length: homes }, (_, home) => ({
    id: `home-${home}`,
    kind: 'pv',
    device: `d-${home}`,
    meters: { generated: meter, exported: meter },
  }));
  const config = join(folder, 'gateway.yaml');
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ data: './data', sites: [{ id: 'ward', generators }] }));
  const loaded = loadConfig(config, {});
  const meters = configuredMeters(loaded);
  const store = await openEmbeddedStore({ folder: loaded.data });
  try {
    await enter(store);
    for (const configured of meters) await fill(store, meterSeries(configured));
    const job = await SealJob.load(store, meters);
    while (await job.turn(sealedAt));
  } finally {
    await store.close();
  }
  return config;
}

async function enter(store: Store): Promise<void> {
  const desk = await RecordDesk.load(store);
  const dates = { appliedOn: '2021-01-10', admittedOn: '2021-01-15' };
  const entries: Entry[] = [
    projectEntry('ward-pv', { appliedOn: '2021-01-05', from: '2021-01-05', to: '2029-03-31' }),
    {
      kind: 'methodology-confirmation',
      subject: 'EN-R-002',
      body: { methodology: 'EN-R-002', document: 'bench', version: '1', page: '1' },
    },
    ...Array.from({ length: homes }, (_, home) => homeEntries(home, dates)).flat(),
  ];
  const records = entries.flatMap(
    (entry) => revisionFor(desk, entry, { by: 'bench', nowMs: from }) ?? [],
  );
  await desk.addAll(records);
}

function homeEntries(home: number, dates: object): Entry[] {
  const id = `home-${home}`;
  const since = { from: '2021-01-15' };
  return [
    memberEntry(id, { project: 'ward-pv', ...dates }),
    deviceEntry(`${id}-pv`, id, { operationStartedOn: '2020-06-01' }),
    meterEntry(`${id}-g`, id, `ward/${id}/generated`, since),
    meterEntry(`${id}-s`, id, `ward/${id}/exported`, { item: 'sold', ...since }),
  ];
}

async function fill(store: Store, series: ReturnType<typeof meterSeries>): Promise<void> {
  const step = series.quantity === 'generated' ? 1_000 : 400;
  const content = { raw: null, quality: 'good', why: null, clock: 'synced', stream: 's' } as const;
  let readings: StoredReading[] = [];
  const nothing = { frames: [], events: [], quarantine: [], records: [], stale: [] };
  let value = 5_000_000;
  for (let at = from - halfHourMs, seq = 0; at <= to + 2 * halfHourMs; at += halfHourMs, seq += 1) {
    const halfHour = Math.floor((at - halfHourMs - from) / halfHourMs) % 48;
    if (halfHour >= 12 && halfHour < 36) value += step;
    readings.push({ ...series, ...content, at, value, seq, receivedAt: at });
    if (readings.length < 5_000) continue;
    await store.commit({ ...nothing, readings });
    readings = [];
  }
  await store.commit({ ...nothing, readings });
}

async function readAll(config: string): Promise<number> {
  const loaded = loadConfig(config, {});
  const store = await openEmbeddedReader({ folder: loaded.data });
  let rows = 0;
  for (const meter of configuredMeters(loaded))
    for await (const reading of store.readings(meterSeries(meter), { from, to }))
      if (reading.value !== null) rows += 1;
  await store.close();
  return rows;
}

async function freeze(config: string, out: string, key: string) {
  const startMs = performance.now();
  const program = runKadoru('gateway', [
    'claims',
    'freeze',
    ...['--config', config, '--project', 'ward-pv', '--fiscal-year', '2021'],
    ...['--out', out, '--key', key, '--frozen-at', '2022-05-01T09:00:00+09:00'],
  ]);
  let megabytes = 0;
  while (program.child.exitCode === null && program.child.signalCode === null) {
    megabytes = Math.max(megabytes, await mostMegabytes(program.child.pid ?? 0));
    await sleep(50);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  if (program.child.exitCode !== 0) throw new Error(program.lines.join('\n'));
  return { seconds, megabytes };
}

/** The most a process ever held in memory (VmHWM, man 5 proc), in megabytes of 1,000,000 bytes; 0 when it is gone. */
async function mostMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024) / 1e6;
}
