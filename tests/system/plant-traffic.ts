import { connectAsync, type MqttClient } from 'mqtt';
import { ackSchema, deviceTopic } from '#device/contract';
import { frame } from './gateway-process.ts';

const site = 'keihin';

/** Devices that each sample three channels once a second, from one connection, and count what is acknowledged. */
export class PlantTraffic {
  readonly #client: MqttClient;
  readonly #devices: readonly string[];
  readonly #startMs: number;
  readonly #acknowledged = new Map<string, Set<number>>();

  private constructor(client: MqttClient, devices: readonly string[], startMs: number) {
    this.#client = client;
    this.#devices = devices;
    this.#startMs = startMs;
    for (const device of devices) this.#acknowledged.set(device, new Set());
    client.on('message', (topic, bytes) => this.#heard(topic, bytes));
  }

  /** @param startMs when the first frame was sampled. */
  static async connect(url: string, devices: number, startMs: number): Promise<PlantTraffic> {
    const client = await connectAsync(url);
    const names = Array.from({ length: devices }, (_, index) => `pi-${index + 1}`);
    const traffic = new PlantTraffic(client, names, startMs);
    await client.subscribeAsync(
      names.map((device) => deviceTopic(site, device, 'ack')),
      { qos: 1 },
    );
    return traffic;
  }

  /** A frame of each device for every second of the span, as it would come at its time. */
  async live(fromSecond: number, toSecond: number): Promise<void> {
    for (let second = fromSecond; second < toSecond; second += 1)
      await Promise.all(
        this.#devices.map((device) => this.#send(device, 'live', this.#frame(second))),
      );
  }

  /** What is not acknowledged of that span, as a device sends its memory. */
  async history(fromSecond: number, toSecond: number): Promise<void> {
    for (const device of this.#devices) {
      const done = this.#acknowledged.get(device);
      const frames: object[] = [];
      for (let second = fromSecond; second < toSecond; second += 1)
        if (done?.has(second) !== true) frames.push(this.#frame(second));
      for (let first = 0; first < frames.length; first += framesAtOnce)
        await this.#send(device, 'history', { frames: frames.slice(first, first + framesAtOnce) });
    }
  }

  /** Frames of all devices together. */
  get acknowledged(): number {
    let frames = 0;
    for (const { size } of this.#acknowledged.values()) frames += size;
    return frames;
  }

  close(): Promise<void> {
    return this.#client.endAsync(true);
  }

  #frame(second: number): object {
    return frame(second, this.#startMs + second * 1000, {
      'pack-1/pressure': { value: 12 + second / 10_000, raw: second },
      'pack-1/temperature': { value: 20 },
      'pv-1/generated': { value: second },
    });
  }

  async #send(device: string, kind: 'live' | 'history', message: object): Promise<void> {
    const topic = deviceTopic(site, device, kind);
    await this.#client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
  }

  #heard(topic: string, bytes: Uint8Array): void {
    const [, , , device = ''] = topic.split('/');
    const done = this.#acknowledged.get(device);
    for (const [first, last] of ackSchema.parse(JSON.parse(bytes.toString())).stored)
      for (let seq = first; seq <= last; seq += 1) done?.add(seq);
  }
}

const framesAtOnce = 100;
