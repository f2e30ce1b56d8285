export const trendSpanMs = 24 * 3_600_000;

/** One point per minute, as the gateway derives them: fewer, and a missing minute could hide between two points. */
export const trendPoints = 1440;
export const trendSpacingMs = trendSpanMs / trendPoints;
