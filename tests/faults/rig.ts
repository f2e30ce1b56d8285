import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { Influxd } from '../system/influxd.ts';
import { type Program, runKadoru, temporaryFolder } from '../system/program.ts';
import { BulkSource } from './bulk-source.ts';
import { type CountingLoop, startCountingBoard } from './counting-board.ts';
import { FakedClock } from './faked-clock.ts';
import { Mosquitto } from './mosquitto.ts';
import { FaultProxy } from './proxy.ts';
import type { Seeded } from './seeded.ts';
import { mayMount, SmallDisk } from './small-disk.ts';
import type { Damage } from './spool-damage.ts';
import { Tally } from './tally.ts';

export type BrokerKind = 'embedded' | 'mosquitto' | 'mosquitto-persistent';
export type StoreKind = 'embedded' | 'influxdb';

/** What a rig is built of. */
export interface RigKind {
  readonly broker: BrokerKind;
  readonly store: StoreKind;
}

/** Everything that was opened, to be closed in reverse. */
type Opened = (() => Promise<unknown>)[];

/**
 * The system under fault: the real gateway, the real device on the real firmware, a device at volume, and whichever
 * broker and store, each its own process but for the volume; every link goes through a proxy and both clocks can be stepped.
 */
export class Rig {
  readonly tally = new Tally();
  readonly bulk: BulkSource;
  readonly loop: CountingLoop;
  readonly clocks: { readonly gateway: FakedClock; readonly device: FakedClock };
  readonly links: {
    readonly device: FaultProxy;
    readonly bulk: FaultProxy;
    readonly gateway: FaultProxy | undefined;
  };
  readonly mosquitto: Mosquitto | undefined;
  readonly influxd: Influxd | undefined;
  /** Under the device's data; undefined where nobody may mount one. */
  readonly deviceDisk: SmallDisk | undefined;
  /** Conversions completed when the device was killed: the one under way then may never have become a frame. */
  readonly conversionsAtKills: number[] = [];
  /** Conversions whose frames were destroyed on the device's disk: what had not been sent is lost. */
  readonly destroyed = new Set<number>();
  /** The same for frames that said "unknown": `stream/seq` and when they were sampled. */
  readonly destroyedUnknowns = new Map<string, number>();
  readonly #deviceConfig: string;
  readonly #opened: Opened;
  #gateway: GatewayProcess;
  #device: Program;

  private constructor(
    parts: Pick<
      Rig,
      'bulk' | 'loop' | 'clocks' | 'links' | 'mosquitto' | 'influxd' | 'gateway' | 'deviceDisk'
    > & {
      readonly deviceConfig: string;
      readonly opened: Opened;
    },
  ) {
    this.bulk = parts.bulk;
    this.loop = parts.loop;
    this.clocks = parts.clocks;
    this.links = parts.links;
    this.mosquitto = parts.mosquitto;
    this.influxd = parts.influxd;
    this.deviceDisk = parts.deviceDisk;
    this.#gateway = parts.gateway;
    this.#deviceConfig = parts.deviceConfig;
    this.#opened = parts.opened;
    this.#device = this.#runDevice();
  }

  static async start({ broker, store }: RigKind, random: Seeded): Promise<Rig> {
    const opened: Opened = [];
    const folder = temporaryFolder();
    const clocks = {
      gateway: new FakedClock(folder, 'gateway'),
      device: new FakedClock(folder, 'device'),
    };
    const mosquitto =
      broker === 'embedded' ? undefined : await Mosquitto.start(broker === 'mosquitto-persistent');
    if (mosquitto !== undefined) opened.push(() => mosquitto.kill());
    const influxd = store === 'influxdb' ? await Influxd.start() : undefined;
    if (influxd !== undefined) opened.push(() => influxd.end());
    const open = async (port: number): Promise<FaultProxy> => {
      const proxy = await FaultProxy.listen(port);
      opened.push(() => proxy.close());
      return proxy;
    };
    const gatewayLink = mosquitto && (await open(mosquitto.port));
    const gateway = await startGatewayProcess({
      environment: clocks.gateway.environment,
      ...(gatewayLink !== undefined && {
        mqtt: () => ({ url: `mqtt://127.0.0.1:${gatewayLink.port}` }),
      }),
      ...(influxd !== undefined && { more: { store: storeOn(influxd) } }),
    });
    const brokerPort = mosquitto?.port ?? Number(new URL(gateway.mqttUrl).port);
    const links = {
      device: await open(brokerPort),
      bulk: await open(brokerPort),
      gateway: gatewayLink,
    };
    const { loop, url, stop } = await startCountingBoard();
    opened.push(stop);
    const bulk = new BulkSource(links.bulk.port, random.branch(), Date.now());
    opened.push(() => bulk.stop());
    const deviceConfig = join(folder, 'device.yaml');
    writeFileSync(deviceConfig, JSON.stringify(configuration(links.device.port, url)));
    const deviceDisk = mayMount ? new SmallDisk('16m', join(folder, dataFolder)) : undefined;
    opened.push(async () => deviceDisk?.end());
    const parts = { bulk, loop, clocks, links, mosquitto, influxd, gateway, deviceDisk };
    return new Rig({ ...parts, deviceConfig, opened });
  }

  get gateway(): GatewayProcess {
    return this.#gateway;
  }

  get device(): Program {
    return this.#device;
  }

  async killGateway(): Promise<void> {
    await this.#gateway.program.end('SIGKILL');
    this.tally.killed('gateway');
  }

  async restartGateway(): Promise<void> {
    this.#gateway = await this.#gateway.again();
  }

  /** A gateway that is killed somewhere on its way up. */
  async stillbornGateway(lifeMs: number): Promise<void> {
    const { config } = this.#gateway;
    const program = runKadoru('gateway', ['--config', config], this.clocks.gateway.environment);
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    await program.end('SIGKILL');
    this.tally.killed('gateway');
  }

  async killDevice(): Promise<void> {
    await this.#device.end('SIGKILL');
    this.conversionsAtKills.push(this.loop.conversions);
    this.tally.killed('device');
  }

  /** What a kill leaves of the spool, and then some of it not. */
  damageSpool(damage: Damage, random: Seeded): void {
    const folder = join(dirname(this.#deviceConfig), dataFolder, 'spool');
    for (const { stream, seq, at, code } of damage(folder, random)) {
      const conversion = code === undefined ? undefined : this.loop.conversionOf(code);
      if (conversion === undefined) this.destroyedUnknowns.set(`${stream}/${seq}`, at);
      else this.destroyed.add(conversion);
    }
  }

  restartDevice(): void {
    this.#device = this.#runDevice();
  }

  async killBroker(mosquitto: Mosquitto): Promise<void> {
    await mosquitto.kill();
    this.tally.killed('broker');
  }

  async killStore(influxd: Influxd): Promise<void> {
    await influxd.kill();
    this.tally.killed('store');
  }

  async end(): Promise<void> {
    await this.#device.end('SIGKILL');
    await this.#gateway.program.end('SIGKILL');
    for (const end of this.#opened.toReversed()) await end();
  }

  #runDevice(): Program {
    return runKadoru('device', ['--config', this.#deviceConfig], this.clocks.device.environment);
  }
}

/** The simulated board shares a small machine with everything else: faster than this it often cannot answer in time. */
const sampleSeconds = 0.4;
const dataFolder = 'device-data';

function storeOn({ url }: Influxd): object {
  return { kind: 'influxdb', url, bucket: 'kadoru', create: true };
}

function configuration(mqttPort: number, board: string): object {
  return {
    site: 'keihin',
    device: 'pi-1',
    data: `./${dataFolder}`,
    mqtt: { url: `mqtt://127.0.0.1:${mqttPort}` },
    clock: { trust: 'system' },
    boards: [{ id: 'uno', kind: 'firmata', port: board }],
    adcs: [{ id: 'adc-1', kind: 'ads1115', board: 'uno', address: 0x48 }],
    packs: [
      {
        id: 'pack-1',
        sampleSeconds,
        pressure: {
          kind: 'current-loop',
          adc: 'adc-1',
          channel: 0,
          shuntOhm: 150,
          rangeMpa: [0, 40],
        },
      },
    ],
  };
}
