const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const japanOffsetMs = 9 * hourMs;

const hourSteps = [1, 2, 3, 6, 12, 24];

/** Whole hours of Japan time within the span, epoch milliseconds, at most `most` of them (or whole days). */
export function hourMarks(fromMs: number, toMs: number, most: number): number[] {
  const hours = hourSteps.find((step) => (toMs - fromMs) / (step * hourMs) <= most) ?? 24;
  const stepMs = hours * hourMs;
  const firstMs = Math.ceil((fromMs + japanOffsetMs) / stepMs) * stepMs - japanOffsetMs;
  const count = Math.max(0, Math.floor((toMs - firstMs) / stepMs) + 1);
  return Array.from({ length: count }, (_, index) => firstMs + index * stepMs);
}

export function isJapanMidnight(atMs: number): boolean {
  return (atMs + japanOffsetMs) % dayMs === 0;
}

/** Both value axes have this many divisions, so that one grid serves both. */
export const divisions = 5;

const mantissas = [1, 2, 3, 4, 5, 6, 8, 10];

/** A step of one or two digits, of which five reach from 0 to `most` or above. */
export function divisionStep(most: number): number {
  if (!(most > 0) || !Number.isFinite(most)) return 1;
  const least = most / divisions;
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const mantissa = mantissas.find((candidate) => candidate * magnitude >= least * (1 - 1e-9)) ?? 10;
  return Number((mantissa * magnitude).toPrecision(3));
}

/** The marks from 0 upwards that `divisionStep` gives. */
export function divisionMarks(most: number): number[] {
  const step = divisionStep(most);
  return Array.from({ length: divisions + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
