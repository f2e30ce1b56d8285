import type { Pack } from '#gateway/contract';

type Why = NonNullable<Pack['why']>;
type Quality = Pack['quality'];

/**
 * How far a figure may be believed, as it is shown:
 * `good` and `uncertain` are the gateway's; `bad` is a fault; `stale` means that the source stopped;
 * `old` means that this page no longer hears the gateway, so that the figure is only the last known.
 */
export type Standing = 'good' | 'uncertain' | 'bad' | 'stale' | 'old';

export interface Measured {
  readonly measuredAt: number | null;
  readonly quality: Quality;
  readonly why?: Why | undefined;
}

/** A figure as shown: a value only where it may be believed or is openly old; otherwise a reason. */
export interface Shown {
  readonly standing: Standing;
  readonly value: number | null;
  readonly why: Why | undefined;
  readonly measuredAt: number | null;
}

/** Why a figure is not simply good: the gateway's reason, or that it gave neither a value nor a reason. */
export type Reason = Why | 'missing';

export function reasonOf({ value, why }: Shown): Reason | undefined {
  return why ?? (value === null ? 'missing' : undefined);
}

/** A fault, or a source that stopped: a number that still comes with it is not the present value. */
export function isLost({ quality, why }: Pick<Measured, 'quality' | 'why'>): boolean {
  return quality === 'bad' || why === 'stale';
}

/**
 * A lost figure has no value here even where the gateway sent one (a stuck sensor has a number), and a null is never
 * good: guarantee 3 of design.md, unknown is shown as unknown.
 */
export function shownFigure(measured: Measured, value: number | null, heard: boolean): Shown {
  const { measuredAt, quality, why } = measured;
  const believed = isLost(measured) ? null : value;
  return { standing: standingOf(quality, why, believed, heard), value: believed, why, measuredAt };
}

function standingOf(
  quality: Quality,
  why: Why | undefined,
  value: number | null,
  heard: boolean,
): Standing {
  if (!heard) return 'old';
  if (why === 'stale') return 'stale';
  return value === null ? 'bad' : quality;
}

/**
 * A counted amount, such as a register: it stays true as of when it was read after its meter falls silent, so a value
 * that the gateway still gives is shown with its age, but never as a fresh one.
 */
export function countedFigure(measured: Measured, value: number | null, heard: boolean): Shown {
  if (!isLost(measured) || value === null) return shownFigure(measured, value, heard);
  const { measuredAt, why } = measured;
  return { standing: heard ? 'stale' : 'old', value, why, measuredAt };
}

const ranks: Readonly<Record<Quality, number>> = { good: 0, uncertain: 1, bad: 2 };

/** A figure computed from two: it is as bad as the worse and as old as the older of them. */
export function combined(first: Measured, second: Measured): Measured {
  const worse = ranks[second.quality] > ranks[first.quality] ? second : first;
  const measuredAt =
    first.measuredAt === null || second.measuredAt === null
      ? null
      : Math.min(first.measuredAt, second.measuredAt);
  return { measuredAt, quality: worse.quality, why: worse.why };
}
