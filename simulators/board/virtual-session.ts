import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { Board } from './board.ts';
import { FirmataTransport } from './firmata-transport.ts';

/** What tests use of firmata-io, which has no type declarations. */
export interface FirmataIo {
  readonly firmware: { readonly name: string; readonly version: Record<'major' | 'minor', number> };
  readonly version: Record<'major' | 'minor', number>;
  readonly isReady: boolean;
  readonly MODES: Readonly<Record<'INPUT' | 'OUTPUT' | 'ANALOG' | 'PULLUP', number>>;
  on(event: string, listener: (detail: unknown) => void): void;
  once(event: string, listener: (detail: unknown) => void): void;
  pinMode(pin: number, mode: number): void;
  analogRead(input: number, listener: (value: number) => void): void;
  digitalRead(pin: number, listener: (level: number) => void): void;
  reportVersion(callback: () => void): void;
  setSamplingInterval(intervalMs: number): void;
  i2cConfig(): void;
  i2cWrite(address: number, register: number, bytes: readonly number[]): void;
  i2cReadOnce(
    address: number,
    register: number,
    count: number,
    callback: (bytes: readonly number[]) => void,
  ): void;
}

interface FirmataModule {
  readonly Firmata: new (
    transport: FirmataTransport,
    options: { readonly reportVersionTimeout: number },
  ) => FirmataIo;
}

const firmataModule: FirmataModule = createRequire(import.meta.url)('firmata-io');

/** The real firmata-io on a transport. Its one timer counts wall time and is put out of the way. */
export function openFirmata(transport: FirmataTransport): FirmataIo {
  return new firmataModule.Firmata(transport, { reportVersionTimeout: 600_000 });
}

/** A reset board answers after about 2.2 s, and its handshake takes a moment. */
const bootLimitMs = 10_000;
const stepMs = 5;

/**
 * Runs the board until something has happened, letting the event loop turn in between.
 * @throws Error if it has not happened within the limit of simulated time.
 */
export async function runUntil(
  board: Board,
  what: string,
  happened: () => boolean,
  limitMs: number = bootLimitMs,
): Promise<void> {
  const endMs = board.simulatedMs + limitMs;
  while (!happened()) {
    if (board.simulatedMs > endMs) throw new Error(`${what}: not within ${limitMs} simulated ms`);
    board.runMs(stepMs);
    await setImmediate();
  }
}

/** Opens the board in process and waits until firmata-io has finished its handshake with the firmware. */
export async function startFirmata(
  board: Board,
): Promise<{ io: FirmataIo; transport: FirmataTransport }> {
  const transport = new FirmataTransport(board);
  const io = openFirmata(transport);
  await runUntil(board, 'the handshake', () => io.isReady);
  return { io, transport };
}
