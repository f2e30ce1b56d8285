import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Complaint } from '../complaint.ts';
import { epitaph, startChild, type Child } from './child.ts';

/** Processes that live and end together. */
export interface Household {
  /** Starts a process that must not end by itself: when it does, everything is over. */
  keep(name: string, program: string, args: readonly string[]): Child;
  /** Starts a process that ends when its work is done. */
  run(name: string, program: string, args: readonly string[]): Child;
  /** Ends one that is kept; nothing is over by it. */
  rest(child: Child): Promise<void>;
  /** Waits for something, but no longer than until everything is over: rejects then with the reason. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Asks again and again until the answer is one; throws a Complaint naming `what` after `patienceMs`. */
  until<T>(what: string, patienceMs: number, ask: () => Promise<T | undefined>): Promise<T>;
  /** Ends all, the youngest first, each before the next. */
  end(): Promise<void>;
  /** Ends all at once and by force. */
  kill(): void;
}

/** Why everything is over when somebody asked for it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

const askEveryMs = 100;

export function createHousehold(signal: AbortSignal, tell: (line: string) => void): Household {
  const living = new Set<Child>();
  const resting = new Set<Child>();
  const reasons = new EventEmitter<{ over: [Error] }>();
  const over = once(reasons, 'over').then(([reason]: Error[]) => {
    throw reason;
  });
  const fail = (reason: Error): void => void reasons.emit('over', reason);
  // Whoever waits hears of it through `during`; nobody may be waiting at that moment.
  over.catch(() => undefined);
  const stop = (): void => fail(new Stopped('asked to stop'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();

  const start = (name: string, program: string, args: readonly string[]): Child => {
    if (signal.aborted) throw new Stopped('asked to stop');
    const child = startChild(name, program, args);
    living.add(child);
    void child.ended.then(() => living.delete(child));
    return child;
  };

  const during = async <T>(work: Promise<T>): Promise<T> => await Promise.race([work, over]);

  return {
    run: start,
    during,
    keep(name, program, args) {
      const child = start(name, program, args);
      void child.ended.then((how) => {
        if (!resting.has(child)) fail(new Complaint(epitaph(name, how, child.lastLines())));
      });
      return child;
    },
    async rest(child) {
      resting.add(child);
      await child.stop();
    },
    async until(what, patienceMs, ask) {
      const deadlineMs = performance.now() + patienceMs;
      while (performance.now() < deadlineMs) {
        const answer = await during(ask());
        if (answer !== undefined) return answer;
        await during(sleep(askEveryMs));
      }
      throw new Complaint(`${what} took longer than ${patienceMs / 1000} s`);
    },
    async end() {
      for (const child of [...living].toReversed()) {
        await child.stop();
        tell(`${child.name}: stopped`);
      }
    },
    kill() {
      for (const child of living) child.kill();
    },
  };
}
