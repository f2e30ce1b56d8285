import { createBoard, type Board } from '../board/board.ts';
import type { Wiring } from '../board/wiring.ts';
import {
  noFaults,
  throughLoop,
  withFault,
  type FaultCommand,
  type Faults,
} from '../faults/faults.ts';
import type { Loops } from '../scenarios/scenario.ts';
import { loopMilliamps, shuntVolts } from '../world/transmitter.ts';
import {
  addPulses,
  gaugeMpaOf,
  holdPack,
  pulsesOf,
  releasePack,
  stepWorld,
  truthOf,
  type Truth,
  type WorldSetup,
  type WorldState,
} from '../world/world.ts';
import { createS0Output } from './s0-output.ts';

export interface PlantOptions {
  readonly setup: WorldSetup;
  readonly loops: Loops;
  readonly state: WorldState;
  /** World milliseconds per simulated board millisecond. Scales physics only, never clocks or firmware. */
  readonly speed: number;
  /** Digital pin that the meter's S0 output pulls low. */
  readonly pulsePin: number;
  /** Flash image of the board. */
  readonly firmware: Uint8Array;
}

interface PlantReport extends Truth {
  readonly faults: Faults;
  readonly packHeld: boolean;
  /** Pulses that left the S0 output, on the same count as `pulses`, and those still to leave. */
  readonly pulsesEmitted: number;
  readonly pulsesPending: number;
}

/** A world, its instruments and the board they are wired to, on the board's virtual clock. */
export interface Plant {
  readonly board: Board;
  state(): WorldState;
  report(): PlantReport;
  fault(command: FaultCommand): void;
  /** Holds the pack with its gauge at this pressure (MPa) or temperature (degC), and the other as it is. */
  hold(what: 'pressure' | 'temperature', value: number): void;
  release(): void;
  /** Makes the meter owe so many pulses more; answers the count at which they have all left. */
  owePulses(count: number): number;
}

export function createPlant(options: PlantOptions): Plant {
  const { setup, loops, speed, pulsePin } = options;
  const s0 = createS0Output(pulsesOf(setup, options.state.generatedMillijoules));
  let { state } = options;
  let faults = noFaults;
  let boardMs = 0;
  let worldMs = 0;

  const moveWorld = (): void => {
    boardMs += 1;
    const dueMs = Math.floor(boardMs * speed);
    state = stepWorld(setup, state, dueMs - worldMs);
    worldMs = dueMs;
  };

  const wiring: Wiring = {
    step() {
      moveWorld();
      s0.step(pulsesOf(setup, state.generatedMillijoules));
    },
    inputVolts(pin) {
      if (pin > 1) return 0;
      const loop = pin === 0 ? 'pressure' : 'temperature';
      const value = pin === 0 ? gaugeMpaOf(setup, state) : state.pack.wallC;
      const driven = loopMilliamps(loops[loop], value, boardMs);
      return shuntVolts(throughLoop(faults.loops[loop], driven), loops.shuntOhm);
    },
    adcPresent: () => faults.adcPresent,
    pinLevel: (pin) => (pin === pulsePin ? s0.level() : undefined),
  };

  return {
    board: createBoard({ firmware: options.firmware, wiring }),
    state: () => state,
    report() {
      const truth = truthOf(setup, state);
      return {
        ...truth,
        faults,
        packHeld: state.packHeld,
        pulsesEmitted: s0.emitted,
        pulsesPending: truth.pulses - s0.emitted,
      };
    },
    fault(command) {
      faults = withFault(faults, command);
    },
    hold(what, value) {
      const { pressureMpa, gasC } = truthOf(setup, state);
      state =
        what === 'pressure'
          ? holdPack(setup, state, value, gasC)
          : holdPack(setup, state, pressureMpa, value);
    },
    release() {
      state = releasePack(state);
    },
    owePulses(count) {
      state = addPulses(setup, state, count);
      return pulsesOf(setup, state.generatedMillijoules);
    },
  };
}
