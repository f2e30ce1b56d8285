import { parseArgs } from 'node:util';
import { setup } from '../build-setup.ts';
import { installPeers } from '../install-peers.ts';
import { missingPackages } from '../peers.ts';
import { Campaign } from './campaign.ts';
import { type BrokerKind, Rig, type RigKind, type StoreKind } from './rig.ts';
import { Seeded } from './seeded.ts';

/** `npm run torture -- --minutes N [--seed S] [--broker embedded|mosquitto|mosquitto-persistent] [--store embedded|influxdb]` */
const brokers: readonly BrokerKind[] = ['embedded', 'mosquitto', 'mosquitto-persistent'];
const stores: readonly StoreKind[] = ['embedded', 'influxdb'];
const reportEveryMs = 60_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      broker: { type: 'string', default: 'embedded' },
      store: { type: 'string', default: 'embedded' },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  const broker = brokers.find((name) => name === values.broker);
  const store = stores.find((name) => name === values.store);
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: say how long, such as 30`);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed}: a whole number`);
  if (broker === undefined)
    throw new Error(`--broker ${values.broker}: one of ${brokers.join(', ')}`);
  if (store === undefined) throw new Error(`--store ${values.store}: one of ${stores.join(', ')}`);
  installPeers(missingPackages());
  setup();
  await torture({ broker, store }, new Seeded(seed), minutes * 60_000);
}

/** Rejects with the first violation; the tally up to there is in the error. */
async function torture(kind: RigKind, random: Seeded, lengthMs: number): Promise<void> {
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  console.log(`${kind.broker} and ${kind.store}, seed ${random.seed}`);
  const rig = await Rig.start(kind, random);
  const report = () =>
    console.log(`\nafter ${Math.round(elapsedMs() / 60_000)} min\n${rig.tally.summary()}`);
  const timer = setInterval(report, reportEveryMs);
  try {
    const campaign = new Campaign(rig, random);
    await campaign.eachAlone();
    while (elapsedMs() < lengthMs) await campaign.together();
    await campaign.end();
    report();
  } finally {
    clearInterval(timer);
    await rig.end();
  }
}

await main();
