import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { Influxd } from '../system/influxd.ts';
import { PlantTraffic } from '../system/plant-traffic.ts';
import { collected, collecting } from './collected.ts';
import type { Row } from './row.ts';

const devices = 30;
const hourS = 3600;
/** An hour in twelve parts of five minutes, each sent within fifty seconds. */
const parts = 12;
const partMs = 50_000;

/**
 * An hour of thirty devices at 1 Hz while the InfluxDB is down, sent in ten minutes, and again once it is back, until all
 * is stored. What the gateway holds is looked at after a forced collection, so that it is what is kept and not what
 * happens to lie about. Takes about 15 minutes.
 */
export async function benchInfluxOutage(): Promise<Row[]> {
  const influxd = await Influxd.start();
  const store = { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true };
  const gateway = await startGatewayProcess({ more: { store }, environment: collecting });
  const startMs = Date.now() - 2 * hourS * 1000;
  const traffic = await PlantTraffic.connect(gateway.mqttUrl, devices, startMs);
  try {
    // Warm: some minutes through the working store first, so that what grows afterwards is the outage's.
    await stored(traffic, 0, warmS);
    const held = [await megabytes(gateway, 1)];
    await influxd.kill();
    for (let part = 0; part < parts; part += 1) {
      const pause = sleep(partMs);
      await traffic.live(warmS + part * partS, warmS + (part + 1) * partS);
      await pause;
      held.push(await megabytes(gateway, part + 2));
    }
    const { framesWaiting, framesTurnedAway } = (await gateway.health()).ingest;
    await influxd.again();
    await stored(traffic, warmS, warmS + hourS);
    const { readings } = (await gateway.health()).store;
    const note = `${framesWaiting} frames waiting, ${framesTurnedAway} turned away; ${readings} readings in the end, of ${3 * devices * (warmS + hourS)} sent`;
    return rows(held, note);
  } finally {
    await traffic.close();
    await gateway.program.end('SIGTERM');
    await influxd.end();
  }
}

const warmS = 200;
const partS = hourS / parts;

interface Megabytes {
  readonly resident: number;
  readonly heap: number;
}

async function megabytes({ program }: GatewayProcess, time: number): Promise<Megabytes> {
  const { rss, heapUsed, external } = await collected(program, time);
  return { resident: rss / 1e6, heap: (heapUsed + external) / 1e6 };
}

function rows(held: readonly Megabytes[], note: string): Row[] {
  return held.flatMap(({ resident, heap }, part) => {
    const when = part === 0 ? 'before' : `after ${(part * partS) / 60} minutes of readings`;
    return [
      {
        name: `outage, gateway resident ${when}`,
        value: resident,
        unit: 'MB',
        ...(part === parts ? { note } : {}),
      },
      { name: `outage, gateway's heap ${when}`, value: heap, unit: 'MB' },
    ];
  });
}

/** Sends a memory as devices do: so much, then again what is not acknowledged, and only then more. */
async function stored(traffic: PlantTraffic, fromS: number, toS: number): Promise<void> {
  for (let from = fromS; from < toS; from += sliceS) {
    const to = Math.min(from + sliceS, toS);
    while (traffic.acknowledged < devices * to) {
      await traffic.history(from, to);
      for (let looks = 0; looks < 50 && traffic.acknowledged < devices * to; looks += 1)
        await sleep(100);
    }
  }
}

const sliceS = 100;
