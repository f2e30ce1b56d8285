import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gapsOf, storedRows } from '../faults/stored.ts';
import { describeWithPeers } from '../peers.ts';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';
import { Influxd } from './influxd.ts';
import { runKadoru } from './program.ts';

const waiting = { timeout: 60_000, interval: 50 };
const patience = { timeout: 300_000 };
const channel = 'keihin/pi-1/pack-1/pressure';
const readings = (seq: number) => ({
  'pack-1/pressure': { value: 10 + seq / 1000, raw: seq },
  'pack-1/temperature': { value: 20 },
  'pv-1/generated': { value: seq },
});

describeWithPeers('the whole path with InfluxDB', ['influxd'], () => {
  let influxd: Influxd;
  let gateway: GatewayProcess;
  let device: WireDevice | undefined;
  const start = (changes: object = {}) =>
    startGatewayProcess({
      more: {
        store: { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true, ...changes },
      },
    });
  const connected = async (): Promise<WireDevice> => {
    device = await WireDevice.connect(gateway.mqttUrl);
    return device;
  };

  beforeEach(async () => {
    influxd = await Influxd.start();
    gateway = await start();
  });
  afterEach(async () => {
    await device?.close();
    await gateway.program.end('SIGKILL');
    await influxd.end();
  });

  test(
    'stored, acknowledged, shown, derived; and all of it after a restart',
    patience,
    async () => {
      const sender = await connected();
      // A minute is derived when it is over.
      const newest = Date.now() - 1000;
      for (let seq = 0; seq < 10; seq += 1)
        await sender.send('live', frame(seq, newest - (9 - seq) * 60_000, readings(seq)));
      await sender.send('live', '{"stream":');
      await vi.waitFor(() => expect(sender.acknowledged()).toHaveLength(10), waiting);
      const shown = async (readings: number) => {
        const { store, quarantine } = await gateway.health();
        expect(store).toMatchObject({ kind: 'influxdb', state: 'ok', readings });
        expect(store.detail).toMatch(/^InfluxDB 1\..*"kadoru"/);
        expect(quarantine.entries).toBe(1);
        expect((await storedRows(gateway, channel)).map(({ seq }) => seq)).toHaveLength(10);
      };
      await vi.waitFor(() => shown(30), waiting);
      // Only before a person states something: that is shown once the transmitter's reading is stale.
      expect((await gateway.pack()).measuredAt).toBe(newest);
      const delivery = { pressureMpa: 12, temperatureC: 20, readAt: Date.now() - 1000, by: '田中' };
      const said = await gateway.post('/api/v1/packs/pack-1/gauge-readings', delivery);
      expect(said.status).toBeLessThan(300);
      await vi.waitFor(
        async () =>
          expect(await influxd.query('SELECT "totalKg" FROM "hydrogen"', 'kadoru')).not.toEqual([]),
        waiting,
      );
      await gateway.program.end();
      gateway = await gateway.again();
      // Two more: pressure and temperature as a person read them.
      await vi.waitFor(() => shown(32), waiting);
    },
  );

  test(
    'influxd and the gateway killed while frames flow: every acknowledged frame is there, once',
    patience,
    async () => {
      const began = Date.now() - 3_600_000;
      const run = { flowing: true, frames: 0 };
      const acknowledged = new Set<number>();
      /** A device that resends what was not acknowledged, whatever happens to the other side. */
      const flow = async () => {
        while (run.flowing || acknowledged.size < run.frames) {
          const sender = await connected().catch(() => undefined);
          const ended = new Promise<false>((resolve) =>
            sender?.client.once('close', () => resolve(false)),
          );
          while (run.flowing || acknowledged.size < run.frames) {
            if (sender === undefined) break;
            if (run.flowing) run.frames += 5;
            const open = Array.from({ length: run.frames }, (_, seq) => seq).filter(
              (seq) => !acknowledged.has(seq),
            );
            const frames = open
              .slice(0, 50)
              .map((seq) => frame(seq, began + seq * 100, readings(seq)));
            // A publish whose connection ends is never answered.
            const sent = await Promise.race([
              sender.send('history', { frames }).then(() => true),
              ended,
            ]).catch(() => false);
            await sleep(30);
            for (const seq of sender.acknowledged()) acknowledged.add(seq);
            if (!sent || !sender.client.connected) break;
          }
          await sender?.close();
          await sleep(50);
        }
      };
      const flowed = flow();
      const progress = async () => {
        const before = acknowledged.size;
        await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(before + 50), waiting);
      };
      for (let round = 0; round < 3; round += 1) {
        await progress();
        await influxd.kill();
        await vi.waitFor(
          async () =>
            expect((await gateway.health()).problems.map(({ kind }) => kind)).toContain(
              'store-failing',
            ),
          waiting,
        );
        await influxd.again();
        await progress();
        await gateway.program.end('SIGKILL');
        gateway = await gateway.again();
      }
      run.flowing = false;
      await flowed;
      const rows = await storedRows(gateway, channel);
      expect(rows.map(({ seq }) => seq)).toEqual(
        Array.from({ length: run.frames }, (_, seq) => seq),
      );
      expect(rows.every(({ seq, value, raw }) => raw === seq && value === 10 + seq / 1000)).toBe(
        true,
      );
      expect((await gapsOf(gateway)).filter(({ state }) => state === 'open')).toEqual([]);
      await vi.waitFor(
        async () =>
          expect((await gateway.health()).store).toMatchObject({
            state: 'ok',
            readings: 3 * run.frames,
          }),
        waiting,
      );
    },
  );

  test('a reading the server refuses: in quarantine with its words, the rest stored, all acknowledged', async () => {
    const at = Date.now() - 5000;
    await fetch(`${influxd.url}/write?db=kadoru&precision=ms`, {
      method: 'POST',
      body: `reading,site=else generated_wh="text" ${at}`,
    });
    const sender = await connected();
    for (let seq = 0; seq < 3; seq += 1)
      await sender.send('live', frame(seq, at + seq, readings(seq)));
    await vi.waitFor(() => expect(sender.acknowledged()).toEqual([0, 1, 2]), waiting);
    const { quarantine, store } = await gateway.health();
    expect(quarantine.byReason).toEqual({ 'store-refused': 3 });
    expect(store.readings).toBe(6);
    const list = runKadoru('gateway', ['quarantine', 'list', '--config', gateway.config]);
    await list.said(/"store-refused".*field type conflict/);
    expect(await list.end()).not.toBe(1);
  });

  test('an event or a statement the server refuses: the one in quarantine, the other an error; nothing is held up', async () => {
    // The gateway entered a record when it opened, and a field has the type of whoever came first.
    await influxd.query('DROP MEASUREMENT "kadoru_record"', 'kadoru');
    for (const planted of ['kadoru_event,site=else seq="text"', 'kadoru_record content=1'])
      await fetch(`${influxd.url}/write?db=kadoru&precision=ms`, {
        method: 'POST',
        body: `${planted} ${Date.now()}`,
      });
    const sender = await connected();
    const at = Date.now() - 5000;
    const events = [{ kind: 'restart' }];
    await sender.send('live', frame(0, at, {}, { events }));
    await sender.send('live', frame(1, at + 1, readings(1), { events }));
    await sender.send('live', frame(2, at + 2, readings(2)));
    await vi.waitFor(() => expect(sender.acknowledged()).toEqual([0, 1, 2]), waiting);
    const delivery = { pressureMpa: 12, temperatureC: 20, readAt: at, by: '田中' };
    const answer = await gateway.post('/api/v1/packs/pack-1/gauge-readings', delivery);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringMatching(/^not entered: .*field type conflict.*store\.bucket/),
    });
    await sender.send('live', frame(3, at + 3, readings(3)));
    await vi.waitFor(() => expect(sender.acknowledged()).toEqual([0, 1, 2, 3]), waiting);
    const { quarantine, problems } = await gateway.health();
    expect(quarantine.byReason).toEqual({ 'store-refused': 2 });
    expect(problems.map(({ kind }) => kind)).not.toContain('store-failing');
    const list = runKadoru('gateway', ['quarantine', 'list', '--config', gateway.config]);
    await list.said(/"store-refused","path":"events\.0".*restart.*field type conflict/);
    await list.end();
  });
});
