import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { Audit } from './audit.ts';
import { holdStore } from './faults.ts';
import { Rig } from './rig.ts';
import { Seeded } from './seeded.ts';

const waiting = { timeout: 90_000, interval: 100 };
const yearSeconds = 365 * 24 * 3600;

describeWithPeers('long outages', ['faketime', 'mosquitto'], () => {
  let rig: Rig;
  let audit: Audit;
  beforeAll(async () => {
    rig = await Rig.start({ broker: 'embedded', store: 'embedded' }, new Seeded(2));
    audit = new Audit(rig);
  });
  afterAll(() => rig.end());

  const problem = (kind: string) =>
    vi.waitFor(async () => {
      const { problems } = await rig.gateway.health();
      const found = problems.find((each) => each.kind === kind);
      expect(found).toBeDefined();
      return found;
    }, waiting);
  const noProblems = () =>
    vi.waitFor(async () => expect((await rig.gateway.health()).problems).toEqual([]), waiting);
  const freshPressure = () =>
    vi.waitFor(async () => {
      const { pressureMpa, ageMs } = await rig.gateway.pack();
      expect(pressureMpa).not.toBeNull();
      expect(ageMs ?? Infinity).toBeLessThan(3000);
    }, waiting);

  test(
    'a store that refuses for longer than any retry window: said, nothing acknowledged, the live view goes on',
    { timeout: 300_000 },
    async () => {
      await vi.waitFor(() => expect(rig.loop.conversions).toBeGreaterThan(5), waiting);
      // Commits are asked again after at most 10 s, devices resend after at most 60 s, the bulk source after 1.5 s.
      const held = holdStore(rig, 70_000);
      await problem('store-failing');
      const acknowledged = rig.bulk.sampled - rig.bulk.unacknowledged;
      await stayFresh(50_000);
      expect(rig.bulk.sampled - rig.bulk.unacknowledged).toBe(acknowledged);
      const { framesWaiting, framesTurnedAway } = (await rig.gateway.health()).ingest;
      expect(framesWaiting).toBeLessThanOrEqual(20_000);
      expect(framesTurnedAway).toBeGreaterThan(0);
      await held;
      await noProblems();
      await audit.settle();
      expect(rig.gateway.program.child.exitCode).toBeNull();
    },
  );

  /** What is shown while nothing can be stored is of now. A sample may fail on a busy machine; most do not. */
  async function stayFresh(forMs: number): Promise<void> {
    const endMs = performance.now() + forMs;
    const looks = { all: 0, known: 0 };
    while (performance.now() < endMs) {
      const { pressureMpa, measuredAt } = await rig.gateway.pack();
      expect(Date.now() - (measuredAt ?? 0)).toBeLessThan(10_000);
      looks.all += 1;
      if (pressureMpa !== null) looks.known += 1;
      await sleep(500);
    }
    expect(looks.known).toBeGreaterThan(looks.all / 2);
  }

  test.each([3, -3])(
    'the gateway’s clock jumps by %d years while running: said, no time judged, and trusted again when back',
    { timeout: 200_000 },
    async (years) => {
      await freshPressure();
      rig.clocks.gateway.step(years * yearSeconds);
      expect(await problem('clock-not-set')).toBeDefined();
      expect((await rig.gateway.health()).clock).toBe('not-trusted');
      const { conversions } = rig.loop;
      await vi.waitFor(
        () => expect(rig.loop.conversions).toBeGreaterThan(conversions + 10),
        waiting,
      );
      await audit.settle();
      rig.clocks.gateway.step(0);
      await noProblems();
    },
  );

  test(
    'a jump by hours, to after the release and before the newest reading, is noticed, too',
    { timeout: 200_000 },
    async () => {
      await freshPressure();
      rig.clocks.gateway.step(-2 * 3600);
      expect(await problem('clock-not-set')).toBeDefined();
      await audit.settle();
      rig.clocks.gateway.step(0);
      await noProblems();
    },
  );
});
