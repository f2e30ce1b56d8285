import { catalogue, type Frame, type Meta } from '#device/contract';
import { withFuelCellAtLeast } from '../world/fuel-cell.ts';
import { truthOf, type WorldSetup, type WorldState } from '../world/world.ts';
import type { Stored } from './stored.ts';

/** Every register of an ECHONET Lite fuel cell wraps there. */
const wrapAt = 1_000_000_000;

/** What a device would have read off the fuel cell's node. */
export function fuelCellReadings(
  asset: string,
  setup: WorldSetup,
  state: WorldState,
): Frame['readings'] {
  const { powerW, generatedWh, gasDm3 } = truthOf(setup, state).fuelCell;
  return {
    [`${asset}/power`]: { value: powerW },
    [`${asset}/generated`]: { value: generatedWh % wrapAt, raw: generatedWh % wrapAt },
    [`${asset}/gas`]: { value: gasDm3 % wrapAt, raw: gasDm3 % wrapAt },
  };
}

export function fuelCellMeta(asset: string, serial: string): Meta['channels'] {
  const node = { sensor: 'echonet', object: 'fuel-cell', instance: 1, serial };
  return {
    [`${asset}/power`]: { unit: catalogue.power.unit, ...node },
    [`${asset}/generated`]: { unit: catalogue.generated.unit, ...node, wrapAt },
    [`${asset}/gas`]: { unit: catalogue.gas.unit, ...node, wrapAt },
  };
}

/** The same world whose fuel cell has counted at least what was stored of it: a register that was read stays read. */
export function withStoredFuelCell(state: WorldState, stored: Stored): WorldState {
  const { fuelCellWh, fuelCellGas } = stored;
  const fuelCell = withFuelCellAtLeast(
    state.fuelCell,
    fuelCellWh?.value ?? 0,
    fuelCellGas?.value ?? 0,
  );
  return { ...state, fuelCell };
}
