/** Time of a simulated fiscal year: 1 April to 31 March in Japan, read every half hour, counted every ten minutes. */
export const halfHourMs = 30 * 60_000;
export const stepMs = 10 * 60_000;
export const stepsPerTick = halfHourMs / stepMs;
export const dayTicks = 48;

export interface YearSpan {
  readonly fiscalYear: number;
  /** Epoch ms; the last reading is at `to`. */
  readonly from: number;
  readonly to: number;
  /** Half hours in it. */
  readonly ticks: number;
}

export function fiscalYearSpan(fiscalYear: number): YearSpan {
  const from = Date.parse(`${fiscalYear}-04-01T00:00:00+09:00`);
  const to = Date.parse(`${fiscalYear + 1}-04-01T00:00:00+09:00`);
  return { fiscalYear, from, to, ticks: (to - from) / halfHourMs };
}

/** The Japan date of an instant, as 2026-04-01. */
export function japanDate(at: number): string {
  return new Date(at + 9 * 3_600_000).toISOString().slice(0, 10);
}
