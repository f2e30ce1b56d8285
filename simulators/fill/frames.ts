import { catalogue, type Frame, type FrameEvent } from '#device/contract';
import type { Loop } from '../world/instruments.ts';
import { goOn } from '../world/snapshot.ts';
import { fuelCellMeta } from './fuel-cell.ts';
import { gridMeta } from './grid-meter.ts';
import {
  markOf,
  meterEveryMs,
  packEveryMs,
  sampleFrame,
  type MeterMark,
  type Sampler,
} from './sampler.ts';
import type { StartingPoint } from './starting-point.ts';

/** A world that is sampled as it goes: `point` moves on with every frame that is taken. */
export interface Course {
  point: StartingPoint;
  /** The world when the meter was last read: the next fill goes on from that reading. */
  meterReadAt: StartingPoint | undefined;
}

/**
 * The frames a device would have sampled after the course's point and until `untilMs()`, which is asked again for each
 * frame: a fill that takes its time catches up. `seq` counts on from `firstSeq`.
 */
export function* framesUntil(
  sampler: Sampler,
  course: Course,
  untilMs: () => number,
  firstSeq: number,
): Generator<Frame> {
  let seq = firstSeq;
  let mark: MeterMark = markOf(course.point.state, course.point.fromMs);
  for (;;) {
    const at = (Math.floor(course.point.fromMs / packEveryMs) + 1) * packEveryMs;
    if (at > untilMs()) return;
    moveTo(sampler, course, at);
    const { state } = course.point;
    const meterIsDue = at % meterEveryMs === 0;
    const frame = sampleFrame(sampler, state, { seq, at }, meterIsDue ? mark : undefined);
    if (meterIsDue) {
      mark = markOf(state, at);
      course.meterReadAt = course.point;
    }
    yield seq === 1 ? { ...frame, events: [metaEvent(sampler)] } : frame;
    seq += 1;
  }
}

/** Moves a course on to a wall time without sampling. */
export function moveTo(sampler: Sampler, course: Course, atMs: number): void {
  const { fromMs, state } = course.point;
  const snapshot = { wallMs: fromMs, speed: 1, state };
  course.point = { fromMs: atMs, state: goOn(sampler.setup, snapshot, atMs, 1) };
}

/** What the channels are, dated like every change of `meta` (design.md, wire contract). */
function metaEvent(sampler: Sampler): FrameEvent {
  const { instruments, setup, pack, meter, fuelCell, gridMeter, soldMeter } = sampler;
  const about = ({ converter, transmitter }: Loop) => ({
    sensor: 'current-loop',
    shuntOhm: converter.shuntOhm,
    range: [transmitter.low, transmitter.high],
  });
  const pulses = { sensor: 'pulses', pulsesPerKwh: String(setup.pulsesPerKwh) };
  return {
    kind: 'meta',
    channels: {
      [`${pack}/pressure`]: {
        unit: catalogue.pressure.unit,
        ...about(instruments.pressure),
      },
      [`${pack}/temperature`]: {
        unit: catalogue.temperature.unit,
        ...about(instruments.temperature),
        placement: instruments.placement,
      },
      [`${meter}/generated`]: { unit: catalogue.generated.unit, ...pulses },
      [`${meter}/power`]: { unit: catalogue.power.unit, ...pulses },
      ...fuelCellMeta(fuelCell.id, fuelCell.serial),
      ...gridMeta(gridMeter.id, soldMeter, gridMeter.serial),
    },
  };
}
