import { earliestAtMs, type FrameEvent } from '#device/contract';
import type { Clock } from './clock.ts';

/** Frozen on a frame when it is stamped; never changed afterwards. */
export interface Stamp {
  readonly at: number;
  readonly clock: 'synced' | 'estimated';
}

export type ClockState = 'waiting' | 'estimated' | 'synced';

export interface StampTurn {
  readonly state: ClockState;
  /** The trusted time lies at or before the last stamp: the frames from here on belong to a new stream. */
  readonly newStream: boolean;
  /** Goes into the next frame when the meaning of `at` changed. */
  readonly event?: FrameEvent;
}

export interface StamperSettings {
  /** How long frames wait for a trusted clock before they leave as `estimated`. */
  readonly waitMs: number;
  /** Time of the monotonic 0 is never estimated earlier: the newest that this device is known to have lived through. */
  readonly floorAtMs: number;
  /** The newest stamp of the stream that goes on. */
  readonly last?: Stamp | undefined;
}

/** A backward slew below this is a clock being disciplined, and stamps just stay rising; above, it is another time. */
const slewMs = 1_000;

/**
 * Turns monotonic sampling instants into wall stamps (design.md, wire contract: `at`). Call `advance` once before each
 * frame, then `stamp` for every frame not yet stamped, oldest first. Stamps rise strictly within a stream.
 */
export class Stamper {
  readonly #clock: Clock;
  readonly #settings: StamperSettings;
  #state: ClockState = 'waiting';
  #lastAtMs: number;
  /** Whether the last stamp came from a trusted clock, which may then be slewed a little. */
  #lastSynced: boolean;
  #offsetMs = 0;

  constructor(clock: Clock, settings: StamperSettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#lastAtMs = settings.last?.at ?? 0;
    this.#lastSynced = settings.last?.clock === 'synced';
  }

  get state(): ClockState {
    return this.#state;
  }

  advance(): StampTurn {
    const before = this.#state;
    const monotonicMs = this.#clock.monotonicMs();
    if (this.#clock.trusted()) this.#state = 'synced';
    else if (before === 'synced' || (before === 'waiting' && monotonicMs >= this.#settings.waitMs))
      this.#state = 'estimated';
    if (this.#state === 'synced') return this.#follow(before, this.#clock.offsetMs());
    // The offset stays as last trusted: the clock has stepped, and nobody knows yet which time is right.
    if (before === 'synced') return { state: 'estimated', newStream: false, event: this.#lost() };
    if (before === 'waiting' && this.#state === 'estimated') {
      const floorMs = Math.max(this.#settings.floorAtMs, earliestAtMs);
      // Fixed from here on: an untrusted clock may step, the monotonic one does not.
      this.#offsetMs = Math.max(this.#clock.offsetMs(), floorMs + 1);
    }
    return { state: this.#state, newStream: false };
  }

  /** @param upMs monotonic instant of sampling. Only after `advance` answered a state other than `waiting`. */
  stamp(upMs: number): Stamp {
    if (this.#state === 'waiting')
      throw new Error('a frame was stamped while the clock is not known');
    const sampledAtMs = Math.round(this.#offsetMs + upMs);
    const at = Math.max(sampledAtMs, this.#lastAtMs + 1);
    this.#lastAtMs = at;
    // Pushed behind an estimate that another process left on disk, it is one itself.
    const clock = at - sampledAtMs > slewMs ? 'estimated' : this.#state;
    this.#lastSynced = clock === 'synced';
    return { at, clock };
  }

  #lost(): FrameEvent {
    return { kind: 'clock', from: this.#lastAtMs, why: 'stepped: the time before is held on' };
  }

  #follow(before: ClockState, offsetMs: number): StampTurn {
    const nowMs = Math.round(offsetMs + this.#clock.monotonicMs());
    const stepMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    const lastAtMs = this.#lastAtMs;
    const newStream = lastAtMs > 0 && nowMs <= lastAtMs - (this.#lastSynced ? slewMs : 0);
    if (newStream) this.#lastAtMs = 0;
    const changed = before === 'estimated' || (before === 'synced' && Math.abs(stepMs) > slewMs);
    if (!changed || lastAtMs === 0) return { state: 'synced', newStream };
    const why = before === 'estimated' ? 'synchronised' : 'stepped';
    return { state: 'synced', newStream, event: { kind: 'clock', from: lastAtMs, to: nowMs, why } };
  }
}
