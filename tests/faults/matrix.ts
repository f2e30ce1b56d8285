import { expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { Campaign } from './campaign.ts';
import { type BrokerKind, Rig } from './rig.ts';
import { Seeded } from './seeded.ts';

/** `KADORU_SEED` repeats the choices of a run that failed. */
function seedOf(): number {
  const given = process.env['KADORU_SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}

/** Every fault alone, then together, until enough was killed; each round is audited. */
export function matrix(broker: BrokerKind, leastKills: number): void {
  describeWithPeers(`faults with ${broker}`, ['faketime', 'mosquitto'], () => {
    test('no frame is lost, doubled or changed', { timeout: 1_500_000 }, async () => {
      const seed = seedOf();
      console.log(`${broker}: KADORU_SEED=${seed}`);
      const random = new Seeded(seed);
      const rig = await Rig.start(broker, random);
      try {
        const campaign = new Campaign(rig, random);
        await campaign.eachAlone();
        while (rig.tally.kills < leastKills) await campaign.together();
        await campaign.end();
        console.log(`${broker}, seed ${seed}:\n${rig.tally.summary()}`);
        expect(rig.tally.kills).toBeGreaterThanOrEqual(leastKills);
        expect(rig.tally.bulkFrames).toBeGreaterThan(1000);
        expect(rig.tally.deviceFrames).toBeGreaterThan(50);
      } finally {
        await rig.end();
      }
    });
  });
}
