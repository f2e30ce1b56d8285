/** Japan has one offset and no summer time. */
const offsetMs = 9 * 3_600_000;
export const halfHourMs = 1_800_000;
export const dayMs = 48 * halfHourMs;

/** 00:00 Japan time of `2026-04-01`. */
export function midnightOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) - offsetMs;
}

export function dateOf(atMs: number): string {
  return new Date(atMs + offsetMs).toISOString().slice(0, 10);
}

/** As the contract writes a time. */
export function writeInstant(atMs: number): string {
  return new Date(atMs + offsetMs).toISOString().replace('.000Z', 'Z').replace('Z', '+09:00');
}

export function fiscalYear(year: number): { from: number; to: number } {
  return { from: midnightOf(`${year}-04-01`), to: midnightOf(`${year + 1}-04-01`) };
}

/** The same day so many months on; where that month has no such day, the first of the next one. */
export function monthsLater(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const then = Date.UTC(year, month - 1 + months, Math.min(day, last + 1));
  return new Date(then).toISOString().slice(0, 10);
}
