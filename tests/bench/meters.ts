import { setTimeout as sleep } from 'node:timers/promises';
import { startDeviceProcess, startGatewayPeer, until } from '../system/device-harness.ts';
import { cpuSeconds } from './device.ts';
import { startEchonetMeters } from './echonet-meters.ts';
import { startModbusMeters } from './modbus-meters.ts';
import { residentMegabytes } from './resident.ts';
import type { Row } from './row.ts';

/** Meters of one kind: what they add to the device's configuration, and the channels that must have readings. */
export interface MeterGroup {
  readonly name: string;
  readonly config: {
    readonly meters: readonly object[];
    readonly buses?: readonly object[];
    readonly echonet?: object;
  };
  readonly channels: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Twelve times as often as by default: about what ten meters on a line of 9,600 baud allow. */
const sampleSeconds = 5;
const settleMs = 2 * sampleSeconds * 1_000;
const measureMs = 30_000;

/** One device process that polls all kinds of meters at once: its share of a core, and how many readings it got. */
export async function benchMeters(): Promise<Row[]> {
  const groups: MeterGroup[] = [
    await startModbusMeters(sampleSeconds),
    await startEchonetMeters(sampleSeconds),
  ];
  const channels = groups.flatMap((group) => group.channels);
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  const device = await startDeviceProcess({
    site: 'keihin',
    device: 'pi-1',
    data: './data',
    clock: { trust: 'system' },
    mqtt: { url: gateway.url },
    buses: groups.flatMap(({ config }) => config.buses ?? []),
    meters: groups.flatMap(({ config }) => config.meters),
    echonet: groups.map(({ config }) => config.echonet).find((part) => part !== undefined),
  });
  await until('a frame', () => gateway.frames.at(0));
  await sleep(settleMs);
  const { pid = 0 } = device.child;
  const before = await cpuSeconds(pid);
  const from = gateway.frames.length;
  await sleep(measureMs);
  const share = (((await cpuSeconds(pid)) - before) / measureMs) * 1e5;
  const readings = gateway.frames
    .slice(from)
    .flatMap((frame) => channels.flatMap((channel) => frame.readings[channel] ?? []));
  const good = readings.filter(({ quality }) => quality === 'good').length;
  const residentMb = await residentMegabytes(pid);
  await device.end('SIGTERM');
  await gateway.stop();
  for (const group of groups) await group.stop();
  const what = groups.map(({ name }) => name).join(' and ');
  const note = `${what}, each every ${sampleSeconds} s`;
  return [
    { name: 'meters, one core', value: share, unit: '%', limit: 25, note },
    {
      name: 'meters, good readings',
      value: readings.length === 0 ? 0 : (good / readings.length) * 100,
      unit: '%',
      note: `${readings.length} readings in ${measureMs / 1_000} s`,
    },
    { name: 'meters, resident', value: residentMb, unit: 'MB' },
  ];
}
