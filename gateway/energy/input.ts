import type { Quality } from '#device/contract';

/**
 * What one register has to say, in order of time. `wh` stands for the register's own unit where that is not Wh
 * (gas in dm3, heat in kJ, drawn in g). Times are epoch milliseconds.
 */
export type RegisterInput = RegisterReading | RegisterRollback | RegisterMeta | DeviceRestart;

/** `wh` is a whole number up to 2^53 - 1, or null where the meter gave none. */
export interface RegisterReading {
  readonly kind: 'reading';
  readonly at: number;
  readonly wh: number | null;
  readonly quality: Quality;
  readonly clock: 'synced' | 'estimated';
}

/** The device says that its counter went back (`register-rollback`); `wh` is where it went on, if it says so. */
export interface RegisterRollback {
  readonly kind: 'rollback';
  readonly at: number;
  readonly wh?: number | undefined;
}

/**
 * What the meter is from `at` on. Another `serial` than before is another meter: `startWh` is what the new one showed
 * when it was put in, `finalWh` what the old one showed when it was taken out.
 */
export interface RegisterMeta {
  readonly kind: 'meta';
  readonly at: number;
  readonly serial?: string | undefined;
  readonly wrapAt?: number | undefined;
  readonly ratedW?: number | undefined;
  readonly startWh?: number | undefined;
  readonly finalWh?: number | undefined;
}

export interface DeviceRestart {
  readonly kind: 'restart';
  readonly at: number;
}

const rank = { meta: 0, rollback: 1, restart: 2, reading: 3 } as const;

/** Order of time; what a device says about its meter holds for the reading of the same instant. */
export function byInstant(a: RegisterInput, b: RegisterInput): number {
  return a.at === b.at ? rank[a.kind] - rank[b.kind] : a.at - b.at;
}

/** The same for inputs of which nothing else tells what came first. */
export function byTime(a: RegisterInput, b: RegisterInput): number {
  const order = byInstant(a, b);
  if (order !== 0) return order;
  // Which of two came first must not decide.
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Only trusted time and values that are not bad make energy (design.md, wire contract). */
export function counts(reading: RegisterReading): reading is RegisterReading & { wh: number } {
  return reading.wh !== null && reading.clock === 'synced' && reading.quality !== 'bad';
}
