import { uniformAt } from '../world/noise.ts';
import { dayTicks } from './calendar.ts';

/**
 * What goes wrong in a home. Ticks `first` up to before `after` are touched; the readings at `first - 1` and at `after`
 * are sound.
 *
 * - `gap-sold`, `gap-generated`, `outage`: one or both registers are not read.
 * - `gap-offset`: neither is read, but sold goes silent and comes back ten minutes after generated.
 * - `no-data`, `bad-values`: what is read of generated must not count.
 * - `wake-up-zero`: generated shows 0 and then the old level.
 * - `jitter`: the last digits of generated are read low.
 * - `reset`: nothing is read, and generated begins at 0 in the middle of it; a person says so.
 * - `replaced`: as a reset, by another meter that the device declares, with its start and the old one's end.
 */
export const homeFaults = [
  'gap-sold',
  'reset',
  'gap-offset',
  'gap-generated',
  'wake-up-zero',
  'replaced',
  'outage',
  'no-data',
  'jitter',
  'bad-values',
] as const;
export type HomeFaultKind = (typeof homeFaults)[number];

export interface HomeFault {
  readonly kind: HomeFaultKind;
  readonly first: number;
  readonly after: number;
  /** In [0, 1): chooses whatever else there is to choose. */
  readonly share: number;
}

const everyTicks = 24 * dayTicks;
const longest: Record<HomeFaultKind, number> = {
  'gap-sold': 3 * dayTicks,
  'gap-generated': 3 * dayTicks,
  'gap-offset': dayTicks,
  outage: 2 * dayTicks,
  'no-data': dayTicks,
  'bad-values': 12,
  'wake-up-zero': 6,
  jitter: 2,
  reset: dayTicks,
  replaced: dayTicks,
};

/** A fault every 24 days, each kind in its turn; two days at either end of the year and of each turn are without. */
export function faultsOf(seed: number, home: number, ticks: number): HomeFault[] {
  const faults: HomeFault[] = [];
  for (let start = 2 * dayTicks; start + everyTicks <= ticks; start += everyTicks) {
    const draw = (place: number): number =>
      uniformAt(seed, 50_000 + home, faults.length * 4 + place);
    const kind = homeFaults[(faults.length + home) % homeFaults.length] ?? 'outage';
    const length = 2 + Math.floor(draw(0) ** 2 * (longest[kind] - 1));
    const first = start + Math.floor(draw(1) * (everyTicks - 4 * dayTicks - length));
    faults.push({ kind, first, after: first + length, share: draw(2) });
  }
  return faults;
}
