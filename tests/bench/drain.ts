import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { ackSchema, deviceTopic } from '#device/contract';
import { deviceConfig } from '../system/device-config.ts';
import { Bench, startBoard, startDeviceProcess, until } from '../system/device-harness.ts';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { temporaryFolder } from '../system/program.ts';
import { LiveAges } from './live-ages.ts';
import { median } from './median.ts';
import { residentMegabytes } from './resident.ts';
import type { Row } from './row.ts';
import { fillWeek, weekFrames } from './spool.ts';

const quietMs = 30_000;
const lookMs = 250;

/**
 * A week of one frame per second drains from the disk of the real device through the real gateway into the embedded
 * store, while the same device goes on measuring once a second. Takes about five minutes.
 */
export async function benchDrain(): Promise<Row[]> {
  const folder = temporaryFolder();
  await fillWeek(join(folder, 'device-data', 'spool'));
  const board = await startBoard(new Bench());
  const gateway = await startGatewayProcess();
  const config = deviceConfig({ mqttUrl: gateway.mqttUrl, board: board.url });
  try {
    const quiet = await quietAges(gateway, config);
    const drained = await drain(gateway, config, folder);
    const note = `${weekFrames} frames, acknowledged after their commits, in ${drained.seconds.toFixed(0)} s`;
    return [
      { name: 'drain of a week', value: drained.framesPerS, unit: 'frames/s', least: 2_000, note },
      { name: 'live, sample to browser feed, median without backlog', value: quiet, unit: 'ms' },
      { name: 'the same while the week drains', value: drained.liveMs, unit: 'ms' },
      { name: 'device, highest while it drains', value: drained.deviceMb, unit: 'MB', limit: 120 },
      { name: 'gateway, highest while it drains', value: drained.gatewayMb, unit: 'MB' },
    ];
  } finally {
    await gateway.program.end('SIGTERM');
    await board.stop();
  }
}

async function quietAges(gateway: GatewayProcess, config: object): Promise<number> {
  const device = await startDeviceProcess(config);
  const ages = await LiveAges.listen(gateway);
  await until('the first live figures', () => (ages.count > 3 ? true : undefined));
  ages.clear();
  await sleep(quietMs);
  await device.end('SIGTERM');
  await ages.stop();
  return median(ages.ms);
}

async function drain(gateway: GatewayProcess, config: object, folder: string) {
  const listener = await connectAsync(gateway.mqttUrl);
  const progress = { acknowledged: 0, startedMs: Number.NaN };
  listener.on('message', (_, bytes) => {
    if (progress.acknowledged === 0) progress.startedMs = performance.now();
    for (const [first, last] of ackSchema.parse(JSON.parse(bytes.toString())).stored)
      progress.acknowledged += last - first + 1;
  });
  await listener.subscribeAsync(deviceTopic('keihin', 'pi-1', 'ack'), { qos: 1 });
  const ages = await LiveAges.listen(gateway);
  const device = await startDeviceProcess(config, folder);
  const highest = { device: 0, gateway: 0 };
  while (progress.acknowledged < weekFrames) {
    await sleep(lookMs);
    if (device.child.exitCode !== null)
      throw new Error(`the device ended:\n${device.log.join('\n')}`);
    const { pid = 0 } = device.child;
    highest.device = Math.max(highest.device, await residentMegabytes(pid));
    const { pid: gatewayPid = 0 } = gateway.program.child;
    highest.gateway = Math.max(highest.gateway, await residentMegabytes(gatewayPid));
  }
  const seconds = (performance.now() - progress.startedMs) / 1_000;
  await ages.stop();
  await device.end('SIGTERM');
  await listener.endAsync(true);
  return {
    seconds,
    framesPerS: progress.acknowledged / seconds,
    liveMs: median(ages.ms),
    deviceMb: highest.device,
    gatewayMb: highest.gateway,
  };
}
