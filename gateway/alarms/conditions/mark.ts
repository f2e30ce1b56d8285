/** So long before its end people are told: a meter is not exchanged overnight. */
export const markWarningMs = 90 * 24 * 3_600_000;

/** A mark holds through its last day in Japan. */
export function markExpiresMs(date: string): number {
  return Date.parse(`${date}T00:00:00+09:00`) + 24 * 3_600_000;
}
