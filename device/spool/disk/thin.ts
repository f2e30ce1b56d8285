/** What thinning looks at. */
export interface ThinFrame {
  readonly position: number;
  readonly at: number;
  readonly channels: readonly string[];
  readonly hasEvents: boolean;
}

/** Japan has no summer time and is 9 hours ahead, a multiple of 15 minutes: its quarters are those of UTC. */
const quarterMs = 15 * 60_000;

/**
 * Which frames stay, of frames in sampling order: for every channel the last before and the first at or after each
 * 15-minute Japan-time boundary, so that registers keep their energy per quarter; the first and last of every channel,
 * since what lies before and behind is not known here; and whatever carries events.
 */
export function keptWhenThinned(frames: readonly ThinFrame[]): ReadonlySet<number> {
  const kept = new Set<number>();
  const lastOf = new Map<string, ThinFrame>();
  for (const frame of frames) {
    if (frame.hasEvents) kept.add(frame.position);
    for (const channel of frame.channels) {
      const before = lastOf.get(channel);
      lastOf.set(channel, frame);
      if (before !== undefined && quarter(before) === quarter(frame)) continue;
      if (before !== undefined) kept.add(before.position);
      kept.add(frame.position);
    }
  }
  for (const { position } of lastOf.values()) kept.add(position);
  return kept;
}

function quarter({ at }: ThinFrame): number {
  return Math.floor(at / quarterMs);
}
