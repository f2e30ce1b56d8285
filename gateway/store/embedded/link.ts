import type { Worker } from 'node:worker_threads';
import { StoreError } from '../port.ts';
import {
  openingId,
  type Answer,
  type Input,
  type OperationName,
  type Output,
  type Request,
} from './protocol.ts';

/** Calls that may wait for one worker at a time; one more is turned away rather than queued without end. */
const callLimit = 256;

/**
 * Method syntax on purpose: it lets the one map hold the resolvers of every operation. What arrives under an id is
 * what that operation returns, because both sides are compiled against the same service.
 */
interface Waiting {
  resolve(value: unknown): void;
  reject(error: StoreError): void;
}

/** The near end of a store worker: calls with ids, a bound on how many wait, and one clear end. */
export class WorkerLink<Service> {
  /** Rejects with StoreError where the worker could not open the database. */
  readonly opened: Promise<void>;
  /** Resolves with the reason once no further call can succeed; the thread itself may still be going. */
  readonly lost: Promise<StoreError>;
  /** Resolves when the thread is gone and has let go of its files. */
  readonly #gone: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = openingId;
  #end: StoreError | undefined;

  constructor(worker: Worker, name: string) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => {
      this.#waiting.set(openingId, { resolve: () => resolve(), reject });
    });
    this.lost = new Promise((resolve) => {
      worker.once('error', (error) => resolve(this.#finish(ending(name, String(error), error))));
      worker.once('exit', (code) => resolve(this.#finish(ending(name, `exit code ${code}`))));
    });
    this.#gone = new Promise((resolve) => {
      worker.once('exit', () => resolve());
    });
    worker.on('message', (answer: Answer) => this.#settle(answer));
  }

  /** Rejects with StoreError: what the operation met, a bound that is reached, or the end of the worker. */
  call<Name extends OperationName<Service>>(
    name: Name,
    input: Input<Service[Name]>,
  ): Promise<Output<Service[Name]>> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (this.#waiting.size < callLimit) return this.#send(name, input);
    return Promise.reject(
      new StoreError(
        `store: ${callLimit} calls wait for an answer already; "${name}" may be repeated later`,
        true,
      ),
    );
  }

  /** Lets the calls under way finish, then ends the worker. Later calls are rejected. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      const closing = this.#send('close', undefined);
      this.#end = new StoreError('store: it was closed', false);
      await closing;
    }
    await this.#gone;
  }

  /**
   * Rejects every waiting call at once and lets the worker end after what it was sent. It is asked, not
   * terminated: a thread terminated inside a SQLite call takes the process with it (Napi::Error in the addon, seen).
   */
  stop(reason: StoreError): void {
    this.#finish(reason);
    this.#post({ id: openingId, name: 'close', input: undefined });
  }

  #send<Value>(name: string, input: unknown): Promise<Value> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ id, name, input });
    });
  }

  /** Rejects whatever waits and whatever comes; the first reason stands. */
  #finish(reason: StoreError): StoreError {
    this.#end ??= reason;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#end);
    this.#waiting.clear();
    return this.#end;
  }

  #post(request: Request): void {
    this.#worker.postMessage(request, []);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.outcome === 'done') waiting?.resolve(answer.value);
    else waiting?.reject(new StoreError(answer.message, answer.retryable));
  }
}

function ending(name: string, how: string, cause?: unknown): StoreError {
  return new StoreError(
    `store: the ${name} thread ended (${how}); restart the gateway`,
    false,
    cause,
  );
}
