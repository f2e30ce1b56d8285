import type { Why } from '#device/contract';
import type { LoopName } from '../faults/faults.ts';
import { loopCounts, measured } from '../world/instruments.ts';
import { gaugePressureMpa, kgPerNormalCubicMetre, openVolumeM3, usableKg } from '../world/pack.ts';
import { tapPressureMpa, type TapState } from '../world/tap.ts';
import { drawNlPerMin, loopCarries, type Bench, type Course } from './course.ts';

/** What is so, whatever any instrument says. Pressures are gauge. */
export interface PackTruth {
  /** In the open cylinders, and in those whose valves are closed. */
  readonly hydrogenKg: number;
  readonly closedKg: number;
  /** What the open cylinders hold above 1 MPa at the present gas temperature. */
  readonly usableKg: number;
  /** True inner volume of the open cylinders. */
  readonly volumeM3: number;
  readonly gasC: number;
  readonly wallC: number;
  /** In the open cylinders, and before the transmitter. */
  readonly pressureMpa: number;
  readonly tapMpa: number;
  readonly line: TapState['line'];
  /** Since the run began: what the process took, what left unmetered, and how often the pack was exchanged. */
  readonly drawnKg: number;
  readonly lostKg: number;
  readonly exchanges: number;
  /** What the process takes now. */
  readonly flowKgPerHour: number;
}

/** What a device would have sent, as its own conversion reads it, beside the truth. */
export interface PackSample {
  readonly atMs: number;
  /** null where the loop says that it has no value, with the device's reason. */
  readonly pressureMpa: number | null;
  readonly temperatureC: number | null;
  readonly whyPressure?: Why;
  readonly whyTemperature?: Why;
  /** Counts of the converter. */
  readonly rawPressure: number;
  /** Only where there is a flow meter: what it shows, and its register. */
  readonly flowNlPerMin?: number;
  readonly drawnG?: number;
  readonly truth: PackTruth;
}

/** `meterRatio` is what a flow meter shows over what flows; undefined where there is none. */
export function sampleOf(bench: Bench, course: Course, meterRatio: number | undefined): PackSample {
  const rawPressure = countsOf(bench, course, 'pressure');
  const pressure = measured(bench.instruments.pressure, rawPressure);
  const rawTemperature = countsOf(bench, course, 'temperature');
  const temperature = measured(bench.instruments.temperature, rawTemperature);
  return {
    atMs: course.atMs,
    pressureMpa: pressure.value,
    temperatureC: temperature.value,
    ...(pressure.quality !== 'good' && { whyPressure: pressure.why }),
    ...(temperature.quality !== 'good' && { whyTemperature: temperature.why }),
    rawPressure,
    ...(meterRatio !== undefined && {
      flowNlPerMin: drawNlPerMin(bench, course) * meterRatio,
      drawnG: Math.floor(course.rig.pack.drawnKg * 1000 * meterRatio),
    }),
    truth: truthOf(bench, course),
  };
}

function countsOf(bench: Bench, course: Course, loop: LoopName): number {
  return loopCounts(bench.instruments[loop], loopCarries(bench, course, loop));
}

function truthOf(bench: Bench, course: Course): PackTruth {
  const { cylinders } = bench;
  const { pack, tap } = course.rig;
  return {
    hydrogenKg: pack.hydrogenKg,
    closedKg: pack.closedKg,
    usableKg: usableKg(cylinders, pack),
    volumeM3: openVolumeM3(cylinders, pack),
    gasC: pack.gasC,
    wallC: pack.wallC,
    pressureMpa: gaugePressureMpa(cylinders, pack),
    tapMpa: tapPressureMpa(cylinders, pack, tap, course.atMs),
    line: tap.line,
    drawnKg: pack.drawnKg,
    lostKg: pack.lostKg,
    exchanges: pack.exchanges,
    flowKgPerHour: drawNlPerMin(bench, course) * 0.06 * kgPerNormalCubicMetre,
  };
}
