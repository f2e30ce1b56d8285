import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { until } from '../system/device-harness.ts';

interface SiteChanges {
  /** Of every source, for a device that is behind; the gateway's own limits without it. */
  readonly staleAfterSeconds?: number | undefined;
  readonly pv?: object;
}

export function wireSites({ staleAfterSeconds, pv = {} }: SiteChanges = {}) {
  const of = { device: 'pi-1', ...(staleAfterSeconds !== undefined && { staleAfterSeconds }) };
  const pack = { id: 'pack-1', name: '京浜島カードル1号', cylinders: 30, cylinderLitres: 50 };
  return [
    {
      id: 'keihin',
      packs: [{ ...pack, ...of }],
      generators: [
        { id: 'pv-1', name: '屋上太陽光', kind: 'pv', ...of, ...pv },
        { id: 'fc-1', name: '燃料電池', kind: 'fuel-cell', ...of },
      ],
      meters: [{ id: 'grid-1', name: '受電点', quantities: ['imported', 'exported'], ...of }],
    },
  ];
}

type Readings = Readonly<Record<string, object>>;

interface Plan {
  /**
   * What the device sends is so old, and the gateway is told to take that for fresh. Time on the device's clock may then
   * go by as fast as frames travel (`pass`): what a line or a pack needs half a minute for takes none.
   */
  readonly behindSeconds?: number;
  /** What the device kept of the time before, one frame for each of these ages (ms, falling). */
  readonly past?: {
    readonly agesMs: readonly number[];
    readonly readingsAt: (ageMs: number) => Readings;
  };
  readonly sites?: readonly object[];
  /** For the gateway. */
  readonly environment?: NodeJS.ProcessEnv;
}

const framesAtOnce = 100;
const passEveryMs = 5_000;

/** A gateway, and a device that speaks the wire contract once a second: a pack, a PV at night, a fuel cell, the grid. */
export class WirePlant {
  /** Null is a loop that is cut. */
  pressureMpa: number | null = 12;
  /** Null is a meter that has given no pulse yet. */
  pvW: number | null = null;
  #gateway: GatewayProcess;
  #device: WireDevice;
  #beat: NodeJS.Timeout | undefined;
  #seq = 0;
  #behindMs: number;

  private constructor(gateway: GatewayProcess, device: WireDevice, behindMs: number) {
    this.#gateway = gateway;
    this.#device = device;
    this.#behindMs = behindMs;
  }

  static async start(plan: Plan = {}): Promise<WirePlant> {
    const { behindSeconds = 0, past, environment = {} } = plan;
    const {
      sites = wireSites({
        staleAfterSeconds: behindSeconds === 0 ? undefined : behindSeconds + 60,
      }),
    } = plan;
    const gateway = await startGatewayProcess({ more: { sites }, environment });
    const device = await WireDevice.connect(gateway.mqttUrl);
    const plant = new WirePlant(gateway, device, behindSeconds * 1000);
    if (past !== undefined) await plant.#remember(past);
    plant.#start();
    return plant;
  }

  get gateway(): GatewayProcess {
    return this.#gateway;
  }

  get home(): string {
    return `http://127.0.0.1:${this.#gateway.httpPort}/`;
  }

  /** So much time goes by on the device's clock, a frame every five seconds of it; no more of it than the device is behind. */
  async pass(seconds: number): Promise<void> {
    for (let passedMs = 0; passedMs < seconds * 1000; passedMs += passEveryMs) {
      if (this.#behindMs < passEveryMs) throw new Error('the device is not that much behind');
      this.#behindMs -= passEveryMs;
      await this.#send();
    }
  }

  /** The device measures at the present time from now on. */
  async catchUp(): Promise<void> {
    await this.pass(Math.floor(this.#behindMs / passEveryMs) * (passEveryMs / 1000));
    this.#behindMs = 0;
  }

  /** A new gateway in the place of one that ended, and the device on it. */
  async again(): Promise<void> {
    await this.#stop();
    this.#gateway = await this.#gateway.again();
    this.#device = await WireDevice.connect(this.#gateway.mqttUrl);
    this.#start();
  }

  async end(): Promise<void> {
    await this.#stop();
    await this.#gateway.program.end('SIGKILL');
  }

  #start(): void {
    this.#beat = setInterval(() => void this.#send().catch(() => undefined), 1_000);
  }

  async #stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#device.close().catch(() => undefined);
  }

  async #remember({ agesMs, readingsAt }: NonNullable<Plan['past']>): Promise<void> {
    const nowMs = Date.now();
    const frames = agesMs.map((ageMs) => {
      this.#seq += 1;
      return frame(this.#seq, nowMs - ageMs, readingsAt(ageMs));
    });
    for (let first = 0; first < frames.length; first += framesAtOnce)
      await this.#device.send('history', { frames: frames.slice(first, first + framesAtOnce) });
    const all = this.#seq;
    await until('the past in the store', () =>
      this.#device.acknowledged().length === all ? true : undefined,
    );
  }

  async #send(): Promise<void> {
    this.#seq += 1;
    await this.#device.send(
      'live',
      frame(this.#seq, Date.now() - this.#behindMs, this.#readings()),
    );
  }

  #readings(): Readings {
    const cut = { value: null, quality: 'bad', why: 'loop-open' };
    const silent = { value: null, quality: 'bad', why: 'no-data' };
    return {
      'pack-1/pressure': this.pressureMpa === null ? cut : { value: this.pressureMpa },
      'pack-1/temperature': { value: 20 },
      'pv-1/generated': { value: 123_456 },
      'pv-1/power': this.pvW === null ? silent : { value: this.pvW },
      'fc-1/generated': { value: 50_000 + this.#seq },
      'fc-1/power': { value: 710 },
      'grid-1/imported': { value: 7_000 },
      'grid-1/exported': { value: 900 },
    };
  }
}

/** Ages from one to another, milliseconds, the oldest first. */
export function ages(fromMs: number, toMs: number, everyMs: number): number[] {
  const count = Math.ceil((fromMs - toMs) / everyMs);
  return Array.from({ length: count }, (_, index) => fromMs - index * everyMs);
}
