import type { Frame, Reading } from '#device/contract';
import { Arrivals, delaysOf } from './arrival.ts';
import type { YearSpan } from './calendar.ts';
import { Home, type HomeMessage } from './home.ts';
import type { HomePlan } from './plan.ts';

/** A year of the homes whose meters one collector reads, as that collector's frames. */
export class CollectorYear {
  readonly homes: readonly Home[];
  readonly #year: YearSpan;
  readonly #stream: string;
  #seq = 0;

  constructor(plans: readonly HomePlan[], year: YearSpan, stream: string) {
    this.homes = plans.map((plan) => new Home(plan, year));
    this.#year = year;
    this.#stream = stream;
  }

  /** In the order in which they arrive; the homes are at the end of the year once the last one was taken. */
  *frames(): Generator<Frame, void, undefined> {
    const [first] = this.homes;
    const { ticks } = this.#year;
    const { seed = 0, number = 0 } = first?.plan ?? {};
    const arrivals = new Arrivals(delaysOf(seed, number, ticks));
    for (let tick = 0; tick <= ticks; tick += 1)
      for (const frame of this.#framesAt(tick)) yield* arrivals.take(tick, frame);
    yield* arrivals.rest();
  }

  #framesAt(tick: number): Frame[] {
    const byTime = new Map<number, { readonly home: Home; readonly message: HomeMessage }[]>();
    for (const home of this.homes)
      for (const message of home.take(tick)) {
        const together = byTime.get(message.at) ?? [];
        byTime.set(message.at, [...together, { home, message }]);
      }
    return [...byTime].toSorted(([a], [b]) => a - b).map(([at, read]) => this.#frame(at, read));
  }

  #frame(
    at: number,
    read: readonly { readonly home: Home; readonly message: HomeMessage }[],
  ): Frame {
    const readings: Record<string, Reading> = {};
    const channels: Record<string, object> = {};
    for (const { home, message } of read) {
      const { asset, wrapAt } = home.plan;
      for (const quantity of ['generated', 'exported', 'gas', 'heat'] as const) {
        const reading = message[quantity];
        if (reading !== undefined) readings[`${asset}/${quantity}`] = reading;
      }
      if (message.meter !== undefined)
        channels[`${asset}/generated`] = { unit: 'Wh', wrapAt, ...message.meter };
    }
    const told = Object.keys(channels).length > 0;
    this.#seq += 1;
    return {
      stream: this.#stream,
      seq: this.#seq,
      at,
      clock: 'synced',
      readings,
      ...(told && { events: [{ kind: 'meta', channels }] }),
    };
  }
}
