import { type ConfiguredMeter, meterSeries } from '../derive/meter.ts';
import type { StaleKeys } from '../derive/stale.ts';
import { japanMidnight } from '../energy/japan-day.ts';
import type { StaleMark, StoredReading } from '../store/port.ts';

const prefix = 'seal/';

/** What time it is for seals: the clock, or the newest reading where the clock is not to be trusted. */
export class SealTime {
  readonly #clock: { readonly trusted: () => boolean; readonly wallMs: () => number };
  #newestAt: number;

  constructor(
    clock: { readonly trusted: () => boolean; readonly wallMs: () => number },
    newestStoredAt: number,
  ) {
    this.#clock = clock;
    this.#newestAt = newestStoredAt;
  }

  heard(atMs: number): void {
    if (atMs > this.#newestAt) this.#newestAt = atMs;
  }

  nowMs(): number {
    return this.#clock.trusted() ? this.#clock.wallMs() : this.#newestAt;
  }
}

/**
 * Adds to the marks of a commit those of days that are over: readings of such a day may be behind its seal. The mark is
 * durable with the readings, so that no kill can leave a day changed and its seal as it was.
 */
export function withSealMarks(
  staleKeys: StaleKeys,
  meters: readonly ConfiguredMeter[],
  time: Pick<SealTime, 'heard' | 'nowMs'>,
): StaleKeys {
  const registers = new Map(
    meters.map((meter) => {
      const { site, device, asset, quantity } = meterSeries(meter);
      return [`${site}/${device}/${asset}/${quantity}`, meter.key];
    }),
  );
  const markOf = ({ site, device, asset, quantity, at }: StoredReading): readonly string[] => {
    const register = registers.get(`${site}/${device}/${asset}/${quantity}`);
    return register === undefined ? [] : [`${prefix}${register}/${japanMidnight(at)}`];
  };
  return (came) => {
    for (const { at } of came.readings) time.heard(at);
    const today = japanMidnight(time.nowMs());
    const late = came.readings.filter(({ at }) => at < today).flatMap(markOf);
    const marks = staleKeys(came);
    return late.length === 0 ? marks : [...marks, ...new Set(late)];
  };
}

/** Marks of days to be looked at again, by register. */
export function lateDays(marks: readonly StaleMark[]): Map<string, Map<number, StaleMark>> {
  const byRegister = new Map<string, Map<number, StaleMark>>();
  for (const mark of marks) {
    if (!mark.key.startsWith(prefix)) continue;
    const cut = mark.key.lastIndexOf('/');
    const register = mark.key.slice(prefix.length, cut);
    const days = byRegister.get(register) ?? new Map<number, StaleMark>();
    byRegister.set(register, days.set(Number(mark.key.slice(cut + 1)), mark));
  }
  return byRegister;
}
