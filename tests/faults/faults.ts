import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { until } from '../system/device-harness.ts';
import type { FaultProxy, LinkMode } from './proxy.ts';
import type { Rig } from './rig.ts';
import type { Seeded } from './seeded.ts';
import { corruptBytes, cutPower, type Damage } from './spool-damage.ts';

/** Something that happens to the system, from its beginning to its end; afterwards everything runs again. */
export interface Fault {
  readonly name: string;
  readonly needs?: 'mosquitto' | 'disk' | 'embedded store' | 'influxd';
  /** What it takes over; two faults of one kind would undo each other. */
  readonly takes: 'device' | 'gateway' | 'broker' | 'links' | 'store' | 'clock' | 'content';
  readonly run: (rig: Rig, random: Seeded) => Promise<void>;
}

const yearSeconds = 365 * 24 * 3600;

async function through(links: readonly FaultProxy[], mode: LinkMode, ms: number): Promise<void> {
  for (const link of links) link.set(mode);
  await sleep(ms);
  for (const link of links) link.set({ kind: 'through' });
}

function linksOf(rig: Rig, random: Seeded): FaultProxy[] {
  const { device, bulk, gateway } = rig.links;
  const all = [device, bulk, ...(gateway === undefined ? [] : [gateway])];
  return random.shuffled(all).slice(0, random.whole(1, all.length));
}

/** Keeps the write lock of the gateway's data file, as another program may, so that every commit fails. */
export async function holdStore(rig: Rig, ms: number): Promise<void> {
  const database = new DatabaseSync(join(rig.gateway.folder, 'data', 'kadoru.db'), {
    timeout: 5000,
  });
  try {
    database.exec('BEGIN IMMEDIATE');
    await sleep(ms);
    database.exec('ROLLBACK');
  } finally {
    database.close();
  }
}

export const faults: readonly Fault[] = [
  {
    name: 'device killed',
    takes: 'device',
    run: async (rig, random) => {
      await rig.killDevice();
      await sleep(random.whole(0, 500));
      rig.restartDevice();
    },
  },
  {
    name: 'device killed, its spool corrupted',
    takes: 'device',
    run: (rig, random) => damaged(rig, corruptBytes, random),
  },
  {
    name: 'power cut at the device',
    takes: 'device',
    run: (rig, random) => damaged(rig, cutPower, random),
  },
  {
    name: 'device’s disk full',
    takes: 'device',
    needs: 'disk',
    run: async ({ deviceDisk, device }, random) => {
      deviceDisk?.fill();
      await sleep(random.whole(500, 5000));
      deviceDisk?.clear();
      // Until the disk has it all, a kill loses what only memory holds: that is no part of the promise.
      const count = (pattern: RegExp) => device.lines.filter((line) => pattern.test(line)).length;
      await until('the disk in use again', () =>
        count(/the spool's disk fails/) === count(/the spool's disk works again/)
          ? true
          : undefined,
      );
    },
  },
  {
    name: 'gateway killed',
    takes: 'gateway',
    run: async (rig, random) => {
      await rig.killGateway();
      await sleep(random.whole(0, 1500));
      await rig.restartGateway();
    },
  },
  {
    name: 'gateway killed on its way up',
    takes: 'gateway',
    run: async (rig, random) => {
      await rig.killGateway();
      await rig.stillbornGateway(random.whole(50, 900));
      await rig.restartGateway();
    },
  },
  {
    name: 'mosquitto killed',
    takes: 'broker',
    needs: 'mosquitto',
    run: async (rig, random) => {
      const { mosquitto } = rig;
      if (mosquitto === undefined) throw new Error('this rig has an embedded broker');
      await rig.killBroker(mosquitto);
      await sleep(random.whole(0, 1500));
      await mosquitto.again();
    },
  },
  {
    name: 'link cut',
    takes: 'links',
    run: (rig, random) =>
      through(linksOf(rig, random), { kind: 'refusing' }, random.whole(100, 3000)),
  },
  {
    name: 'connections reset',
    takes: 'links',
    run: async (rig, random) => {
      for (let turn = random.whole(2, 5); turn > 0; turn -= 1) {
        for (const link of linksOf(rig, random)) link.cut();
        await sleep(random.whole(20, 600));
      }
    },
  },
  {
    name: 'link half-open',
    takes: 'links',
    run: async (rig, random) => {
      const links = linksOf(rig, random);
      await through(links, { kind: 'stalled' }, random.whole(500, 4000));
      if (random.next() < 0.5) for (const link of links) link.cut();
    },
  },
  {
    name: 'link slow',
    takes: 'links',
    run: (rig, random) =>
      through(
        linksOf(rig, random),
        { kind: 'slow', bytesPerSecond: 20_000 },
        random.whole(1000, 4000),
      ),
  },
  {
    name: 'influxd killed',
    takes: 'store',
    needs: 'influxd',
    run: async (rig, random) => {
      const { influxd } = rig;
      if (influxd === undefined) throw new Error('this rig has an embedded store');
      await rig.killStore(influxd);
      await sleep(random.whole(0, 3000));
      await influxd.again();
    },
  },
  {
    name: 'store held by another program',
    takes: 'store',
    needs: 'embedded store',
    run: (rig, random) => holdStore(rig, random.whole(500, 8000)),
  },
  {
    name: 'gateway’s clock stepped',
    takes: 'clock',
    run: (rig, random) => stepped(rig.clocks.gateway, random),
  },
  {
    name: 'device’s clock stepped',
    // A device that starts on a wrong clock which its owner vouches for cannot know better.
    takes: 'device',
    run: (rig, random) => stepped(rig.clocks.device, random),
  },
  {
    name: 'contradicting content',
    takes: 'content',
    run: (rig) => {
      rig.bulk.contradict();
      return Promise.resolve();
    },
  },
];

/** With a backlog on the disk, so that there is something to lose. */
async function damaged(rig: Rig, damage: Damage, random: Seeded): Promise<void> {
  for (let turn = random.whole(0, 15); turn > 0; turn -= 1) {
    rig.links.device.cut();
    await sleep(150);
  }
  await rig.killDevice();
  rig.damageSpool(damage, random);
  rig.restartDevice();
}

async function stepped(
  clock: { step(offsetSeconds: number): void },
  random: Seeded,
): Promise<void> {
  for (let turn = random.whole(1, 3); turn > 0; turn -= 1) {
    const years = random.pick([-10, -3, -1, 1, 3, 10]);
    clock.step(years * yearSeconds + random.whole(-86_400, 86_400));
    await sleep(random.whole(300, 2000));
  }
  clock.step(0);
}
