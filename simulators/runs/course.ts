import { noFaults, throughLoop, withFault, type Faults, type LoopName } from '../faults/faults.ts';
import type { Instruments } from '../world/instruments.ts';
import { gaugePressureMpa, stepPack, type Cylinders, type PackState } from '../world/pack.ts';
import { act, type Rig } from '../world/rig.ts';
import { openTap, tapPressureMpa } from '../world/tap.ts';
import { shownC } from '../world/thermometer.ts';
import { loopMilliamps } from '../world/transmitter.ts';
import { weatherAt, type Climate, type Weather } from '../world/weather.ts';
import { drawAt, nextDrawChangeMs, type Draw } from './draws.ts';
import type { Happening, Timed } from './planted.ts';

/** What a run does not change. `weather` may be asked for any time. */
export interface Bench {
  readonly cylinders: Cylinders;
  readonly weather: (atMs: number) => Weather;
  readonly instruments: Instruments;
  readonly draws: readonly Draw[];
  readonly timetable: readonly Timed[];
}

/** A run at an instant. */
export interface Course {
  readonly atMs: number;
  readonly rig: Rig;
  readonly faults: Faults;
  readonly sampling: boolean;
  /** How many entries of the timetable have happened. */
  readonly happened: number;
}

/** The run at its beginning: what happens at that very instant, or before it, has happened. */
export function begin(bench: Bench, pack: PackState, atMs: number): Course {
  const rig = { pack, tap: openTap };
  return happen(bench, { atMs, rig, faults: noFaults, sampling: true, happened: 0 });
}

/** Moves a run on. Between two instants at which something changes, everything but the minute's weather is constant. */
export function advance(bench: Bench, from: Course, untilMs: number): Course {
  let course = from;
  while (course.atMs < untilMs) {
    const { atMs, rig, happened } = course;
    const toMs = Math.min(
      untilMs,
      (Math.floor(atMs / minuteMs) + 1) * minuteMs,
      nextDrawChangeMs(bench.draws, atMs),
      bench.timetable[happened]?.atMs ?? Infinity,
    );
    const nlPerMin = drawNlPerMin(bench, course);
    const weather = bench.weather(atMs);
    const pack = stepPack(bench.cylinders, rig.pack, weather, nlPerMin, (toMs - atMs) / 1000);
    course = happen(bench, { ...course, atMs: toMs, rig: { ...rig, pack } });
  }
  return course;
}

/** NL/min that the process takes now: nothing while the line is isolated, or from a pack that is down to the air. */
export function drawNlPerMin({ draws, cylinders }: Bench, { rig, atMs }: Course): number {
  const nlPerMin = rig.tap.line === 'open' ? drawAt(draws, atMs) : 0;
  return nlPerMin > 0 && gaugePressureMpa(cylinders, rig.pack) < emptyMpa ? 0 : nlPerMin;
}

/** Below it nothing flows that a meter would see. */
const emptyMpa = 0.005;

/** What arrives at a loop's shunt. */
export function loopCarries(bench: Bench, course: Course, loop: LoopName): number {
  const { rig, atMs, faults } = course;
  const { pack, tap } = rig;
  const value =
    loop === 'pressure'
      ? tapPressureMpa(bench.cylinders, pack, tap, atMs)
      : shownC(bench.instruments.thermometer, pack, atMs);
  const driven = loopMilliamps(bench.instruments[loop].transmitter, value, pack.wallC, atMs);
  return throughLoop(faults.loops[loop], driven);
}

const minuteMs = 60_000;

/** The weather in the middle of each minute, for all of it: a step of a minute and sixty of a second see the same. */
export function minuteWeather(climate: Climate): (atMs: number) => Weather {
  let known = { minute: Number.NaN, weather: weatherAt(climate, 0) };
  return (atMs) => {
    const minute = Math.floor(atMs / minuteMs);
    if (minute !== known.minute)
      known = { minute, weather: weatherAt(climate, (minute + 0.5) * minuteMs) };
    return known.weather;
  };
}

/** Everything of the timetable that is due. */
function happen(bench: Bench, from: Course): Course {
  let course = from;
  for (;;) {
    const due = bench.timetable[course.happened];
    if (due === undefined || due.atMs > course.atMs) return course;
    course = { ...changed(bench, course, due.happening), happened: course.happened + 1 };
  }
}

function changed(bench: Bench, course: Course, happening: Happening): Course {
  const { atMs, rig, faults } = course;
  switch (happening.kind) {
    case 'sampling':
      return { ...course, sampling: happening.on };
    case 'stick': {
      const { loop } = happening;
      const state = { stuckAtMilliamps: loopCarries(bench, course, loop) };
      return { ...course, faults: withFault(faults, { kind: 'loop', loop, state }) };
    }
    case 'loop':
      return { ...course, faults: withFault(faults, happening) };
    case 'rig': {
      const { ambientC } = bench.weather(atMs);
      return {
        ...course,
        rig: act(bench.cylinders, rig, happening.action, { atMs, ambientC }),
      };
    }
  }
}
