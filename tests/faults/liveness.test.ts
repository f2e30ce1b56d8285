import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Health } from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import { Audit } from './audit.ts';
import { type BrokerKind, Rig } from './rig.ts';
import { Seeded } from './seeded.ts';

const waiting = { timeout: 90_000, interval: 100 };
/** The promise of issue 3. The limits above only end what hangs: this one is judged, by the gateway's own times. */
const promisedMs = 30_000;

/** A source that stops is said to have stopped, with time and reason, whichever way it stops. */
function liveness(broker: BrokerKind): void {
  describeWithPeers(`liveness with ${broker}`, ['faketime', 'mosquitto'], () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await Rig.start({ broker, store: 'embedded' }, new Seeded(1));
    });
    afterAll(() => rig.end());

    const device = async (): Promise<Health['devices'][number]> => {
      const { devices } = await rig.gateway.health();
      const found = devices.find((each) => each.device === 'pi-1');
      if (found === undefined) throw new Error('pi-1 is configured and not in health');
      return found;
    };
    const comesTo = (...states: readonly string[]) =>
      vi.waitFor(async () => {
        const found = await device();
        expect(states).toContain(found.state);
        return found;
      }, waiting);
    const measures = () =>
      vi.waitFor(async () => {
        const found = await device();
        expect(found.state).toBe('online');
        expect(Date.now() - (found.lastMeasuredAt ?? 0)).toBeLessThan(3000);
      }, waiting);
    /** Milliseconds from the last measurement until the gateway said so. */
    const noticed = ({ since, lastMeasuredAt }: Health['devices'][number]): number =>
      since - (lastMeasuredAt ?? Number.NaN);
    const noticeKinds = async () => (await rig.gateway.health()).problems.map(({ kind }) => kind);

    test('killed: lost', { timeout: 200_000 }, async () => {
      await measures();
      await rig.killDevice();
      const gone = await comesTo('lost', 'silent');
      expect(noticed(gone)).toBeLessThan(promisedMs);
      expect(gone.reason).not.toBe('');
      expect(await noticeKinds()).toContain(`device-${gone.state}`);
      expect(
        rig.gateway.program.lines.filter((line) => line.includes('a source has stopped')),
      ).not.toEqual([]);
      rig.restartDevice();
      await measures();
      expect((await noticeKinds()).filter((kind) => kind.startsWith('device-'))).toEqual([]);
    });

    test('behind a link that is half-open: silent, then back', { timeout: 200_000 }, async () => {
      await measures();
      rig.links.device.set({ kind: 'stalled' });
      const gone = await comesTo('lost', 'silent');
      expect(noticed(gone)).toBeLessThan(promisedMs);
      rig.links.device.cut();
      rig.links.device.set({ kind: 'through' });
      await measures();
    });

    test('frozen with its connection open: silent', { timeout: 200_000 }, async () => {
      await measures();
      rig.device.child.kill('SIGSTOP');
      try {
        const gone = await comesTo('lost', 'silent');
        expect(noticed(gone)).toBeLessThan(promisedMs);
      } finally {
        rig.device.child.kill('SIGCONT');
      }
      await measures();
    });

    test('stopped on purpose: offline', { timeout: 200_000 }, async () => {
      await measures();
      await rig.device.end('SIGTERM');
      expect((await comesTo('offline')).reason).toContain('goodbye');
      expect(await noticeKinds()).toContain('device-offline');
    });

    test('not there when the gateway starts: said, too', { timeout: 200_000 }, async () => {
      const startedMs = Date.now();
      await rig.killGateway();
      await rig.restartGateway();
      const gone = await comesTo('silent', 'offline', 'lost');
      expect(gone.since - startedMs).toBeLessThan(promisedMs + 5000);
      rig.restartDevice();
      await measures();
    });

    test('none of it cost a frame', { timeout: 200_000 }, () => new Audit(rig).settle());
  });
}

liveness('embedded');
liveness('mosquitto');
