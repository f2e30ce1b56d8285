import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { type Ack, ackSchema, deviceTopic } from '#device/contract';
import { type Health, healthSchema, type Pack } from '#gateway/contract';
import { freePort } from './ports.ts';
import { type Program, runKadoru, temporaryFolder } from './program.ts';

/** A gateway as a process, with its configuration file and a way to ask it. */
export interface GatewayProcess {
  readonly program: Program;
  readonly folder: string;
  readonly config: string;
  readonly httpPort: number;
  readonly mqttUrl: string;
  get(path: string, token?: string): Promise<Response>;
  post(path: string, body: object): Promise<Response>;
  health(): Promise<Health>;
  pack(): Promise<Pack>;
  /** The same configuration and data in a new process. */
  again(): Promise<GatewayProcess>;
}

interface Changes {
  /** Instead of the embedded broker on a free port. */
  readonly mqtt?: (port: number) => object;
  readonly http?: object;
  readonly more?: object;
  readonly brokerPort?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

const sites = [
  {
    id: 'keihin',
    packs: [
      {
        id: 'pack-1',
        name: '京浜島カードル1号',
        device: 'pi-1',
        cylinders: 30,
        cylinderLitres: 50,
      },
    ],
    generators: [{ id: 'pv-1', name: '屋上太陽光', kind: 'pv', device: 'pi-1' }],
  },
];

export async function startGatewayProcess(changes: Changes = {}): Promise<GatewayProcess> {
  const folder = temporaryFolder();
  const [httpPort, mqttPort] = [await freePort(), changes.brokerPort ?? (await freePort())];
  const config = join(folder, 'gateway.yaml');
  const mqtt = changes.mqtt?.(mqttPort) ?? { embedded: { port: mqttPort } };
  const content = {
    data: './data',
    http: { port: httpPort, ...changes.http },
    mqtt,
    sites,
    ...changes.more,
  };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(content));
  return run({
    folder,
    config,
    httpPort,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    environment: changes.environment ?? {},
  });
}

interface Place extends Pick<GatewayProcess, 'folder' | 'config' | 'httpPort' | 'mqttUrl'> {
  readonly environment: NodeJS.ProcessEnv;
}

async function run(place: Place): Promise<GatewayProcess> {
  const { folder, config, httpPort, mqttUrl } = place;
  const program = runKadoru('gateway', ['--config', config], place.environment);
  await program.said(/"msg":"ready"/);
  await program.said(/"connected":true/);
  const get = (path: string, token?: string) => {
    const ask = () =>
      fetch(
        `http://127.0.0.1:${httpPort}${path}`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      );
    // A kept-alive connection may end at the very moment it is used again: a question may be asked twice.
    return ask().catch(ask);
  };
  return {
    program,
    folder,
    config,
    httpPort,
    mqttUrl,
    get,
    post: (path, body) =>
      fetch(`http://127.0.0.1:${httpPort}${path}`, { method: 'POST', body: JSON.stringify(body) }),
    health: async () => healthSchema.parse(await (await get('/api/v1/health')).json()),
    pack: async () => {
      const { items }: { items: Pack[] } = await (await get('/api/v1/packs')).json();
      const [pack] = items;
      if (pack === undefined) throw new Error('no pack');
      return pack;
    },
    again: () => run(place),
  };
}

/** A third-party device: speaks the wire contract with nothing of our device program in it. */
export class WireDevice {
  readonly client: MqttClient;
  readonly acks: Ack[] = [];

  private constructor(client: MqttClient) {
    this.client = client;
    client.on('message', (_, bytes) =>
      this.acks.push(ackSchema.parse(JSON.parse(bytes.toString()))),
    );
  }

  static async connect(url: string, options: IClientOptions = {}): Promise<WireDevice> {
    const client = await connectAsync(url, { reconnectPeriod: 0, ...options });
    const device = new WireDevice(client);
    await client.subscribeAsync(deviceTopic('keihin', 'pi-1', 'ack'), { qos: 1 });
    return device;
  }

  async send(kind: 'live' | 'history' | 'state' | 'meta', message: unknown): Promise<void> {
    const payload =
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    await this.client.publishAsync(deviceTopic('keihin', 'pi-1', kind), payload, { qos: 1 });
  }

  /** Sequence numbers acknowledged so far. */
  acknowledged(): number[] {
    const all = this.acks.flatMap(({ stored }) =>
      stored.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      ),
    );
    return [...new Set(all)].toSorted((a, b) => a - b);
  }

  close(): Promise<void> {
    return this.client.endAsync(true);
  }
}

export function frame(seq: number, at: number, readings: object, changes: object = {}): object {
  return { stream: 'k3f9', seq, at, clock: 'synced', readings, ...changes };
}
