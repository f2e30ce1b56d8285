import type { PackHistoryPoint } from '#gateway/contract';
import { isLost } from '../plant/standing.ts';
import type { TimeSpan } from '../trend/shape.ts';

/** One point as drawn: a null is not known. Masses in kg, pressures in MPa gauge. */
export interface Drawn {
  readonly fromMs: number;
  readonly toMs: number;
  readonly pressureMpa: number | null;
  readonly pressureLeastMpa: number | null;
  readonly pressureMostMpa: number | null;
  readonly usableKg: number | null;
  readonly uncertaintyKg: number | null;
  /** The least of the stretch less the uncertainty, and the most with it. */
  readonly usableLowKg: number | null;
  readonly usableHighKg: number | null;
  readonly temperatureC: number | null;
  readonly quality: PackHistoryPoint['quality'];
  readonly why: PackHistoryPoint['why'];
  readonly knownMinutes: number;
  readonly minutes: number;
}

export interface PackSeries extends TimeSpan {
  readonly spacingMs: number;
  readonly points: readonly Drawn[];
  /** Nothing is known. */
  readonly gaps: readonly TimeSpan[];
  /** Something is known, and some minutes are not. */
  readonly thin: readonly TimeSpan[];
}

const minuteMs = 60_000;

/**
 * The gateway's points over the span they were asked for, one to a stretch of `spacingMs`: a stretch it gave no point for
 * is not known. What it says of the running minute is left out, because a minute is derived after it ended.
 */
export function packSeries(
  answer: readonly PackHistoryPoint[],
  span: TimeSpan,
  spacingMs: number,
): PackSeries {
  const byStretch = new Map(
    answer.map((point) => [Math.floor((point.at - span.fromMs) / spacingMs), point]),
  );
  const last = Math.max(-1, ...byStretch.keys());
  const count = Math.ceil((span.toMs - span.fromMs) / spacingMs);
  const points: Drawn[] = [];
  for (let stretch = 0; stretch < count; stretch += 1) {
    const point = byStretch.get(stretch);
    // After the newest point nothing is missing yet, unless it is long ago: then the gateway says so itself.
    if (point === undefined && stretch > last) break;
    points.push(drawn(point, span.fromMs + stretch * spacingMs, spacingMs));
  }
  return {
    ...span,
    spacingMs,
    points,
    gaps: spans(points, ({ pressureMpa }) => pressureMpa === null),
    thin: spans(points, (each) => each.pressureMpa !== null && each.knownMinutes < each.minutes),
  };
}

function drawn(point: PackHistoryPoint | undefined, fromMs: number, spacingMs: number): Drawn {
  const minutes = point?.stretch?.minutes ?? spacingMs / minuteMs;
  const about = { fromMs, toMs: fromMs + spacingMs, minutes };
  if (point === undefined || isLost(point))
    return { ...about, ...nothing, quality: 'bad', why: point?.why ?? 'no-data' };
  const { pressureMpa, usableKg, usableExpandedUncertaintyKg, stretch } = point;
  const pressures = stretch?.pressureMpa ?? both(pressureMpa);
  const masses = stretch?.usableKg ?? both(usableKg);
  const uncertaintyKg = usableKg === null ? null : usableExpandedUncertaintyKg;
  const beside = uncertaintyKg ?? 0;
  return {
    ...about,
    pressureMpa,
    pressureLeastMpa: pressures?.least ?? null,
    pressureMostMpa: pressures?.most ?? null,
    usableKg,
    uncertaintyKg,
    usableLowKg: masses === null ? null : Math.max(0, masses.least - beside),
    usableHighKg: masses === null ? null : masses.most + beside,
    temperatureC: point.temperatureC,
    quality: point.quality,
    why: point.why,
    knownMinutes: stretch?.knownMinutes ?? (pressureMpa === null ? 0 : 1),
  };
}

const nothing = {
  pressureMpa: null,
  pressureLeastMpa: null,
  pressureMostMpa: null,
  usableKg: null,
  uncertaintyKg: null,
  usableLowKg: null,
  usableHighKg: null,
  temperatureC: null,
  knownMinutes: 0,
} as const;

function both(value: number | null): { readonly least: number; readonly most: number } | null {
  return value === null ? null : { least: value, most: value };
}

/** Stretches in a row of which `holds` is true, joined. */
function spans(points: readonly Drawn[], holds: (point: Drawn) => boolean): TimeSpan[] {
  const found: TimeSpan[] = [];
  for (const point of points) {
    if (!holds(point)) continue;
    const before = found.at(-1);
    if (before?.toMs === point.fromMs) found[found.length - 1] = { ...before, toMs: point.toMs };
    else found.push({ fromMs: point.fromMs, toMs: point.toMs });
  }
  return found;
}
