import { setTimeout as sleep } from 'node:timers/promises';
import { noiseSource } from '../../board/misbehaving-firmata.ts';
import type { SerialPeer } from '../../board/serial-peer.ts';
import type { Reply, SimulatedModbusMeter } from './meter.ts';

export type Units = ReadonlyMap<number, SimulatedModbusMeter>;

export interface Asked {
  readonly unit: number;
  readonly table: number;
  readonly address: number;
  readonly count: number;
}

/** How requests and answers stand on one kind of wire. */
export interface SlaveFraming<Request extends Asked> {
  /** The first request in `bytes` and what is left after it; undefined if there is none yet. */
  next(bytes: Buffer): { readonly request: Request | undefined; readonly rest: Buffer } | undefined;
  answer(request: Request, body: Buffer, wrongCrc: boolean): Buffer;
  /** What is said for a unit that is not there; nothing on a serial line. */
  absent(request: Request): Reply | undefined;
}

/** Function code with its high bit set, and the reason (V1.1b3, 7). */
function bodyOf(table: number, reply: Reply): Buffer {
  if (reply.kind === 'exception') return Buffer.from([table | 0x80, reply.code]);
  const words = Buffer.alloc(2 * reply.words.length);
  reply.words.forEach((word, index) => words.writeUInt16BE(word, 2 * index));
  return Buffer.from([table, words.length, ...words]);
}

/** More than any request; what is left over at an open belongs to nobody. */
const maxBuffered = 1_024;

/** Meters on one line: each answers requests to its unit, in its own manner. */
export function createSlaves<Request extends Asked>(
  units: Units,
  framing: SlaveFraming<Request>,
): SerialPeer {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const sent = new Map<number, Promise<void>>();
  let received = Buffer.alloc(0);

  // A meter does one thing after the other: nothing overtakes an answer that is late.
  const send = (unit: number, bytes: Uint8Array, delayMs: number): void => {
    const deliver = (): void => listeners.forEach((listener) => listener(bytes));
    const before = sent.get(unit) ?? Promise.resolve();
    const delay = delayMs > 0 ? sleep(delayMs) : Promise.resolve();
    sent.set(unit, Promise.all([before, delay]).then(deliver));
  };

  const serve = (request: Request): void => {
    const meter = units.get(request.unit);
    if (meter === undefined) {
      const reply = framing.absent(request);
      if (reply !== undefined)
        send(request.unit, framing.answer(request, bodyOf(request.table, reply), false), 0);
      return;
    }
    const fault = meter.answering;
    if (fault.kind === 'silence') return;
    if (fault.kind === 'garbage') {
      send(request.unit, Uint8Array.from(noiseSource(fault.seed)()), 0);
      return;
    }
    const reply = meter.read(request.table, request.address, request.count);
    const body = bodyOf(request.table, reply);
    const bytes = framing.answer(request, body, fault.kind === 'wrong-crc');
    send(request.unit, bytes, fault.kind === 'late' || fault.kind === 'late-once' ? fault.byMs : 0);
    if (fault.kind === 'late-once') meter.answering = { kind: 'none' };
  };

  return {
    reset() {
      received = Buffer.alloc(0);
    },
    receive(bytes) {
      received = Buffer.concat([received, bytes]).subarray(-maxBuffered);
      for (;;) {
        const next = framing.next(received);
        if (next === undefined) return;
        received = Buffer.from(next.rest);
        if (next.request !== undefined) serve(next.request);
      }
    },
    onTransmit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
