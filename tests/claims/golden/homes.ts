/**
 * What the registers of the three golden homes showed, by a rule simple enough to work out by hand: so many Wh in every
 * half hour of a part of the day, the same every day. Uses nothing of the gateway.
 */
const minuteMs = 60_000;
const halfHourMs = 30 * minuteMs;
const dayMs = 24 * 60 * minuteMs;

export function japan(text: string): number {
  return Date.parse(`${text}${text.includes('T') ? '' : 'T00:00'}:00+09:00`);
}

export const fiscalYear = { from: japan('2026-04-01'), to: japan('2027-04-01') };
/** Readings are half an hour apart; a register read at ten past and twenty to is `lateMinutes: 10`. */
export const periodMs = halfHourMs;
const firstAt = japan('2026-03-31T12:00');
const lastAt = japan('2027-04-01T12:00');

export interface GoldenRegister {
  readonly register: string;
  readonly item: 'generated' | 'sold' | 'auxiliary';
  /** Wh of each half hour from `fromMinute` to `toMinute` of the day; both are counted from the time of a reading. */
  readonly stepWh: number;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly lateMinutes: number;
  /** What it showed at 00:00 on 1 April 2026 (or its last reading before). */
  readonly startWh: number;
  readonly wrapAt?: number;
  /** No readings strictly between. */
  readonly gaps: readonly (readonly [string, string])[];
  /** A reading of 0 that never was. */
  readonly zeroAt?: string;
  /** Another meter since `at`, which showed `startWh` then; nobody read the old one. */
  readonly replaced?: { readonly at: string; readonly startWh: number; readonly serial: string };
}

const daytime = { fromMinute: 6 * 60, toMinute: 18 * 60, lateMinutes: 0 };
const noon = { fromMinute: 9 * 60, toMinute: 15 * 60, lateMinutes: 0 };
const always = { fromMinute: 0, toMinute: 24 * 60, lateMinutes: 0 };

export const registers: readonly GoldenRegister[] = [
  {
    register: 'golden/a-pv/generated',
    item: 'generated',
    stepWh: 1_200,
    ...daytime,
    startWh: 5_000_000,
    gaps: [],
  },
  {
    // Five days before it wraps: 60,000 Wh at 12,000 a day.
    register: 'golden/a-pv/exported',
    item: 'sold',
    stepWh: 1_000,
    ...noon,
    startWh: 9_940_000,
    wrapAt: 10_000_000,
    gaps: [['2026-05-10T10:00', '2026-05-10T13:00']],
  },
  {
    register: 'golden/a-pv/auxiliary',
    item: 'auxiliary',
    stepWh: 20,
    ...always,
    startWh: 100_000,
    gaps: [],
  },
  {
    register: 'golden/b-pv/generated',
    item: 'generated',
    stepWh: 2_000,
    ...daytime,
    startWh: 1_000_000,
    gaps: [['2026-07-20T09:00', '2026-07-21T15:00']],
    zeroAt: '2026-12-24T05:30',
  },
  {
    register: 'golden/b-pv/exported',
    item: 'sold',
    stepWh: 1_800,
    ...noon,
    startWh: 2_000_000,
    gaps: [['2026-08-14T22:00', '2026-08-15T02:00']],
  },
  {
    register: 'golden/b-pv/auxiliary',
    item: 'auxiliary',
    stepWh: 40,
    ...always,
    startWh: 300_000,
    gaps: [],
  },
  {
    register: 'golden/c-pv/generated',
    item: 'generated',
    stepWh: 800,
    ...daytime,
    startWh: 4_000_000,
    gaps: [
      ['2026-04-19T15:00', '2026-04-20T10:30'],
      ['2026-06-15T10:00', '2026-06-15T12:00'],
      ['2026-11-10T08:00', '2026-11-10T16:00'],
    ],
    replaced: { at: '2026-11-10T12:00', startWh: 1_000, serial: 'C-GEN-2' },
  },
  {
    // Read at ten past and twenty to: no half hour begins at a reading.
    register: 'golden/c-pv/exported',
    item: 'sold',
    stepWh: 601,
    fromMinute: 9 * 60 + 10,
    toMinute: 15 * 60 + 10,
    lateMinutes: 10,
    startWh: 700_000,
    gaps: [['2026-06-15T10:10', '2026-06-15T12:10']],
  },
  {
    register: 'golden/c-pv/auxiliary',
    item: 'auxiliary',
    stepWh: 8,
    ...always,
    startWh: 50_000,
    gaps: [],
  },
];

export interface GoldenReading {
  readonly at: number;
  readonly wh: number;
}

/** Every reading of a register, oldest first. */
export function readingsOf(register: GoldenRegister): GoldenReading[] {
  const { lateMinutes, gaps } = register;
  const readings: GoldenReading[] = [];
  const closed = gaps.map(([from, to]) => [japan(from), japan(to)] as const);
  for (let at = firstAt + lateMinutes * minuteMs; at <= lastAt; at += halfHourMs)
    if (!closed.some(([from, to]) => at > from && at < to))
      readings.push({ at, wh: shown(register, at) });
  return readings;
}

/** What the register showed at an instant at which it was read. */
function shown(register: GoldenRegister, at: number): number {
  const { startWh, wrapAt, zeroAt, replaced } = register;
  if (zeroAt !== undefined && at === japan(zeroAt)) return 0;
  if (replaced !== undefined && at >= japan(replaced.at))
    return replaced.startWh + counted(register, at) - counted(register, japan(replaced.at));
  const wh = startWh + counted(register, at);
  return wrapAt === undefined ? wh : wh % wrapAt;
}

/** Wh since 00:00 on 1 April 2026; negative before. */
function counted({ stepWh, fromMinute, toMinute }: GoldenRegister, at: number): number {
  const since = at - fiscalYear.from;
  const days = Math.floor(since / dayMs);
  const minute = (since - days * dayMs) / minuteMs;
  const steps = (Math.min(Math.max(minute, fromMinute), toMinute) - fromMinute) / 30;
  return stepWh * (days * ((toMinute - fromMinute) / 30) + steps);
}
