import type { BackoffSettings } from '../backoff.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import { type Edge, parseEdge } from './gpiod.ts';
import { askGpiodVersion, askLevel, startMonitor } from './gpiod-tools.ts';
import type { PinEvent, PinLevel, WatchedPin } from './port.ts';
import { runAgainAndAgain } from './reopening.ts';

export interface GpioLineSettings {
  readonly board: string;
  /** `/dev/gpiochip0` */
  readonly chip: string;
  readonly reopen: BackoffSettings;
  /** gpiomon 1 does not say when it watches: what happens in this time after its start only moves the baseline. */
  readonly settleMs: number;
}

export interface GpioLineParts {
  readonly clock: Clock;
  /** Worst event-loop stall since it was last asked. */
  readonly lagMs: () => number;
  readonly random: () => number;
  readonly log: Log;
}

/** A stamp older or newer than this is not of the clock that we read: then the time of arrival has to do. */
const oldestStampMs = 3_600_000;
const newestStampMs = 5;

/** Milliseconds of CLOCK_MONOTONIC, which the kernel stamps edges with. */
const kernelNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * One line of a GPIO chip, watched by a `gpiomon` that is started again whenever it ends. A process of its own for each
 * line, so that one that is taken or wrong costs itself alone.
 */
export class GpioLine {
  readonly #settings: GpioLineSettings;
  readonly #watched: WatchedPin;
  readonly #listener: (event: PinEvent) => void;
  readonly #parts: GpioLineParts;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** Why edges go unseen; undefined while they are seen. */
  #why: string | undefined = 'still opening';
  #kill = (): void => {};

  constructor(
    settings: GpioLineSettings,
    watched: WatchedPin,
    listener: (event: PinEvent) => void,
    parts: GpioLineParts,
  ) {
    this.#settings = settings;
    this.#watched = watched;
    this.#listener = listener;
    this.#parts = parts;
  }

  get why(): string | undefined {
    return this.#why;
  }

  start(): void {
    const { reopen, board, chip } = this.#settings;
    const { clock, random, log } = this.#parts;
    const { pin } = this.#watched;
    this.#running = runAgainAndAgain(() => this.#watchOnce(), {
      reopen,
      clock,
      random,
      signal: this.#abort.signal,
      away: (why, waitMs) => {
        this.#why = why;
        log.warn(
          { board, chip, pin, why, waitMs },
          'pin not watched; what it counts is unknown until it is again',
        );
      },
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#kill();
    await this.#running;
  }

  /** One gpiomon from its start to its end; answers why it ended. */
  async #watchOnce(): Promise<string> {
    const { chip, settleMs, board } = this.#settings;
    const { log } = this.#parts;
    const major = await askGpiodVersion();
    let level = await askLevel(major, chip, this.#watched);
    if (this.#abort.signal.aborted) return 'stopped';
    let told: 'nothing' | 'baseline' | 'edges' = 'nothing';
    let nonsense: string | undefined;
    const monitor = startMonitor(major, chip, this.#watched, (line) => {
      if (nonsense !== undefined) return;
      const edge = parseEdge(major, line);
      if (edge?.pin !== this.#watched.pin) {
        // What else it left out or made up nobody knows.
        nonsense = `gpiomon said "${line.slice(0, 80)}", which is no edge of pin ${this.#watched.pin}`;
        monitor.kill();
        return;
      }
      // The first edge that is seen goes away from the level that was, whatever was read before it.
      if (told === 'baseline' && edge.level === level) this.#tellBaseline(level === 0 ? 1 : 0);
      level = edge.level;
      if (told === 'nothing') return;
      told = 'edges';
      this.#tell(edge);
    });
    this.#kill = () => monitor.kill();
    const settle = setTimeout(() => {
      told = 'baseline';
      this.#why = undefined;
      log.info({ board, chip, pin: this.#watched.pin, libgpiod: major }, 'pin watched');
      this.#tellBaseline(level);
    }, settleMs);
    const how = await monitor.ended;
    clearTimeout(settle);
    this.#why = nonsense ?? how;
    this.#listener({ kind: 'lost' });
    return this.#why;
  }

  #tellBaseline(level: PinLevel): void {
    this.#listener({ kind: 'baseline', level, atMs: this.#parts.clock.monotonicMs() });
  }

  #tell({ level, kernelMs }: Edge): void {
    const ageMs = kernelNowMs() - kernelMs;
    const nowMs = this.#parts.clock.monotonicMs();
    const stamped = ageMs <= oldestStampMs && ageMs >= -newestStampMs;
    this.#listener(
      stamped
        ? { kind: 'level', level, atMs: nowMs - ageMs, unsureMs: 0 }
        : { kind: 'level', level, atMs: nowMs, unsureMs: this.#parts.lagMs() },
    );
  }
}
