import type { MessagePort } from 'node:worker_threads';
import { StoreError } from '../port.ts';
import { explained } from './failure.ts';
import {
  openingId,
  type Answer,
  type ReaderService,
  type Request,
  type WriterService,
} from './protocol.ts';

type Service = WriterService | ReaderService;

/**
 * Opens a service and answers the calls that come through `port`, one at a time, until `close`. What is neither
 * SQLite's nor the caller's fault is a broken invariant: it ends the thread, and with it the store.
 */
export function serve(port: MessagePort, file: string, open: () => Service): void {
  const say = (answer: Answer) => port.postMessage(answer);
  try {
    const service = open();
    port.on('message', (request: Request) => {
      say(answered(request.id, file, () => run(service, request)));
      if (request.name === 'close') port.close();
    });
    say({ id: openingId, outcome: 'done', value: null });
  } catch (error) {
    say(failed(openingId, file, error));
  }
}

function run(service: Service, { name, input }: Request): unknown {
  const operation: unknown = Reflect.get(service, name);
  if (typeof operation !== 'function') throw new Error(`no operation "${name}"`);
  return operation(input);
}

function answered(id: number, file: string, work: () => unknown): Answer {
  try {
    return { id, outcome: 'done', value: work() };
  } catch (error) {
    return failed(id, file, error);
  }
}

function failed(id: number, file: string, error: unknown): Answer {
  const known = explained(error, file);
  if (!(known instanceof StoreError)) throw known;
  return { id, outcome: 'failed', message: known.message, retryable: known.retryable };
}
