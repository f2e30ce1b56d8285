import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { Influxd } from '../system/influxd.ts';
import { PlantTraffic } from '../system/plant-traffic.ts';
import { residentMegabytes } from './resident.ts';
import type { Row } from './row.ts';

const devices = 10;
const hourS = 3600;
/** When 20,000 frames wait, which is as many as the gateway keeps. */
const fullS = 2000;

/**
 * An hour of ten devices at 1 Hz while the InfluxDB is down, sent as fast as the broker takes it, and again once it is
 * back, until all is stored. Takes about two minutes.
 */
export async function benchInfluxOutage(): Promise<Row[]> {
  const influxd = await Influxd.start();
  const store = { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true };
  const gateway = await startGatewayProcess({ more: { store } });
  const startMs = Date.now() - 2 * hourS * 1000;
  const traffic = await PlantTraffic.connect(gateway.mqttUrl, devices, startMs);
  try {
    // Warm: an hour through the working store first, so that what grows afterwards is the outage's.
    await traffic.live(0, hourS);
    await until(() => traffic.acknowledged === devices * hourS);
    const before = await megabytes(gateway);
    await influxd.kill();
    await traffic.live(hourS, hourS + fullS);
    const middle = await megabytes(gateway);
    await traffic.live(hourS + fullS, 2 * hourS);
    const end = await megabytes(gateway);
    const { framesWaiting, framesTurnedAway } = (await gateway.health()).ingest;
    await influxd.again();
    await until(async () => {
      await traffic.history(hourS, 2 * hourS);
      return traffic.acknowledged === 2 * devices * hourS;
    });
    const { readings } = (await gateway.health()).store;
    const note = `${framesWaiting} frames waiting, ${framesTurnedAway} turned away; ${readings} readings in the end, of ${6 * devices * hourS} sent`;
    return [
      { name: 'outage, gateway resident before', value: before, unit: 'MB' },
      { name: 'outage, once as much waits as may (2,000 s)', value: middle, unit: 'MB' },
      { name: 'outage, after the hour', value: end, unit: 'MB', note },
    ];
  } finally {
    await traffic.close();
    await gateway.program.end('SIGTERM');
    await influxd.end();
  }
}

function megabytes({ program }: GatewayProcess): Promise<number> {
  return residentMegabytes(program.child.pid ?? 0);
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(500);
}
