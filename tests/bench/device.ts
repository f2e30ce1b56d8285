import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MemorySpool } from '../../device/spool/memory.ts';
import { deviceConfig } from '../system/device-config.ts';
import {
  Bench,
  startBoard,
  startDeviceProcess,
  startGatewayPeer,
  until,
} from '../system/device-harness.ts';
import type { Row } from './row.ts';

const settleMs = 20_000;
const steps = 10;
const sampleSeconds = 1;
const spoolBytes = 12_000_000;
/** Linux reports process times in these (man 5 proc, sysconf(_SC_CLK_TCK)). */
const ticksPerS = 100;

/**
 * The device program as it is shipped, with the real firmware behind TCP and a broker: resident memory, processor time,
 * and how long a step at the sensor takes to the broker. Takes about 40 s.
 */
export async function benchDevice(): Promise<Row[]> {
  const bench = new Bench();
  const board = await startBoard(bench);
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  const device = await startDeviceProcess(
    deviceConfig({
      mqttUrl: gateway.url,
      board: board.url,
      packSeconds: sampleSeconds,
      meterSeconds: 60,
    }),
  );
  const pressure = () => gateway.frames.at(-1)?.readings['pack-1/pressure']?.value ?? undefined;
  await until('a pressure', pressure);
  const { pid = 0 } = device.child;
  const before = await cpuSeconds(pid);
  await sleep(settleMs);
  const cpuShare = (((await cpuSeconds(pid)) - before) / settleMs) * 1e5;
  const stepsMs: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const wanted = step % 2 === 0 ? 10 : 30;
    bench.milliamperes[0] = 4 + (16 * wanted) / 40;
    const startMs = performance.now();
    await until('the step', () => (Math.abs((pressure() ?? 0) - wanted) < 0.02 ? true : undefined));
    stepsMs.push(performance.now() - startMs);
  }
  const residentMb = await residentMegabytes(pid);
  await device.end('SIGTERM');
  await gateway.stop();
  await board.stop();
  return [
    {
      name: 'device, resident',
      value: residentMb,
      unit: 'MB',
      note: 'VmRSS after 20 s, at most 120',
    },
    {
      name: 'device, resident with a full spool',
      value: residentMb + fullSpoolMegabytes(),
      unit: 'MB',
      note: 'at most 120',
    },
    { name: 'device, one core', value: cpuShare, unit: '%', note: 'one pack each second' },
    {
      name: 'sensor step to broker, longest of 10',
      value: Math.max(...stepsMs),
      unit: 'ms',
      note: `the sampling interval of ${sampleSeconds} s included`,
    },
  ];
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024) / 1e6;
}

/** User and system time so far. */
async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
}

/** What this process grows by when a spool of the default size fills with frames of two packs and a meter. */
function fullSpoolMegabytes(): number {
  const before = process.memoryUsage().rss;
  const spool = new MemorySpool({
    boot: '5f1c7a52-9a2e-4a55-8d4f-0e6a3b1c2d11',
    maxFrames: 65_536,
    maxBytes: spoolBytes,
    newStreamId: () => 'k3f9Qw7Z',
  });
  while (spool.stats().dropped === 0) {
    const value = 10 + spool.next / 1e6;
    const readings = {
      'pack-1/pressure': { value, raw: 9_535 },
      'pack-1/temperature': { value, raw: 9_000 },
    };
    spool.append({ upMs: spool.next * 1_000, readings, events: [] });
    spool.stamp((upMs) => ({ at: 1_775_001_600_000 + upMs, clock: 'synced' }));
  }
  return (process.memoryUsage().rss - before) / 1e6;
}
