import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Firmata } from 'firmata-io';
import type { Board as FiveBoard } from 'johnny-five';
import type { GuardedTransport } from './guarded-transport.ts';
import { baudRate } from './wire.ts';

/**
 * The one module that knows Johnny-Five (2.1.0) and firmata-io (2.3.0), and their traps: only the default import
 * works; the IO must be ready first; the REPL ends a service and Johnny-Five's own SIGINT handler skips ours; errors
 * come as plain objects, sometimes twice; boards stay in a module-wide cache.
 */
export interface FiveFirmata {
  readonly io: Firmata;
  readonly five: FiveBoard;
  /** Takes back every listener, timer and cache entry. Does not touch the wire. */
  detach(): void;
}

/** Firmata asks for the version itself after this long; a board that reset when opened has told it by then. */
const reportVersionTimeoutMs = 5_000;

/**
 * Waits until the firmware has introduced itself, then puts Johnny-Five on top. Rejects with a sentence for people when
 * that takes longer than `timeoutMs`, the protocol is not version 2, or `failed` resolves first.
 */
export async function openFirmata(
  transport: GuardedTransport,
  heard: () => void,
  timeoutMs: number,
  failed: Promise<string>,
): Promise<FiveFirmata> {
  const [{ default: firmata }, { default: five }] = await Promise.all([
    import('firmata-io'),
    import('johnny-five'),
  ]);
  const io = new firmata.Firmata(transport, { reportVersionTimeout: reportVersionTimeoutMs });
  const boards: FiveBoard[] = [];
  const detach = (): void => {
    clearTimeout(io.reportVersionTimeoutId);
    io.removeAllListeners();
    for (const board of boards) forget(five.Board, board);
  };
  const timer = new AbortController();
  try {
    const introduced = introduction(io);
    transport.start(() => io.buffer.length, heard);
    const problem = await Promise.race([introduced, failed, silence(timeoutMs, timer.signal)]);
    if (problem !== undefined) throw new Error(problem);
    const board = new five.Board({ io, ...quiet });
    boards.push(board);
    const ready = new Promise<void>((resolve) => board.on('ready', resolve));
    // Without a listener a complaint of Johnny-Five would end the process; what matters shows on the wire.
    board.on('error', () => {});
    await ready;
    return { io, five: board, detach };
  } catch (error) {
    detach();
    throw error;
  } finally {
    timer.abort();
  }
}

const quiet: { repl: false; debug: false; sigint: false } = {
  repl: false,
  debug: false,
  sigint: false,
};

/** Resolves with nothing when the board is ready, or with what is wrong with it. */
function introduction(io: Firmata): Promise<string | undefined> {
  return new Promise((resolve) => {
    io.once('reportversion', () => {
      const { major, minor } = io.version;
      if (major === 2) return;
      resolve(
        `it speaks Firmata protocol ${major}.${minor}, not 2.x: flash StandardFirmata 2.5 or newer`,
      );
    });
    io.once('ready', () => resolve(undefined));
  });
}

async function silence(timeoutMs: number, signal: AbortSignal): Promise<string> {
  await sleep(timeoutMs, undefined, { signal }).catch(() => undefined);
  return `no Firmata within ${timeoutMs / 1000} s: is StandardFirmata on the board, at ${baudRate} baud?`;
}

/** Ends Johnny-Five's hold on a board: its listeners, and its place in the module-wide cache (read-only in the types). */
function forget(Board: object, board: FiveBoard): void {
  if (board instanceof EventEmitter) board.removeAllListeners();
  if (!('cache' in Board) || !Array.isArray(Board.cache)) return;
  const index = Board.cache.indexOf(board);
  if (index >= 0) Board.cache.splice(index, 1);
}
