import { StoreError } from '../port.ts';
import { openForReading } from './driver.ts';
import { explained } from './failure.ts';
import type { Input, OperationName, Output, ReaderService } from './protocol.ts';
import { createReader } from './reader.ts';

type ReaderCalls = {
  readonly [Name in OperationName<ReaderService>]: (
    input: Input<ReaderService[Name]>,
  ) => Output<ReaderService[Name]>;
};

/**
 * A reader in the caller's own thread, which waits while SQLite works: for programs that do nothing meanwhile. A third of
 * what a row costs through a thread of its own is copying it: 14.6 s of processor time for 3.5 million rows, here 9.7 s
 * (gateway/claims/README.md). Throws StoreError where the database cannot be opened.
 */
export class ReaderHere {
  readonly #file: string;
  readonly #service: ReaderService;
  /** Nothing but a call of its own can end it. */
  readonly lost: Promise<StoreError> = new Promise(() => undefined);
  #end: StoreError | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#service = this.#explaining(() => createReader(openForReading(file)));
  }

  /** Rejects with StoreError, as `WorkerLink.call` does. */
  async call<Name extends OperationName<ReaderService>>(
    name: Name,
    input: Input<ReaderService[Name]>,
  ): Promise<Output<ReaderService[Name]>> {
    if (this.#end !== undefined) throw this.#end;
    const service: ReaderCalls = this.#service;
    const operation = service[name];
    return this.#explaining(() => operation(input));
  }

  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#end = new StoreError('store: it was closed', false);
    this.#explaining(() => this.#service.close());
  }

  stop(reason: StoreError): void {
    this.#end ??= reason;
  }

  #explaining<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      throw explained(error, this.#file);
    }
  }
}
