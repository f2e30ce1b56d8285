import { massKg, type PackGeometry } from '../budget.ts';
import { flowAt, longestWindowMs, type Point } from '../flow.ts';
import { insideRange } from '../nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute } from '../pressure.ts';
import {
  fallenFrom,
  isolated,
  keepAnchor,
  largestDrawKg,
  sameWithinKg,
  wasVented,
  watchReturn,
} from './isolation.ts';
import { extend, newSegment, told, withHour } from './segments.ts';
import type {
  LedgerEvent,
  LedgerSetup,
  LedgerState,
  MinuteSums,
  PackSample,
  Segment,
  Stepped,
} from './state.ts';

export const minuteMs = 60_000;
const noEvents: readonly LedgerEvent[] = [];
/** Below this a flow meter is taken to stand still, NL/min. */
const standingNlPerMin = 0.5;

/**
 * Takes in the next sample of a pack, in order of time; one that is not newer than the last changes nothing. Minutes
 * that ended before it are closed first (`closeMinute`).
 */
export function step(setup: LedgerSetup, before: LedgerState, sample: PackSample): Stepped {
  if (sample.at <= before.at) return { state: before, events: noEvents };
  const closed = closeMinute(setup, before, sample.at);
  const state = withMeters(setup, { ...closed.state, at: sample.at }, sample);
  const point = pointOf(setup.pack, sample);
  if (point === undefined) return { state, events: closed.events };
  const taken = state.isolation === null ? settled(setup, state, point) : away(setup, state, point);
  return closed.events.length === 0
    ? taken
    : { state: taken.state, events: [...closed.events, ...taken.events] };
}

function pointOf(pack: PackGeometry, sample: PackSample): Point | undefined {
  const { at, pressureMpa, temperatureC } = sample;
  if (pressureMpa === null || temperatureC === null) return undefined;
  const pressure = gaugeMpa(pressureMpa);
  if (!insideRange(toAbsolute(pressure), kelvin(temperatureC))) return undefined;
  return { at, pressureMpa, temperatureC, kg: massKg(pack, pressure, temperatureC) };
}

/** A register moves in steps: so much more than the largest draw it may show at once, kg. */
const registerStepKg = 0.1;

/**
 * What a register counted since it was last read, g. One that fell was exchanged or reset, and one that leaps read wrong
 * before or now: what was drawn across that nobody knows.
 */
function countedG(
  setup: LedgerSetup,
  { register }: LedgerState,
  at: number,
  grams: number,
): number {
  if (register === null || grams < register.grams) return 0;
  const counted = grams - register.grams;
  const mostKg = largestDrawKg(setup, at - register.at) + registerStepKg;
  return counted > 1000 * mostKg ? 0 : counted;
}

function withMeters(setup: LedgerSetup, state: LedgerState, sample: PackSample): LedgerState {
  const { drawnG, flowNlPerMin } = sample;
  let next = state;
  if (drawnG !== null) {
    const counted = countedG(setup, state, sample.at, drawnG);
    const { segment } = state;
    next = {
      ...next,
      register: { at: sample.at, grams: drawnG },
      drawing: state.drawing || counted > 0,
      segment:
        segment === null ? null : { ...segment, meteredG: (segment.meteredG ?? 0) + counted },
    };
  }
  if (flowNlPerMin === null) return next;
  const minute = next.minute ?? emptyMinute(sample.at);
  const { flowSum, flowCount } = minute;
  return {
    ...next,
    minute: { ...minute, flowSum: flowSum + flowNlPerMin, flowCount: flowCount + 1 },
  };
}

function settled(setup: LedgerSetup, state: LedgerState, point: Point): Stepped {
  const other = statedAnew(setup, state);
  if (other !== undefined) return restated(setup, state, point, other);
  const from = fallenFrom(setup, state.anchors, point);
  if (from !== undefined) {
    const isolation = isolated(from, point);
    const next = { ...state, isolation, minute: null, points: [], anchors: [] };
    return {
      state: { ...next, flow: { ...state.flow, state: 'unknown' } },
      events: [{ kind: 'isolated', at: point.at, before: from }],
    };
  }
  const begun = state.segment === null ? begin(setup, state, point, 'first', null) : undefined;
  const next = begun?.state ?? state;
  return {
    state: {
      ...next,
      anchors: keepAnchor(next.anchors, point),
      minute: added(next.minute, point),
    },
    events: begun?.events ?? noEvents,
  };
}

/** By what the masses the state knows cannot be compared with one of now: they are of other cylinders, or of readings corrected otherwise. */
function statedAnew(
  { pack, calibratedAt }: LedgerSetup,
  { segment }: LedgerState,
): 'cylinders' | 'calibration' | undefined {
  if (segment === null) return undefined;
  if (segment.openCylinders !== pack.openCylinders) return 'cylinders';
  return segment.calibratedAt === calibratedAt ? undefined : 'calibration';
}

function restated(
  setup: LedgerSetup,
  state: LedgerState,
  point: Point,
  kind: 'cylinders' | 'calibration',
): Stepped {
  const afresh = { ...state, anchors: [point], minute: added(null, point) };
  return begin(setup, afresh, point, kind, state.segment?.last ?? null);
}

/** The line is closed: nothing is known of the pack until readings settle again. */
function away(setup: LedgerSetup, state: LedgerState, point: Point): Stepped {
  if (state.isolation === null) throw new Error('not isolated');
  const watched = watchReturn(setup.pack, state.isolation, point);
  if (!watched.settled)
    return { state: { ...state, isolation: watched.isolation }, events: noEvents };
  const { before } = watched.isolation;
  const back = { ...state, isolation: null, anchors: [point], minute: added(null, point) };
  const same = Math.abs(point.kg - before.kg) <= sameWithinKg(setup.pack, point, before);
  if (!same) return begin(setup, back, point, 'return', before);
  const vented = wasVented(watched.isolation);
  return { state: back, events: [{ kind: 'returned', at: point.at, before, point, vented }] };
}

function begin(
  { pack, calibratedAt }: LedgerSetup,
  state: LedgerState,
  point: Point,
  kind: Segment['kind'],
  before: Point | null,
): Stepped {
  const terms = { openCylinders: pack.openCylinders, calibratedAt };
  const segment = newSegment(kind, point, before, terms, state.register !== null);
  return {
    state: { ...state, segment, points: [], hours: [], drawing: false },
    events: [told(segment)],
  };
}

function added(minute: MinuteSums | null, point: Point): MinuteSums {
  const sums = minute ?? emptyMinute(point.at);
  return {
    ...sums,
    count: sums.count + 1,
    atSum: sums.atSum + (point.at - sums.minute),
    pressureSum: sums.pressureSum + point.pressureMpa,
    temperatureSum: sums.temperatureSum + point.temperatureC,
    kgSum: sums.kgSum + point.kg,
  };
}

function emptyMinute(at: number): MinuteSums {
  return {
    minute: Math.floor(at / minuteMs) * minuteMs,
    count: 0,
    atSum: 0,
    pressureSum: 0,
    temperatureSum: 0,
    kgSum: 0,
    flowSum: 0,
    flowCount: 0,
  };
}

/** Closes the running minute if it ended at or before `nowMs`: its mean becomes a point, and the flow is looked at. */
export function closeMinute(setup: LedgerSetup, state: LedgerState, nowMs: number): Stepped {
  const { minute } = state;
  if (minute === null || minute.minute + minuteMs > nowMs) return { state, events: noEvents };
  const open = metered({ ...state, minute: null }, minute);
  if (minute.count === 0) return { state: open, events: noEvents };
  return withPoint(setup, open, meanOf(minute));
}

/** The newest that is known of a pack: of the minute under way, or else of its segment. */
export function newestPoint({ minute, segment }: LedgerState): Point | undefined {
  return minute !== null && minute.count > 0 ? meanOf(minute) : segment?.last;
}

function meanOf({ minute, count, ...sums }: MinuteSums): Point {
  return {
    at: Math.round(minute + sums.atSum / count),
    pressureMpa: sums.pressureSum / count,
    temperatureC: sums.temperatureSum / count,
    kg: sums.kgSum / count,
  };
}

function metered(state: LedgerState, { minute, flowSum, flowCount }: MinuteSums): LedgerState {
  if (flowCount === 0) return state;
  const value = flowSum / flowCount;
  return {
    ...state,
    meteredNlPerMin: { at: minute + minuteMs, value },
    drawing: state.drawing || value > standingNlPerMin,
  };
}

function withPoint(setup: LedgerSetup, state: LedgerState, point: Point): Stepped {
  const { pack } = setup;
  const { segment } = state;
  // With the next reading another segment begins.
  if (segment === null || statedAnew(setup, state) !== undefined)
    return { state, events: noEvents };
  const extended = extend(pack, segment, state.hours, point);
  if (extended.at !== segment.at) {
    const risen = begin(setup, state, point, 'rise', extended.before);
    return { ...risen, state: { ...risen.state, points: [point] } };
  }
  const filling = extended.start !== segment.start;
  const reach = point.at - longestWindowMs(pack.chain);
  const points = [...state.points.filter(({ at }) => at >= reach), point];
  const flow = flowAt(pack, points);
  const drawing = state.drawing || flow.state === 'steady';
  // Hours of a pack that was not yet full say nothing of rises.
  const hours = filling ? [] : state.hours;
  const next = { ...state, segment: extended, points, hours, flow, drawing };
  const events = filling ? [told(extended)] : noEvents;
  return { state: withHour(pack, next, point, extended), events };
}
