import { expect, test } from 'vitest';
import { describeWithPeers, type PeerName } from '../peers.ts';
import { Campaign } from './campaign.ts';
import { Rig, type RigKind } from './rig.ts';
import { Seeded } from './seeded.ts';

/** `KADORU_SEED` repeats the choices of a run that failed. */
function seedOf(): number {
  const given = process.env['KADORU_SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}

/** Every fault alone, then together, until enough was killed; each round is audited. */
export function matrix(kind: RigKind, leastKills: number): void {
  const name = kind.store === 'embedded' ? kind.broker : `${kind.broker} and ${kind.store}`;
  const peers: PeerName[] = ['faketime', 'mosquitto'];
  if (kind.store === 'influxdb') peers.push('influxd');
  describeWithPeers(`faults with ${name}`, peers, () => {
    test('no frame is lost, doubled or changed', { timeout: 1_500_000 }, async () => {
      const seed = seedOf();
      console.log(`${name}: KADORU_SEED=${seed}`);
      const random = new Seeded(seed);
      const rig = await Rig.start(kind, random);
      try {
        const campaign = new Campaign(rig, random);
        await campaign.eachAlone();
        while (rig.tally.kills < leastKills) await campaign.together();
        await campaign.end();
        console.log(`${name}, seed ${seed}:\n${rig.tally.summary()}`);
        expect(rig.tally.kills).toBeGreaterThanOrEqual(leastKills);
        expect(rig.tally.bulkFrames).toBeGreaterThan(1000);
        expect(rig.tally.deviceFrames).toBeGreaterThan(50);
      } finally {
        await rig.end();
      }
    });
  });
}
