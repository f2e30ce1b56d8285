import { type EchonetFrame, encodeFrame, esv, mostProperties } from './frame.ts';
import { controllerObject } from './properties.ts';

export interface RequestSettings {
  readonly answerTimeoutMs: number;
  /** How often a request is sent again, with its own number: an answer that comes late is still its answer. */
  readonly retries: number;
}

/** `answered` holds what the node gave; a property that it refused, or has not now, is not in it. */
export type GetAnswer =
  | { readonly kind: 'answered'; readonly properties: ReadonlyMap<number, Uint8Array> }
  | { readonly kind: 'silent' };

interface Request {
  readonly address: string;
  readonly object: number;
  readonly codes: readonly number[];
  readonly settle: (answer: GetAnswer) => void;
}

interface Active {
  readonly request: Request;
  readonly bytes: Uint8Array;
  readonly tid: number;
  sent: number;
  timer: NodeJS.Timeout;
}

const silent: GetAnswer = { kind: 'silent' };
const tids = 65_536;
/** Several meters may be objects of one node; each asks once at a time. */
const mostWaiting = 64;

/**
 * Get requests, one at a time per node; nodes do not wait for each other. A request that is over is forgotten: whatever
 * arrives for it later is nobody's answer.
 */
export class Requests {
  readonly #settings: RequestSettings;
  readonly #send: (bytes: Uint8Array, address: string) => void;
  readonly #waiting = new Map<string, Request[]>();
  readonly #active = new Map<number, Active>();
  #tid: number;
  #stopped = false;

  constructor(
    settings: RequestSettings,
    random: () => number,
    send: (bytes: Uint8Array, address: string) => void,
  ) {
    this.#settings = settings;
    this.#send = send;
    // Not from 0: a program that was started again must not take what was for its predecessor.
    this.#tid = Math.floor(random() * tids);
  }

  get(address: string, object: number, codes: readonly number[]): Promise<GetAnswer> {
    if (codes.length > mostProperties)
      throw new RangeError(`a request holds ${mostProperties} properties, not ${codes.length}`);
    // A node has nothing to say to a question without properties.
    if (codes.length === 0) return Promise.resolve({ kind: 'answered', properties: new Map() });
    return new Promise((settle) => {
      const queue = this.#waiting.get(address);
      const request = { address, object, codes, settle };
      if (this.#stopped || (queue?.length ?? 0) >= mostWaiting) settle(silent);
      else if (queue === undefined) {
        this.#waiting.set(address, []);
        this.#begin(request);
      } else queue.push(request);
    });
  }

  /** Takes an answer. False if it is none to a request that is under way. */
  answer({ tid, seoj, deoj, properties }: EchonetFrame, address: string): boolean {
    const active = this.#active.get(tid);
    if (active === undefined) return false;
    const { request } = active;
    if (request.address !== address || request.object !== seoj || deoj !== controllerObject)
      return false;
    if (!properties.every(({ epc }) => request.codes.includes(epc))) return false;
    const given = properties.filter(({ edt }) => edt.length > 0);
    this.#end(active, {
      kind: 'answered',
      properties: new Map(given.map(({ epc, edt }) => [epc, edt])),
    });
    return true;
  }

  /** A number that no request under way has. */
  nextTid(): number {
    do this.#tid = (this.#tid + 1) % tids;
    while (this.#active.has(this.#tid));
    return this.#tid;
  }

  /** Ends everything as `silent`. */
  stop(): void {
    this.#stopped = true;
    const waiting = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const active of this.#active.values()) this.#end(active, silent);
    for (const { settle } of waiting) settle(silent);
  }

  #begin(request: Request): void {
    const tid = this.nextTid();
    const properties = request.codes.map((epc) => ({ epc, edt: new Uint8Array() }));
    const head = { tid, seoj: controllerObject, deoj: request.object, esv: esv.get };
    const bytes = encodeFrame({ ...head, properties });
    const active = { request, tid, bytes, sent: 0, timer: setTimeout(() => undefined, 0) };
    this.#active.set(tid, active);
    this.#ask(active);
  }

  #ask(active: Active): void {
    clearTimeout(active.timer);
    if (active.sent > this.#settings.retries) {
      this.#end(active, silent);
      return;
    }
    active.sent += 1;
    active.timer = setTimeout(() => this.#ask(active), this.#settings.answerTimeoutMs);
    this.#send(active.bytes, active.request.address);
  }

  #end({ request, tid, timer }: Active, answer: GetAnswer): void {
    clearTimeout(timer);
    this.#active.delete(tid);
    const queue = this.#waiting.get(request.address);
    const next = queue?.shift();
    if (next !== undefined) this.#begin(next);
    else this.#waiting.delete(request.address);
    request.settle(answer);
  }
}
