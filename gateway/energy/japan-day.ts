/** Japan has had one offset and no summer time since 1951: days are cut by arithmetic (peers: days cut at the wrong
 * midnight). */
export const japanOffsetMs = 9 * 3_600_000;
export const dayMs = 24 * 3_600_000;

/** The instant of 00:00 Japan time at or before `atMs`. */
export function japanMidnight(atMs: number): number {
  return Math.floor((atMs + japanOffsetMs) / dayMs) * dayMs - japanOffsetMs;
}
