import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Health, healthSchema } from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import { frame, WireDevice } from './gateway-process.ts';
import { Influxd } from './influxd.ts';
import { freePort } from './ports.ts';
import { type Program, runKadoru, temporaryFolder } from './program.ts';

const patience = { timeout: 300_000 };
const working = { state: 'ok', readings: 1 };
const waiting = { timeout: 60_000, interval: 50 };

/** A gateway that was started and perhaps never gets further. */
class Starting {
  readonly folder = temporaryFolder();
  readonly #httpPort: number;
  readonly #mqttPort: number;
  #program: Program | undefined;

  private constructor(httpPort: number, mqttPort: number) {
    this.#httpPort = httpPort;
    this.#mqttPort = mqttPort;
  }

  static async withFreePorts(): Promise<Starting> {
    return new Starting(await freePort(), await freePort());
  }

  run(settings: object, options: readonly string[] = []): Program {
    const config = join(this.folder, 'gateway.yaml');
    const ports = { http: { port: this.#httpPort }, mqtt: { embedded: { port: this.#mqttPort } } };
    const site = { id: 'keihin', generators: [{ id: 'pv-1', kind: 'pv', device: 'pi-1' }] };
    const content = { data: './data', ...ports, sites: [site], ...settings };
    writeFileSync(config, JSON.stringify(content));
    this.#program = runKadoru('gateway', ['--config', config, ...options]);
    return this.#program;
  }

  get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#httpPort}${path}`);
  }

  async health(): Promise<Health> {
    return healthSchema.parse(await (await this.get('/api/v1/health')).json());
  }

  /** What it waits for, once it has tried. */
  waitsFor(what: RegExp): Promise<Health> {
    return vi.waitFor(async () => {
      const health = await this.health();
      const { state, detail = '' } = health.store;
      if (state === 'waiting' && what.test(detail)) return health;
      throw new Error(`${state}: ${detail}`);
    }, waiting);
  }

  /** Stores a frame, and answers what health says then; the gateway must have gone on by itself. */
  async works(seq: number): Promise<Health['store']> {
    await this.#program?.said(/"connected":true/);
    const device = await WireDevice.connect(`mqtt://127.0.0.1:${this.#mqttPort}`);
    try {
      const readings = { 'pv-1/generated': { value: seq } };
      await device.send('live', frame(seq, Date.now() - 1000, readings));
      await vi.waitFor(() => {
        if (!device.acknowledged().includes(seq)) throw new Error('not acknowledged');
      }, waiting);
      return (await this.health()).store;
    } finally {
      await device.close();
    }
  }

  async end(): Promise<void> {
    await this.#program?.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let gateway: Starting;
beforeEach(async () => {
  gateway = await Starting.withFreePorts();
});
afterEach(() => gateway.end());

describe('the embedded store', () => {
  test(
    'held by another program at the start: said in health, and opened once it lets go',
    patience,
    async () => {
      const first = gateway.run({});
      await first.said(/"msg":"ready"/);
      await first.end();
      const other = new DatabaseSync(join(gateway.folder, 'data', 'kadoru.db'));
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      gateway.run({});
      await gateway.waitsFor(/another program holds the database/);
      other.close();
      expect(await gateway.works(1)).toMatchObject(working);
    },
  );
});

describeWithPeers('an InfluxDB that cannot be used at the start', ['influxd'], () => {
  let influxd: Influxd | undefined;
  afterEach(async () => {
    await influxd?.end();
    influxd = undefined;
  });
  const store = (changes: object = {}) => ({
    store: { kind: 'influxdb', url: influxd?.url, bucket: 'kadoru', ...changes },
  });

  test(
    'away: health says so and since when, all else is asked to come back, and it goes on by itself',
    patience,
    async () => {
      influxd = await Influxd.start();
      await influxd.query('CREATE DATABASE "kadoru"');
      await influxd.kill();
      const began = Date.now();
      const program = gateway.run(store());
      const { status, problems, store: shown } = await gateway.waitsFor(/ECONNREFUSED/);
      expect(status).toBe('degraded');
      expect(problems).toMatchObject([
        {
          kind: 'store-failing',
          detail: expect.stringMatching(/start InfluxDB or correct store\.url/),
        },
      ]);
      expect(shown.since).toBeGreaterThanOrEqual(began);
      expect(shown.since).toBeLessThanOrEqual(Date.now());
      for (const path of ['/api/v1/health', '/', '/api/v1/packs', '/api/v1/live', '/metrics']) {
        const answer = await gateway.get(path);
        expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5']);
      }
      expect(await (await gateway.get('/')).text()).toContain('保存先を待っています');
      expect(program.lines.join()).not.toContain('"msg":"ready"');
      await influxd.again();
      expect(await gateway.works(1)).toMatchObject(working);
      expect((await gateway.get('/api/v1/packs')).status).toBe(200);
    },
  );

  test(
    'away, for a gateway that stores for others: the same, and then it does only that',
    patience,
    async () => {
      influxd = await Influxd.start();
      await influxd.query('CREATE DATABASE "kadoru"');
      await influxd.kill();
      const shared = { group: 'plant', primary: false };
      // No broker is there, either: it is waited for after the store.
      gateway.run({ ...store(), id: 'g-2', mqtt: { url: 'mqtt://127.0.0.1:9', shared } });
      const { broker } = await gateway.waitsFor(/ECONNREFUSED/);
      expect(broker).toEqual({ kind: 'external', shared, connected: false });
      const waited = await gateway.get('/api/v1/packs');
      expect([waited.status, await waited.text()]).toEqual([
        503,
        expect.stringMatching(/waits for/),
      ]);
      await influxd.again();
      await vi.waitFor(
        async () => expect((await gateway.health()).store.state).toBe('ok'),
        waiting,
      );
      expect((await gateway.health()).broker.shared).toEqual(shared);
      const packs = await gateway.get('/api/v1/packs');
      expect([packs.status, await packs.text()]).toEqual([503, expect.stringMatching(/primary/)]);
    },
  );

  test('the wait can be ended', patience, async () => {
    const program = gateway.run({
      store: { kind: 'influxdb', url: 'http://127.0.0.1:9', bucket: 'kadoru' },
    });
    await program.said(/ECONNREFUSED.*start InfluxDB or correct store\.url.*trying again/);
    expect(await program.end()).toBe(0);
  });

  test(
    'a wrong token, then one that may only read, then the right one: no restart between',
    patience,
    async () => {
      influxd = await Influxd.start(['auth-enabled = true']);
      await influxd.query(`CREATE USER "admin" WITH PASSWORD 'secret' WITH ALL PRIVILEGES`);
      const admin = (statement: string) => influxd?.query(statement, '', 'admin:secret');
      await admin('CREATE DATABASE "kadoru"');
      await admin(`CREATE USER "kadoru" WITH PASSWORD 'pass'`);
      const tokenFile = join(gateway.folder, 'token');
      writeFileSync(tokenFile, 'kadoru:wrong');
      gateway.run(store({ tokenFile }));
      await gateway.waitsFor(/401.*store\.tokenFile/);
      await admin('GRANT READ ON "kadoru" TO "kadoru"');
      writeFileSync(tokenFile, 'kadoru:pass\n');
      await gateway.waitsFor(/403.*write permission/);
      await admin('GRANT ALL ON "kadoru" TO "kadoru"');
      expect(await gateway.works(1)).toMatchObject(working);
    },
  );

  test('a database that others write to, then none, then one of its own', patience, async () => {
    influxd = await Influxd.start();
    await influxd.query('CREATE DATABASE "kadoru"');
    const body = 'kadoru_tally,writer=else readings="text" 0';
    await fetch(`${influxd.url}/write?db=kadoru`, { method: 'POST', body });
    gateway.run(store());
    await gateway.waitsFor(/kadoru.*(bucket of its own|one of its own)/);
    await influxd.query('DROP DATABASE "kadoru"');
    await gateway.waitsFor(/influx -execute 'CREATE DATABASE "kadoru"', or .*--create/);
    await influxd.query('CREATE DATABASE "kadoru"');
    expect(await gateway.works(1)).toMatchObject(working);
  });

  test(
    'a database that refuses what is entered at the start, then one of its own',
    patience,
    async () => {
      influxd = await Influxd.start();
      await influxd.query('CREATE DATABASE "kadoru"');
      const body = `kadoru_record content=1 ${Date.now()}`;
      await fetch(`${influxd.url}/write?db=kadoru&precision=ms`, { method: 'POST', body });
      gateway.run(store());
      await gateway.waitsFor(/field type conflict.*store\.bucket/);
      await influxd.query('DROP DATABASE "kadoru"');
      await influxd.query('CREATE DATABASE "kadoru"');
      expect(await gateway.works(1)).toMatchObject(working);
    },
  );

  test('--create makes the database and says so', patience, async () => {
    influxd = await Influxd.start();
    const program = gateway.run(store(), ['--create']);
    await program.said(/"made":"database \\"kadoru\\""/);
    expect(await gateway.works(1)).toMatchObject(working);
  });
});
