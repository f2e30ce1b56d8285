import { expect, test, vi } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { Influxd } from './influxd.ts';
import { PlantTraffic } from './plant-traffic.ts';

const devices = 4;
/** More frames than the gateway keeps waiting (5,000). */
const seconds = 1500;
const frames = devices * seconds;

describeWithPeers('an InfluxDB that stays away', ['influxd'], () => {
  test(
    'what waits is bounded and counted, nothing is acknowledged; afterwards everything is stored, once',
    { timeout: 600_000 },
    async () => {
      const influxd = await Influxd.start();
      const store = { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true };
      const gateway = await startGatewayProcess({ more: { store } });
      const startMs = Date.now() - seconds * 1000;
      const traffic = await PlantTraffic.connect(gateway.mqttUrl, devices, startMs);
      try {
        await influxd.kill();
        await traffic.history(0, seconds);
        const { ingest, store: shown } = await vi.waitFor(
          async () => {
            const health = await gateway.health();
            const { framesWaiting, framesTurnedAway } = health.ingest;
            // One batch is with the store, and neither waits nor was turned away.
            expect(framesWaiting + framesTurnedAway).toBeGreaterThanOrEqual(frames - 500);
            expect(health.store.state).toBe('failing');
            return health;
          },
          { timeout: 300_000, interval: 200 },
        );
        expect(ingest.framesWaiting).toBeLessThanOrEqual(5000);
        expect(ingest.framesTurnedAway).toBeGreaterThanOrEqual(frames - 5500);
        expect(shown.since).toBeGreaterThan(startMs);
        expect(traffic.acknowledged).toBe(0);
        await influxd.again();
        await vi.waitFor(
          async () => expect((await gateway.health()).ingest.framesWaiting).toBe(0),
          { timeout: 300_000, interval: 200 },
        );
        // What was turned away the devices send again.
        await traffic.history(0, seconds);
        await vi.waitFor(() => expect(traffic.acknowledged).toBe(frames), {
          timeout: 300_000,
          interval: 200,
        });
        expect((await gateway.health()).store).toMatchObject({ state: 'ok', readings: 3 * frames });
      } finally {
        await traffic.close();
        await gateway.program.end('SIGKILL');
        await influxd.end();
      }
    },
  );
});
