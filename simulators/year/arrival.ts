import type { Frame } from '#device/contract';
import { uniformAt } from '../world/noise.ts';
import { dayTicks } from './calendar.ts';

/** Frames taken at ticks `first` up to before `after` come `lateTicks` later, or come at once and then again. */
interface Delay {
  readonly first: number;
  readonly after: number;
  readonly lateTicks: number;
  readonly twice: boolean;
}

const everyTicks = 20 * dayTicks;

/** What a collector's line does in a year: by turns a block of frames comes days late, and another comes twice. */
export function delaysOf(seed: number, collector: number, ticks: number): Delay[] {
  const delays: Delay[] = [];
  for (let start = dayTicks; start + everyTicks <= ticks; start += everyTicks) {
    const draw = (place: number): number =>
      uniformAt(seed, 60_000 + collector, delays.length * 3 + place);
    const first = start + Math.floor(draw(0) * 10 * dayTicks);
    const after = first + 1 + Math.floor(draw(1) * 3 * dayTicks);
    const lateTicks = 1 + Math.floor(draw(2) * 5 * dayTicks);
    delays.push({ first, after, lateTicks, twice: delays.length % 2 === 1 });
  }
  return delays;
}

/** Puts frames into the order in which they arrive. Holds at most a few days of them. */
export class Arrivals {
  readonly #delays: readonly Delay[];
  #held: { readonly due: number; readonly frame: Frame }[] = [];

  constructor(delays: readonly Delay[]) {
    this.#delays = delays;
  }

  /** What arrives when a frame was taken at a tick. */
  *take(tick: number, frame: Frame): Generator<Frame, void, undefined> {
    yield* this.#due(tick);
    const delay = this.#delays.find(({ first, after }) => first <= tick && tick < after);
    if (delay !== undefined) this.#held.push({ due: tick + delay.lateTicks, frame });
    if (delay === undefined || delay.twice) yield frame;
  }

  /** What has not arrived when the year ends. */
  *rest(): Generator<Frame, void, undefined> {
    yield* this.#due(Infinity);
  }

  *#due(tick: number): Generator<Frame, void, undefined> {
    if (this.#held.every(({ due }) => due > tick)) return;
    const due = this.#held.filter((held) => held.due <= tick);
    this.#held = this.#held.filter((held) => held.due > tick);
    for (const { frame } of due) yield frame;
  }
}
