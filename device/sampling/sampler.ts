import { catalogue, type ChannelId, parseChannel } from '#device/contract';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import { fault, type Measured } from '../sensors/port.ts';
import type { Draft } from '../spool/port.ts';
import type { Asset } from './asset.ts';
import { nextDue } from './schedule.ts';

export interface SamplerParts {
  readonly assets: readonly Asset[];
  readonly clock: Clock;
  readonly log: Log;
  readonly record: (draft: Draft) => void;
}

/** A sensor that hangs must not hold up the frame: it is unknown, and asked again at its next instant. */
const longestSampleMs = 2_000;
const shareOfInterval = 0.9;

/** One frame per due instant, with whatever is due. Instants that pass while one is being served are counted. */
export class Sampler {
  readonly #parts: SamplerParts;
  #timer: NodeJS.Timeout | undefined;
  #serving: Promise<void> = Promise.resolve();
  #startMs = 0;
  #servedMs = 0;
  #missed = 0;
  #stopped = false;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
  }

  get missedInstants(): number {
    return this.#missed;
  }

  start(): void {
    this.#startMs = Math.ceil(this.#parts.clock.monotonicMs());
    this.#servedMs = this.#startMs - 1;
    this.#arm();
  }

  /** Lets the frame that is being taken finish. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#serving;
  }

  #arm(): void {
    if (this.#stopped) return;
    const { assets, clock, log } = this.#parts;
    const nowMs = clock.monotonicMs();
    const due = nextDue(assets, this.#startMs, this.#servedMs, nowMs);
    if (due.missed > 0) {
      this.#missed += due.missed;
      log.warn(
        { missed: due.missed, missedSinceStart: this.#missed },
        'sampling fell behind its schedule',
      );
    }
    this.#servedMs = due.dueMs;
    this.#timer = setTimeout(
      () => {
        this.#serving = this.#serve(due.items).finally(() => this.#arm());
      },
      Math.max(0, due.dueMs - nowMs),
    );
  }

  async #serve(due: readonly Asset[]): Promise<void> {
    const upMs = this.#parts.clock.monotonicMs();
    const sampled = await Promise.all(due.map((asset) => sampleInTime(asset)));
    const readings = Object.fromEntries(
      sampled.flatMap((measured) => [...measured].map(([id, value]) => [id, plausible(id, value)])),
    );
    this.#parts.record({ upMs, readings, events: [] });
  }
}

async function sampleInTime(asset: Asset): Promise<ReadonlyMap<ChannelId, Measured>> {
  const limitMs = Math.min(longestSampleMs, asset.sampleIntervalMs * shareOfInterval);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ReadonlyMap<ChannelId, Measured>>((resolve) => {
    const unknown = asset.describe().map(({ channel }) => [channel, fault('no-data')] as const);
    timer = setTimeout(() => resolve(new Map(unknown)), limitMs);
  });
  return Promise.race([asset.sample(), late]).finally(() => clearTimeout(timer));
}

/** What the gateway would refuse is not sent as a value: a range configured wrongly shows as a fault at once. */
function plausible(id: ChannelId, measured: Measured): Measured {
  const channel = parseChannel(id);
  if (typeof channel === 'string') throw new Error(`${id}: ${channel}`);
  const { minimum, maximum } = catalogue[channel.quantity];
  const { value, raw } = measured;
  if (value !== null && (value < minimum || value > maximum)) return fault('out-of-range', raw);
  return measured;
}
