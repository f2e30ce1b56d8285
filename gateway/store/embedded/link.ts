import type { Worker } from 'node:worker_threads';
import { StoreError } from '../port.ts';
import { openingId, type Answer, type Input, type OperationName, type Output } from './protocol.ts';

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
  /** Resolves with the reason when the thread is gone. */
  readonly ended: Promise<StoreError>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = openingId;
  #end: StoreError | undefined;

  constructor(worker: Worker, name: string) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => {
      this.#waiting.set(openingId, { resolve: () => resolve(), reject });
    });
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => resolve(this.#finish(lost(name, `ended with code ${code}`))));
    });
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.once('error', (error) => this.#finish(lost(name, `failed: ${String(error)}`, error)));
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
    await this.ended;
  }

  /** Ends the worker where it stands, a transaction under way being rolled back; every waiting call is rejected. */
  stop(reason: StoreError): void {
    this.#finish(reason);
    void this.#worker.terminate();
  }

  #send<Value>(name: string, input: unknown): Promise<Value> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, input }, []);
    });
  }

  /** Rejects whatever waits and whatever comes; the first reason stands. */
  #finish(reason: StoreError): StoreError {
    this.#end ??= reason;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#end);
    this.#waiting.clear();
    return this.#end;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.outcome === 'done') waiting?.resolve(answer.value);
    else waiting?.reject(new StoreError(answer.message, answer.retryable));
  }
}

function lost(name: string, what: string, cause?: unknown): StoreError {
  return new StoreError(`store: the ${name} thread ${what}; restart the gateway`, false, cause);
}
