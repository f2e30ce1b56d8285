import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  bigEndian,
  type EchonetFrame,
  encodeFrame,
  parseFrame,
} from '../../../device/meters/echonet/frame.ts';
import { uniformAt } from '../../world/noise.ts';
import { propertyMap, type SimulatedObject } from './objects.ts';

export interface NodeOptions {
  /** A loopback address: each node has one of its own, as in a house. */
  readonly address: string;
  /** 3610; 0 takes any free one. Answers go to this port of whoever asked, as the specification wants it. */
  readonly port: number;
  readonly objects: readonly SimulatedObject[];
}

/** How a node (mis)behaves until told otherwise. */
export type Manner =
  | { readonly kind: 'answer' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'late'; readonly byMs: number }
  | { readonly kind: 'garbage'; readonly seed: number }
  /** These properties are refused, as by a node that has them not, or not now. */
  | { readonly kind: 'partial'; readonly without: readonly number[] };

export interface EchonetNode {
  readonly address: string;
  readonly port: number;
  setManner(manner: Manner): void;
  /** Tells these properties of an object without being asked: to all, or to one who must confirm it. */
  announce(object: number, codes: readonly number[], confirmedBy?: string): void;
  /** Get requests that arrived, and announcements that were confirmed. */
  readonly asked: number;
  readonly confirmed: number;
  close(): Promise<void>;
}

const group = '224.0.23.0';
const loopback = '127.0.0.1';
const nodeProfile = 0x0ef001;
const service = {
  getRefused: 0x52,
  get: 0x62,
  request: 0x63,
  getAnswer: 0x72,
  inform: 0x73,
} as const;
const informConfirmed = 0x74;
const receipt = 0x7a;
const longestGarbage = 60;

/** An ECHONET Lite node on loopback. Rejects when its address cannot be used; announces its objects when it is there. */
export async function serveEchonetNode(options: NodeOptions): Promise<EchonetNode> {
  const socket = await bound(options.address, options.port);
  const { port } = socket.address();
  // A socket that is bound to one address hears no multicast.
  const hearing = await bound(group, port);
  hearing.addMembership(group, loopback);
  socket.setMulticastInterface(loopback);
  const node = new Node(options, port, socket);
  for (const each of [socket, hearing])
    each.on('message', (bytes, { address }) => node.take(bytes, address));
  node.announce(nodeProfile, [0xd5]);
  return Object.assign(node, {
    close: async () => {
      node.end();
      await Promise.all([socket, hearing].map(closed));
    },
  });
}

class Node implements Omit<EchonetNode, 'close'> {
  readonly address: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #objects: ReadonlyMap<number, Pick<SimulatedObject, 'read'>>;
  readonly #late = new Set<NodeJS.Timeout>();
  #manner: Manner = { kind: 'answer' };
  #tid = 0;
  #asked = 0;
  #confirmed = 0;

  constructor({ address, objects }: NodeOptions, port: number, socket: Socket) {
    this.address = address;
    this.port = port;
    this.#socket = socket;
    const instances = objects.map(({ object }) => object);
    this.#objects = new Map<number, Pick<SimulatedObject, 'read'>>([
      ...objects.map((object) => [object.object, object] as const),
      [nodeProfile, { read: (code: number) => profileOf(address, instances).get(code) }],
    ]);
  }

  get asked(): number {
    return this.#asked;
  }

  get confirmed(): number {
    return this.#confirmed;
  }

  setManner(manner: Manner): void {
    this.#manner = manner;
  }

  announce(object: number, codes: readonly number[], confirmedBy?: string): void {
    const read = this.#objects.get(object)?.read;
    this.#tid = (this.#tid + 1) % 65_536;
    const frame = {
      tid: this.#tid,
      seoj: object,
      deoj: nodeProfile,
      esv: confirmedBy === undefined ? service.inform : informConfirmed,
      properties: codes.map((epc) => ({ epc, edt: read?.(epc) ?? new Uint8Array() })),
    };
    this.#socket.send(encodeFrame(frame), this.port, confirmedBy ?? group);
  }

  take(bytes: Uint8Array, from: string): void {
    const frame = parseFrame(bytes);
    if (typeof frame === 'string') return;
    if (frame.esv === receipt) this.#confirmed += 1;
    if (frame.esv === service.request && this.#manner.kind !== 'silence')
      this.announce(
        frame.deoj,
        frame.properties.map(({ epc }) => epc),
      );
    if (frame.esv !== service.get) return;
    this.#asked += 1;
    const answer = this.#answerTo(frame);
    if (answer !== undefined) this.#reply(answer, from);
  }

  end(): void {
    for (const timer of this.#late) clearTimeout(timer);
  }

  /** Nothing for an object that is not here: a node says nothing to what it is not. */
  #answerTo({ tid, seoj, deoj, properties }: EchonetFrame): Uint8Array | undefined {
    const object = this.#objects.get(deoj);
    if (object === undefined) return undefined;
    const without = this.#manner.kind === 'partial' ? this.#manner.without : [];
    const given = properties.map(({ epc }) => ({
      epc,
      edt: (without.includes(epc) ? undefined : object.read(epc)) ?? new Uint8Array(),
    }));
    const whole = given.every(({ edt }) => edt.length > 0);
    const esv = whole ? service.getAnswer : service.getRefused;
    return encodeFrame({ tid, seoj: deoj, deoj: seoj, esv, properties: given });
  }

  #reply(bytes: Uint8Array, to: string): void {
    const send = (payload: Uint8Array): void => this.#socket.send(payload, this.port, to);
    switch (this.#manner.kind) {
      case 'silence':
        return;
      case 'garbage':
        send(garbage(this.#manner.seed, this.#asked));
        return;
      case 'late': {
        const timer = setTimeout(() => {
          this.#late.delete(timer);
          send(bytes);
        }, this.#manner.byMs);
        this.#late.add(timer);
        return;
      }
      case 'answer':
      case 'partial':
        send(bytes);
    }
  }
}

/** The node profile: version 1.13, format 1, and what the node holds. */
function profileOf(address: string, objects: readonly number[]): ReadonlyMap<number, Uint8Array> {
  const classes = [...new Set(objects.map((object) => object >> 8))];
  const instances = [objects.length, ...objects.flatMap((object) => bigEndian(object, 3))];
  const identification = [0xfe, 0, 0, 0xff, ...bigEndian(0, 4), ...bigEndian(0, 5)];
  const entries: readonly (readonly [number, readonly number[]])[] = [
    [0x80, [0x30]],
    [0x82, [1, 13, 1, 0]],
    [0x83, [...identification, ...address.split('.').map(Number)]],
    [0x8a, [0, 0, 0xff]],
    [0x9d, propertyMap([0x80, 0xd5])],
    [0x9e, propertyMap([])],
    [0xd3, bigEndian(objects.length, 3)],
    [0xd4, bigEndian(classes.length + 1, 2)],
    [0xd5, instances],
    [0xd6, instances],
    [0xd7, [classes.length, ...classes.flatMap((code) => bigEndian(code, 2))]],
  ];
  const codes = [...entries.map(([code]) => code), 0x9f];
  return new Map(
    [...entries, [0x9f, propertyMap(codes)] as const].map(([code, edt]) => [
      code,
      Uint8Array.from(edt),
    ]),
  );
}

/** Bytes that are now a broken frame and now none at all: the same for the same seed and turn. */
function garbage(seed: number, turn: number): Uint8Array {
  const length = 1 + Math.floor(uniformAt(seed, 0, turn) * longestGarbage);
  const noise = Array.from({ length }, (_, place) =>
    Math.floor(uniformAt(seed, turn, place + 1) * 256),
  );
  return Uint8Array.from(turn % 2 === 0 ? noise : [0x10, 0x81, ...noise]);
}

async function bound(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind({ address, port, exclusive: true });
  await once(socket, 'listening');
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}
