import { uniformAt } from '../world/noise.ts';

/** What goes wrong with a register, or with the reading of it. */
export const faultKinds = [
  'reset',
  'reset-in-outage',
  'swap-unannounced',
  'swap-serial',
  'swap-declared',
  'wake-up-zero',
  'jitter',
  'gap',
  'no-data',
  'bad-values',
  'estimated-clock',
  'rollback',
  'spike',
  'wrong-register',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault from one tick to before another. `share` in [0, 1) chooses whatever else there is to choose. */
export interface ScheduledFault {
  readonly kind: FaultKind;
  readonly first: number;
  readonly after: number;
  readonly share: number;
}

const tickMinutes = 5;
const dayTicks = (24 * 60) / tickMinutes;

/** How long a fault lasts at least and at most, in ticks. */
const lengths: Record<FaultKind, readonly [number, number]> = {
  reset: [1, 1],
  'reset-in-outage': [2, 2 * dayTicks],
  'swap-unannounced': [3, dayTicks],
  'swap-serial': [3, 2 * dayTicks],
  'swap-declared': [3, 2 * dayTicks],
  'wake-up-zero': [1, 12],
  jitter: [1, 3],
  gap: [1, 2 * dayTicks],
  'no-data': [1, dayTicks],
  'bad-values': [1, 24],
  'estimated-clock': [1, 24],
  rollback: [2, 12],
  spike: [1, 1],
  'wrong-register': [2, 36],
};

/**
 * A fault every `everyDays`, each kind in its turn, at a time of day that the seed chooses. Two days at either end, and
 * a day or more between two faults, are without.
 */
export function scheduleFaults(
  seed: number,
  stream: number,
  ticks: number,
  everyDays = 5,
): ScheduledFault[] {
  const faults: ScheduledFault[] = [];
  const every = everyDays * dayTicks;
  for (let start = 2 * dayTicks; start + every + 2 * dayTicks <= ticks; start += every) {
    const draw = (place: number): number => uniformAt(seed, stream, faults.length * 4 + place);
    const kind = faultKinds[(faults.length + stream) % faultKinds.length] ?? 'gap';
    const [least, most] = lengths[kind];
    const length = least + Math.floor(draw(0) ** 3 * (most - least + 1));
    const first = start + Math.floor(draw(1) * (every - dayTicks - length));
    faults.push({ kind, first, after: first + length, share: draw(2) });
  }
  return faults;
}
