import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';

export const wireSites = [
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
    generators: [
      { id: 'pv-1', name: '屋上太陽光', kind: 'pv', device: 'pi-1' },
      { id: 'fc-1', name: '燃料電池', kind: 'fuel-cell', device: 'pi-1' },
    ],
    meters: [
      { id: 'grid-1', name: '受電点', device: 'pi-1', quantities: ['imported', 'exported'] },
    ],
  },
];

/** A gateway, and a device that speaks the wire contract once a second: a pack, a PV at night, a fuel cell, the grid. */
export class WirePlant {
  pressureMpa = 12;
  #gateway: GatewayProcess;
  #device: WireDevice;
  #beat: NodeJS.Timeout | undefined;
  #seq = 0;

  private constructor(gateway: GatewayProcess, device: WireDevice) {
    this.#gateway = gateway;
    this.#device = device;
    this.#start();
  }

  static async start(): Promise<WirePlant> {
    const gateway = await startGatewayProcess({ more: { sites: wireSites } });
    return new WirePlant(gateway, await WireDevice.connect(gateway.mqttUrl));
  }

  get gateway(): GatewayProcess {
    return this.#gateway;
  }

  get home(): string {
    return `http://127.0.0.1:${this.#gateway.httpPort}/`;
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

  async #send(): Promise<void> {
    this.#seq += 1;
    const readings = {
      'pack-1/pressure': { value: this.pressureMpa },
      'pack-1/temperature': { value: 20 },
      'pv-1/generated': { value: 123_456 },
      'pv-1/power': { value: null, quality: 'bad', why: 'no-data' },
      'fc-1/generated': { value: 50_000 + this.#seq },
      'fc-1/power': { value: 710 },
      'grid-1/imported': { value: 7_000 },
      'grid-1/exported': { value: 900 },
    };
    await this.#device.send('live', frame(this.#seq, Date.now(), readings));
  }
}
