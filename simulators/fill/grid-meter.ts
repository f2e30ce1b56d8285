import { catalogue, type Frame, type Meta } from '#device/contract';
import { roofMeterSerial, withGridAtLeast } from '../world/grid.ts';
import { truthOf, type WorldSetup, type WorldState } from '../world/world.ts';
import type { Stored } from './stored.ts';

/** What a device would have read off the meter at the grid connection, and off the one of what the roof sells. */
export function gridReadings(
  asset: string,
  sold: string,
  setup: WorldSetup,
  state: WorldState,
): Frame['readings'] {
  const { powerW, importedWh, exportedWh, solarExportedWh } = truthOf(setup, state).grid;
  return {
    [`${asset}/power`]: { value: Math.round(powerW * 10) / 10 },
    [`${asset}/imported`]: { value: importedWh },
    [`${asset}/exported`]: { value: exportedWh },
    [`${sold}/exported`]: { value: solarExportedWh },
  };
}

export function gridMeta(asset: string, sold: string, serial: number): Meta['channels'] {
  const plate = { maker: 'Eastron', model: 'SDM230' };
  const kind = { sensor: 'modbus', profile: 'sdm230', ...plate };
  const meter = { ...kind, serial: String(serial) };
  const roofMeter = { ...kind, serial: String(roofMeterSerial(serial)) };
  return {
    [`${asset}/power`]: { unit: catalogue.power.unit, ...meter },
    [`${asset}/imported`]: { unit: catalogue.imported.unit, ...meter },
    [`${asset}/exported`]: { unit: catalogue.exported.unit, ...meter },
    [`${sold}/exported`]: { unit: catalogue.exported.unit, ...roofMeter },
  };
}

/** The same world whose meter at the grid connection has counted at least what was stored of it. */
export function withStoredGrid(state: WorldState, stored: Stored): WorldState {
  const { importedWh, exportedWh, soldWh } = stored;
  const grid = withGridAtLeast(
    state.grid,
    importedWh?.value ?? 0,
    exportedWh?.value ?? 0,
    soldWh?.value ?? 0,
  );
  return { ...state, grid };
}
