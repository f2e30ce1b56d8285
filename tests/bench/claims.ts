import { createPublicKey } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimCommand } from '../../gateway/claims/cli.ts';
import { loadConfig } from '../../gateway/config/load.ts';
import { configuredMeters, meterSeries } from '../../gateway/derive/meter.ts';
import { openEmbeddedReader } from '../../gateway/store/embedded/store.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { runKadoru, temporaryFolder } from '../system/program.ts';
import { claimStore, claimYear, halfHourMs } from './claim-store.ts';
import type { Row } from './row.ts';

/** Two a home; `KADORU_METERS=1000` is the size of the claim that the limits speak of. */
const meterCount = Number(process.env['KADORU_METERS'] ?? 40);
/** Where a store made once stays, to be copied and measured again; else it is made anew and removed. */
const keptFolder = process.env['KADORU_CLAIMS_FOLDER'];
const homes = Math.ceil(meterCount / 2);

/**
 * A claim of a fiscal year of half hours, frozen by the real program in a process of its own, against reading the same
 * rows straight from the store, and verified.
 */
export async function benchClaims(): Promise<Row[]> {
  const folder = temporaryFolder();
  try {
    const config = await prepared(folder);
    const out = join(folder, 'claim');
    const key = join(folder, 'key');
    await claimCommand(['keys', 'new', '--out', key], {}, () => undefined);
    const rows = homes * 2 * Math.round((claimYear.to - claimYear.from) / halfHourMs);
    // Before and after, so that both meet the same machine.
    const before = await measured(() => readAll(config));
    progress(`read in ${before.seconds.toFixed(1)} s`);
    const exported = await freeze(config, out, key);
    progress(`exported in ${exported.seconds.toFixed(1)} s`);
    const after = await measured(() => readAll(config));
    progress(`read in ${after.seconds.toFixed(1)} s`);
    const readS = (before.seconds + after.seconds) / 2;
    const readCpuS = (before.cpuS + after.cpuS) / 2;
    const publicKey = createPublicKey(await readFile(`${key}.pub.pem`));
    let findings = -1;
    const verifying = await measured(async () => {
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
        name: 'the same by processor time, which other programs do not change',
        value: readCpuS / exported.cpuS,
        unit: 'ratio',
      },
      {
        name: 'claim, most memory of the exporting process',
        value: exported.megabytes,
        unit: 'MB',
        limit: 300,
      },
      {
        name: 'claim, verifying against exporting',
        value: verifying.seconds / exported.seconds,
        unit: 'ratio',
        limit: 1,
        note: `${findings} findings`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measured(work: () => Promise<unknown>) {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(startCpu);
  return { seconds: (performance.now() - startMs) / 1_000, cpuS: (user + system) / 1e6 };
}

async function prepared(folder: string): Promise<string> {
  if (keptFolder === undefined) return claimStore(folder, homes, progress);
  await claimStore(keptFolder, homes, progress);
  // A claim that is frozen claims its year, so that the next run could not.
  await cp(keptFolder, folder, { recursive: true });
  return join(folder, 'gateway.yaml');
}

function progress(line: string): void {
  console.error(`claims: ${line}`);
}

async function readAll(config: string): Promise<number> {
  const loaded = loadConfig(config, {});
  const store = await openEmbeddedReader({ folder: loaded.data });
  let rows = 0;
  for (const meter of configuredMeters(loaded))
    for await (const reading of store.readings(meterSeries(meter), claimYear))
      if (reading.value !== null) rows += 1;
  await store.close();
  return rows;
}

async function freeze(config: string, out: string, key: string) {
  const startMs = performance.now();
  const program = runKadoru('gateway', [
    'claims',
    'freeze',
    '--config',
    config,
    '--project',
    'ward-pv',
    '--fiscal-year',
    '2021',
    '--out',
    out,
    '--key',
    key,
    '--frozen-at',
    '2022-05-01T09:00:00+09:00',
  ]);
  let [megabytes, cpuS] = [0, 0];
  while (program.child.exitCode === null && program.child.signalCode === null) {
    megabytes = Math.max(megabytes, await mostMegabytes(program.child.pid ?? 0));
    cpuS = Math.max(cpuS, await processorSeconds(program.child.pid ?? 0));
    await sleep(50);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  if (program.child.exitCode !== 0) throw new Error(program.lines.join('\n'));
  return { seconds, megabytes, cpuS };
}

/** The most a process ever held in memory (VmHWM, man 5 proc), in megabytes of 1,000,000 bytes; 0 when it is gone. */
async function mostMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return (Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024) / 1e6;
}

/** What a process has used of the processors (utime and stime, man 5 proc: hundredths of a second); 0 when it is gone. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}
