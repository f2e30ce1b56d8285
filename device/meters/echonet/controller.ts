import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { NodeDirectory } from './directory.ts';
import { type EchonetFrame, encodeFrame, esv, parseFrame, type Property } from './frame.ts';
import { controllerObject, epc, nodeProfile } from './properties.ts';
import { Requests, type GetAnswer, type RequestSettings } from './requests.ts';
import { UdpTransport, type TransportSettings } from './transport.ts';

export interface ControllerSettings extends TransportSettings, RequestSettings {
  /** How long nodes have to answer a search. */
  readonly searchMs: number;
}

/** What a node said without being asked. */
export interface Announcement {
  readonly address: string;
  readonly object: number;
  readonly properties: readonly Property[];
}

/** Datagrams that were of no use, by reason. */
interface Unused {
  malformed: number;
  /** Answers nobody waits for: too late, from another address, or to something that was not asked. */
  unexpected: number;
  /** Nodes beyond those that are remembered. */
  crowded: number;
}

const receivers: readonly number[] = [controllerObject, nodeProfile];

/** An ECHONET Lite controller: asks nodes, hears what they announce, finds them. One UDP port for all of them. */
export class EchonetController {
  readonly directory = new NodeDirectory();
  readonly #settings: ControllerSettings;
  readonly #log: Log;
  readonly #transport: UdpTransport;
  readonly #requests: Requests;
  readonly #listeners = new Set<(announcement: Announcement) => void>();
  readonly #unused: Unused = { malformed: 0, unexpected: 0, crowded: 0 };
  #searching: Promise<void> | undefined;
  #searchTid: number | undefined;

  constructor(settings: ControllerSettings, random: () => number, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#transport = new UdpTransport(settings, {
      random,
      log,
      receive: (bytes, address) => this.#receive(bytes, address),
    });
    this.#requests = new Requests(settings, random, (bytes, address) =>
      this.#transport.send(bytes, address),
    );
  }

  get unused(): Readonly<Unused> {
    return this.#unused;
  }

  start(): Promise<void> {
    return this.#transport.start();
  }

  stop(): void {
    this.#transport.stop();
    this.#requests.stop();
  }

  /** Properties of one object of one node. Never rejects: a node that does not answer is `silent`. */
  get(address: string, object: number, codes: readonly number[]): Promise<GetAnswer> {
    return this.#requests.get(address, object, codes);
  }

  /** Asks all nodes for what they hold; resolves when they had their time. Searches that coincide are one. */
  search(): Promise<void> {
    this.#searching ??= this.#search().finally(() => {
      this.#searching = undefined;
      this.#searchTid = undefined;
    });
    return this.#searching;
  }

  onAnnouncement(listener: (announcement: Announcement) => void): void {
    this.#listeners.add(listener);
  }

  async #search(): Promise<void> {
    const tid = this.#requests.nextTid();
    this.#searchTid = tid;
    const properties = [{ epc: epc.instanceList, edt: new Uint8Array() }];
    const frame = { tid, seoj: controllerObject, deoj: nodeProfile, esv: esv.get, properties };
    await this.#transport.sendToGroup(encodeFrame(frame));
    await sleep(this.#settings.searchMs);
  }

  #receive(bytes: Uint8Array, address: string): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') {
      this.#count('malformed', { address, why: frame });
      return;
    }
    if (!receivers.includes(frame.deoj)) return;
    switch (frame.esv) {
      case esv.getAnswer:
      case esv.getRefused:
        if (!this.#answered(frame, address)) this.#count('unexpected', { address, tid: frame.tid });
        return;
      case esv.information:
        this.#announced(frame, address);
        return;
      case esv.informationConfirmed:
        this.#announced(frame, address);
        this.#confirm(frame, address);
        return;
      default:
      // Requests, our own search among them: this program serves no properties.
    }
  }

  #answered(frame: EchonetFrame, address: string): boolean {
    return frame.tid === this.#searchTid
      ? this.#learn(frame, address)
      : this.#requests.answer(frame, address);
  }

  #learn({ seoj, properties }: EchonetFrame, address: string): boolean {
    const { refused } = this.directory;
    const learned = this.directory.learn(address, seoj, properties);
    if (this.directory.refused > refused) this.#count('crowded', { address });
    return learned;
  }

  #announced(frame: EchonetFrame, address: string): void {
    this.#learn(frame, address);
    const { seoj: object, properties } = frame;
    for (const listener of this.#listeners) listener({ address, object, properties });
  }

  /** An announcement that wants to be confirmed gets its codes back, without data (specification, part 2, 3.2.5). */
  #confirm({ tid, seoj, deoj, properties }: EchonetFrame, address: string): void {
    const receipt = properties.map(({ epc }) => ({ epc, edt: new Uint8Array() }));
    const head = { tid, seoj: deoj, deoj: seoj, esv: esv.informationReceipt };
    this.#transport.send(encodeFrame({ ...head, properties: receipt }), address);
  }

  #count(reason: keyof Unused, detail: object): void {
    this.#unused[reason] += 1;
    const count = this.#unused[reason];
    // A node that babbles must not fill the log: the 1st, 10th, 100th, ...
    if (Number.isInteger(Math.log10(count)))
      this.#log.warn({ ...detail, reason, count }, 'ECHONET Lite: a datagram was of no use');
  }
}
