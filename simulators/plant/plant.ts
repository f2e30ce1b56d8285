import { createBoard, type Board } from '../board/board.ts';
import type { Wiring } from '../board/wiring.ts';
import {
  noFaults,
  throughLoop,
  withFault,
  type FaultCommand,
  type Faults,
  type LoopName,
} from '../faults/faults.ts';
import { inputVolts } from '../world/converter.ts';
import type { Instruments } from '../world/instruments.ts';
import type { RigAction } from '../world/rig.ts';
import { shownC } from '../world/thermometer.ts';
import { loopMilliamps } from '../world/transmitter.ts';
import {
  actOnPack,
  addPulses,
  exchangePack,
  holdPack,
  pulsesOf,
  releasePack,
  stepWorld,
  tapMpaOf,
  truthOf,
  type Truth,
  type WorldSetup,
  type WorldState,
} from '../world/world.ts';
import { createS0Output } from './s0-output.ts';

export interface PlantOptions {
  readonly setup: WorldSetup;
  readonly instruments: Instruments;
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
  /** What the pack's thermometer shows, degC, without noise. */
  readonly thermometerC: number;
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
  /** A transmitter goes on driving what it drives now, until its loop is mended. */
  stick(loop: LoopName): void;
  /** Throws a RangeError for what cannot be done to this pack. */
  act(action: RigAction): void;
  /** Brings another pack, one that shows this pressure (MPa gauge) at the present air. */
  exchange(pressureMpa: number): void;
  /** Holds the pack with its gauge at this pressure (MPa) or temperature (degC), and the other as it is. */
  hold(what: 'pressure' | 'temperature', value: number): void;
  release(): void;
  /** Makes the meter owe so many pulses more; answers the count at which they have all left. */
  owePulses(count: number): number;
}

export function createPlant(options: PlantOptions): Plant {
  const { setup, instruments, speed, pulsePin } = options;
  const s0 = createS0Output(pulsesOf(setup, options.state.generatedMillijoules));
  let { state } = options;
  let faults = noFaults;
  let boardMs = 0;
  let worldMs = 0;

  const carried = (loop: LoopName): number =>
    throughLoop(faults.loops[loop], drivenMilliamps(options, state, loop, boardMs));

  const wiring: Wiring = {
    step() {
      boardMs += 1;
      const dueMs = Math.floor(boardMs * speed);
      state = stepWorld(setup, state, dueMs - worldMs);
      worldMs = dueMs;
      s0.step(pulsesOf(setup, state.generatedMillijoules));
    },
    inputVolts(pin) {
      if (pin > 1) return 0;
      const loop = pin === 0 ? 'pressure' : 'temperature';
      return inputVolts(instruments[loop].converter, carried(loop));
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
        thermometerC: thermometerC(options, state),
        pulsesEmitted: s0.emitted,
        pulsesPending: truth.pulses - s0.emitted,
      };
    },
    fault(command) {
      faults = withFault(faults, command);
    },
    stick(loop) {
      const stuck = { stuckAtMilliamps: carried(loop) };
      faults = withFault(faults, { kind: 'loop', loop, state: stuck });
    },
    act(action) {
      state = actOnPack(setup, state, action);
    },
    exchange(pressureMpa) {
      state = exchangePack(setup, state, pressureMpa);
    },
    hold(what, value) {
      const { pressureMpa, gasC } = truthOf(setup, state);
      const [mpa, celsius] = what === 'pressure' ? [value, gasC] : [pressureMpa, value];
      state = holdPack(setup, state, mpa, celsius);
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

type Measured = Pick<PlantOptions, 'setup' | 'instruments'>;

/** What a transmitter drives into its loop: that of the pressure sits at the tap, at the temperature of the wall. */
function drivenMilliamps(
  plant: Measured,
  state: WorldState,
  name: LoopName,
  boardMs: number,
): number {
  const { transmitter } = plant.instruments[name];
  const value = name === 'pressure' ? tapMpaOf(plant.setup, state) : thermometerC(plant, state);
  return loopMilliamps(transmitter, value, state.pack.wallC, boardMs);
}

function thermometerC({ instruments }: Measured, { pack, worldMs }: WorldState): number {
  return shownC(instruments.thermometer, pack, worldMs);
}
