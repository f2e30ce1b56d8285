import { catalogue, type Frame, type Meta } from '#device/contract';
import { withGridAtLeast } from '../world/grid.ts';
import { truthOf, type WorldSetup, type WorldState } from '../world/world.ts';
import type { Stored } from './stored.ts';

/** What a device would have read off the meter at the grid connection. */
export function gridReadings(
  asset: string,
  setup: WorldSetup,
  state: WorldState,
): Frame['readings'] {
  const { powerW, importedWh, exportedWh } = truthOf(setup, state).grid;
  return {
    [`${asset}/power`]: { value: Math.round(powerW * 10) / 10 },
    [`${asset}/imported`]: { value: importedWh },
    [`${asset}/exported`]: { value: exportedWh },
  };
}

export function gridMeta(asset: string, serial: number): Meta['channels'] {
  const plate = { maker: 'Eastron', model: 'SDM230', serial: String(serial) };
  const meter = { sensor: 'modbus', profile: 'sdm230', ...plate };
  return {
    [`${asset}/power`]: { unit: catalogue.power.unit, ...meter },
    [`${asset}/imported`]: { unit: catalogue.imported.unit, ...meter },
    [`${asset}/exported`]: { unit: catalogue.exported.unit, ...meter },
  };
}

/** The same world whose meter at the grid connection has counted at least what was stored of it. */
export function withStoredGrid(state: WorldState, stored: Stored): WorldState {
  const { importedWh, exportedWh } = stored;
  const grid = withGridAtLeast(state.grid, importedWh?.value ?? 0, exportedWh?.value ?? 0);
  return { ...state, grid };
}
