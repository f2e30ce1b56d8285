import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import { describeWithPeers } from '../peers.ts';
import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { Influxd } from '../system/influxd.ts';
import { bulk, BulkSource } from './bulk-source.ts';
import { Mosquitto } from './mosquitto.ts';
import { Seeded } from './seeded.ts';
import { gapsOf, storedRows } from './stored.ts';

const waiting = { timeout: 120_000, interval: 100 };
const channel = `${bulk.site}/${bulk.device}/${bulk.asset}/pressure`;

describeWithPeers(
  'three gateways that share the storing (mosquitto, InfluxDB)',
  ['mosquitto', 'influxd'],
  () => {
    let influxd: Influxd;
    let mosquitto: Mosquitto;
    let gateways: GatewayProcess[];
    const mqtt = () => ({ url: `mqtt://127.0.0.1:${mosquitto.port}`, shared: 'plant' });

    beforeEach(async () => {
      [influxd, mosquitto] = [await Influxd.start(), await Mosquitto.start(false)];
      gateways = [];
      const store = { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true };
      for (const id of ['g-1', 'g-2', 'g-3'])
        gateways.push(
          await startGatewayProcess({ brokerPort: mosquitto.port, mqtt, more: { id, store } }),
        );
    });
    afterEach(async () => {
      for (const { program } of gateways) await program.end('SIGKILL');
      await mosquitto.kill();
      await influxd.end();
    });

    const framesStored = () =>
      Promise.all(gateways.map(async (each) => (await each.health()).ingest.framesStored));

    test('killed under load, one after the other: nothing lost, nothing doubled, nothing changed', async () => {
      const source = new BulkSource(mosquitto.port, new Seeded(20_261_128), Date.now());
      const acknowledged = () => source.sampled - source.unacknowledged;
      const progress = async (frames: number) => {
        const before = acknowledged();
        await vi.waitFor(() => expect(acknowledged()).toBeGreaterThan(before + frames), waiting);
      };
      await progress(1000);
      for (const each of await framesStored()) expect(each).toBeGreaterThan(100);
      for (const victim of [1, 0, 2]) {
        await gateways[victim]?.program.end('SIGKILL');
        source.contradict();
        source.insist();
        await progress(500);
        const again = await gateways[victim]?.again();
        if (again !== undefined) gateways[victim] = again;
        await progress(500);
      }
      source.pause();
      await vi.waitFor(() => expect(source.unacknowledged).toBe(0), waiting);
      for (const each of await framesStored()) expect(each).toBeGreaterThan(0);
      const expected = Array.from({ length: source.sampled }, (_, seq) => ({
        seq,
        at: source.atMs(seq),
        value: source.valueOf(seq),
        raw: seq,
      }));
      for (const gateway of gateways) {
        const rows = await storedRows(gateway, channel);
        expect(rows.map(({ seq, at, value, raw }) => ({ seq, at, value, raw }))).toEqual(expected);
        expect(await gapsOf(gateway)).toEqual([]);
      }
      expect(source.conflicts).toBeGreaterThan(0);
      await vi.waitFor(async () => {
        source.insist();
        expect(await quarantined()).toEqual(
          Array.from({ length: source.conflicts }, () => 'conflict'),
        );
      }, waiting);
      await source.stop();
    });

    test('a live message is stored by one and shown by all', async () => {
      const device = await WireDevice.connect(`mqtt://127.0.0.1:${mosquitto.port}`);
      const at = Date.now();
      for (let seq = 0; seq < 9; seq += 1) {
        const readings = {
          'pack-1/pressure': { value: 10 + seq / 10 },
          'pack-1/temperature': { value: 20 },
        };
        await device.send('live', frame(seq, at + seq, readings));
      }
      await vi.waitFor(() => expect(device.acknowledged()).toHaveLength(9), waiting);
      for (const gateway of gateways)
        await vi.waitFor(
          async () => expect((await gateway.pack()).pressureMpa).toBe(10.8),
          waiting,
        );
      // Each by one alone, not each by all.
      expect((await framesStored()).reduce((sum, frames) => sum + frames)).toBe(9);
      await device.close();
    });

    /** The first reason of each entry, as the store holds them. */
    async function quarantined(): Promise<(string | undefined)[]> {
      const store = await openInfluxStore({
        url: influxd.url,
        bucket: 'kadoru',
        writer: 'test',
        wallMs: Date.now,
      });
      try {
        const codes: (string | undefined)[] = [];
        for await (const { reasons } of store.quarantined({})) codes.push(reasons[0]?.code);
        return codes;
      } finally {
        await store.close();
      }
    }
  },
);
