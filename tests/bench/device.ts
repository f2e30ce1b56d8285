import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMegabytes } from './resident.ts';
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
/** Linux reports process times in these (man 5 proc, sysconf(_SC_CLK_TCK)). */
const ticksPerS = 100;

/**
 * The device program as it is shipped, with the real firmware behind TCP and a broker: resident memory, processor time,
 * and how long a step at the sensor takes to the broker. Takes about
 * a minute and a half.
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
    { name: 'device, one core', value: cpuShare, unit: '%', note: 'one pack each second' },
    {
      name: 'sensor step to broker, longest of 10',
      value: Math.max(...stepsMs),
      unit: 'ms',
      note: `the sampling interval of ${sampleSeconds} s included`,
    },
  ];
}

/** User and system time so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
}
