import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { DerivedRow, Store } from '../../gateway/store/port.ts';
import { describeWithPeers } from '../peers.ts';
import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { Influxd } from '../system/influxd.ts';
import { bulk, type BulkShape, BulkSource } from './bulk-source.ts';
import { Mosquitto } from './mosquitto.ts';
import { Seeded } from './seeded.ts';
import { gapsOf, storedRows } from './stored.ts';

const waiting = { timeout: 240_000, interval: 100 };
const seed = 20_261_128;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
const pack = { cylinders: 30, cylinderLitres: 50 };
const sites = [
  {
    id: 'keihin',
    packs: [
      { id: 'pack-1', device: 'pi-1', ...pack },
      { id: bulk.asset, device: bulk.device, ...pack },
    ],
    generators: [{ id: 'pv-1', kind: 'pv', device: bulk.device }],
  },
];
const ofBulk = /keihin\/(bulk-1|pv-1)/;
/** A frame a second with everything a pack and a meter need; about two hours of it. */
const shape: Partial<BulkShape> = {
  spacingMs: 1000,
  beside: (seq) => ({
    [`${bulk.asset}/temperature`]: { value: 20 + (seq % 600) / 100 },
    'pv-1/generated': { value: 5 * seq },
  }),
};

describeWithPeers(
  'three gateways that share the storing (mosquitto, InfluxDB)',
  ['mosquitto', 'influxd'],
  () => {
    let influxd: Influxd;
    let mosquitto: Mosquitto;
    const gateways: GatewayProcess[] = [];
    const store = (bucket: string) => ({
      kind: 'influxdb',
      url: influxd.url,
      bucket,
      create: true,
    });

    beforeAll(async () => {
      [influxd, mosquitto] = [await Influxd.start(), await Mosquitto.start(false)];
      for (const id of ['g-1', 'g-2', 'g-3']) {
        const shared = { group: 'plant', primary: id === 'g-1' };
        gateways.push(
          await startGatewayProcess({
            brokerPort: mosquitto.port,
            mqtt: (port) => ({ url: `mqtt://127.0.0.1:${port}`, shared }),
            more: { id, sites, store: store('kadoru') },
          }),
        );
      }
    });
    afterAll(async () => {
      for (const { program } of gateways) await program.end('SIGKILL');
      await mosquitto.kill();
      await influxd.end();
    });

    const framesStored = () =>
      Promise.all(gateways.map(async (each) => (await each.health()).ingest.framesStored));
    const killed = async (index: number, meanwhile: () => Promise<void>) => {
      const gateway = gateways[index];
      await gateway?.program.end('SIGKILL');
      await meanwhile();
      if (gateway !== undefined) gateways[index] = await gateway.again();
    };

    test('a live message is stored by one of them and shown by the primary', async () => {
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
      const [primary, ...others] = gateways;
      await vi.waitFor(
        async () => expect((await primary?.pack())?.pressureMpa).toBe(10.8),
        waiting,
      );
      // Each by one alone, not each by all.
      expect((await framesStored()).reduce((sum, frames) => sum + frames)).toBe(9);
      for (const other of others) {
        const answer = await other.get('/api/v1/packs');
        expect(answer.status).toBe(503);
        expect(await answer.text()).toContain('ask the primary');
        expect((await other.health()).broker.shared).toEqual({ group: 'plant', primary: false });
      }
      await device.close();
    });

    test(
      'killed under load, with their server and their broker: nothing lost, doubled or changed, and derived as by one',
      { timeout: 900_000 },
      async () => {
        const nowMs = Date.now();
        const source = new BulkSource(mosquitto.port, new Seeded(seed), nowMs, shape);
        try {
          await underLoad(source);
          await verify(source);
          const shared = await derivedIn('kadoru');
          expect([...shared.keys()]).toEqual(
            expect.arrayContaining([
              'hydrogen keihin/bulk-1',
              'hydrogen_hour keihin/bulk-1',
              'energy_interval keihin/pv-1/generated',
            ]),
          );
          expect(await derivedByOne(source, nowMs)).toEqual(shared);
        } catch (error) {
          const said = gateways.map(({ program }) => program.lines.slice(-10).join('\n'));
          const found = `${source.unacknowledged} of ${source.sampled} frames unacknowledged`;
          throw new Error(`${String(error)}\n${found}\n${said.join('\n---\n')}`, { cause: error });
        } finally {
          await source.stop();
        }
      },
    );

    async function underLoad(source: BulkSource): Promise<void> {
      const acknowledged = () => source.sampled - source.unacknowledged;
      const progress = async (frames: number) => {
        const before = acknowledged();
        await vi.waitFor(() => expect(acknowledged()).toBeGreaterThan(before + frames), waiting);
      };
      const before = await framesStored();
      await progress(500);
      for (const [index, frames] of (await framesStored()).entries())
        expect(frames).toBeGreaterThan(before[index] ?? 0);
      for (const victim of [1, 0, 2]) {
        await killed(victim, async () => {
          source.contradict();
          source.insist();
          await progress(300);
        });
        await progress(300);
      }
      for (const server of [influxd, mosquitto]) {
        await server.kill();
        await server.again();
        await progress(300);
      }
      source.pause();
      await vi.waitFor(() => expect(source.unacknowledged).toBe(0), waiting);
    }

    async function verify(source: BulkSource): Promise<void> {
      for (const { program } of gateways) expect(program.child.exitCode).toBeNull();
      const expected = Array.from({ length: source.sampled }, (_, seq) => ({
        seq,
        at: source.atMs(seq),
        value: source.valueOf(seq),
        raw: seq,
      }));
      for (const gateway of gateways) {
        const rows = await storedRows(gateway, `keihin/${bulk.device}/${bulk.asset}/pressure`);
        expect(rows.map(({ seq, at, value, raw }) => ({ seq, at, value, raw }))).toEqual(expected);
        expect(await gapsOf(gateway)).toEqual([]);
      }
      expect(source.conflicts).toBeGreaterThan(0);
      await vi.waitFor(async () => {
        source.insist();
        expect(await using('kadoru', quarantined)).toEqual(
          Array.from({ length: source.conflicts }, () => 'conflict'),
        );
      }, waiting);
    }

    /** The same frames through a gateway that shares with nobody. */
    async function derivedByOne(source: BulkSource, nowMs: number) {
      const alone = await startGatewayProcess({ more: { sites, store: store('alone') } });
      const again = { ...shape, framesPerTurn: 16, mostFrames: source.sampled };
      const port = Number(new URL(alone.mqttUrl).port);
      const copy = new BulkSource(port, new Seeded(seed), nowMs, again);
      try {
        await vi.waitFor(
          () => expect([copy.sampled, copy.unacknowledged]).toEqual([source.sampled, 0]),
          waiting,
        );
        return await derivedIn('alone');
      } finally {
        await copy.stop();
        await alone.program.end('SIGKILL');
      }
    }

    /**
     * Once nothing waits to be derived: all that was, but for revisions, which count how often a row was changed, for
     * numbers of changes and seals, which say when that was, and for notes of where a computation may go on, which a
     * gateway that was restarted writes for every midnight since.
     */
    async function derivedIn(bucket: string): Promise<Map<string, DerivedRow[]>> {
      await vi.waitFor(async () => {
        const waits = await using(bucket, (open) => open.stale(10_000));
        expect(waits.filter(({ key }) => ofBulk.test(key))).toEqual([]);
      }, waiting);
      return using(bucket, async (open) => {
        const found = new Map<string, DerivedRow[]>();
        for (const key of await open.derivedKeys()) {
          const note = /_(checkpoint|reached|change)$|^seal/.test(key.measurement);
          if (note || !ofBulk.test(key.key)) continue;
          const rows: DerivedRow[] = [];
          for await (const { at, fields } of open.derived(key, always))
            rows.push({ at, fields: { ...fields, revision: 0, change: 0 } });
          found.set(`${key.measurement} ${key.key}`, rows);
        }
        return found;
      });
    }

    async function using<T>(bucket: string, look: (open: Store) => Promise<T>): Promise<T> {
      const options = { url: influxd.url, bucket, writer: 'test', wallMs: Date.now };
      const open = await openInfluxStore(options);
      try {
        return await look(open);
      } finally {
        await open.close();
      }
    }
  },
);

/** The first reason of each entry. */
async function quarantined(store: Store): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for await (const { reasons } of store.quarantined({})) codes.push(reasons[0]?.code);
  return codes;
}
