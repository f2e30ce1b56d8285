const dayMs = 24 * 3_600_000;

/** The instant at which a Japan date (`2026-04-01`) begins. */
export function japanDateMs(date: string): number {
  return Date.parse(`${date}T00:00:00+09:00`);
}

/** The Japan date of an instant. */
export function japanDateOf(ms: number): string {
  return new Date(ms + 9 * 3_600_000).toISOString().slice(0, 10);
}

/** The same day so many years later; 29 February becomes 1 March where there is none. */
export function yearsLater(date: string, years: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day.toISOString().slice(0, 10);
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return (japanDateMs(to) - japanDateMs(from)) / dayMs;
}
