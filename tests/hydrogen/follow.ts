import { closeMinute, step } from '../../gateway/hydrogen/ledger/step.ts';
import {
  emptyLedger,
  type LedgerEvent,
  type LedgerSetup,
  type LedgerState,
} from '../../gateway/hydrogen/ledger/state.ts';
import type { PackGeometry } from '../../gateway/hydrogen/budget.ts';
import type { SensorChain } from '../../gateway/hydrogen/sensor-chain.ts';
import { packRun, type PackRun } from '../../simulators/runs/pack-run.ts';
import type { PackSample } from '../../simulators/runs/sample.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const startMs = Date.parse('2026-06-01T00:00:00+09:00');

/** What both sides are told: the simulator draws its errors within it, the gateway propagates it. */
export interface Classes {
  readonly classPercent: number;
  readonly coefficientPercentPer10K: number;
  readonly shuntPercent: number;
  readonly thermometer: 'pt100-a' | 'pt100-b' | 'ds18b20';
  readonly placement: 'wall' | 'ambient';
  readonly volumePercent: number;
}

export const goodClasses: Classes = {
  classPercent: 0.25,
  coefficientPercentPer10K: 0.1,
  shuntPercent: 0.1,
  thermometer: 'pt100-b',
  placement: 'wall',
  volumePercent: 0.2,
};
export const worstClasses: Classes = {
  classPercent: 0.5,
  coefficientPercentPer10K: 0.2,
  shuntPercent: 0.1,
  thermometer: 'ds18b20',
  placement: 'ambient',
  volumePercent: 1,
};

export function chainOf(classes: Classes): SensorChain {
  const { thermometer, placement, volumePercent, ...instrument } = classes;
  return {
    instrument: { kind: 'transmitter', spanMpa: 40, ...instrument },
    thermometer,
    placement,
    volumePercent,
  };
}

export function packOf(classes: Classes): PackGeometry {
  return { openCylinders: 30, cylinderLitres: 50, chain: chainOf(classes), stopReferenceC: 0 };
}

export interface Followed {
  readonly sample: PackSample;
  readonly state: LedgerState;
  readonly events: readonly LedgerEvent[];
}

/** The gateway's ledger over a run of the simulator. */
export function* follow(
  run: Omit<PackRun, 'classes'>,
  classes: Classes,
  pack: PackGeometry = packOf(classes),
): Generator<Followed, void, undefined> {
  const setup: LedgerSetup = { pack, largestDrawNlPerMin: 1000, calibratedAt: null };
  let state = emptyLedger;
  for (const sample of packRun({ ...run, classes })) {
    const stepped = step(setup, state, {
      at: sample.atMs,
      pressureMpa: sample.pressureMpa,
      temperatureC: sample.temperatureC,
      flowNlPerMin: sample.flowNlPerMin ?? null,
      drawnG: sample.drawnG ?? null,
    });
    const closed = closeMinute(setup, stepped.state, sample.atMs);
    state = closed.state;
    yield { sample, state, events: [...stepped.events, ...closed.events] };
  }
}
