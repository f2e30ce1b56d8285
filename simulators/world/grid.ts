/** The household's connection to the grid. Whole millijoules, so that any split of time makes the same sums. */
export interface GridState {
  /** Above 0 it takes, below it gives. */
  readonly milliwatts: number;
  readonly importedMillijoules: number;
  readonly exportedMillijoules: number;
  /** What of it came from the roof: the fuel cell's power is used at home first. */
  readonly solarExportedMillijoules: number;
}

/** What its meter shows in a new world. */
export interface GridSetup {
  readonly startsAtImportedWh: number;
  readonly startsAtExportedWh: number;
}

export interface GridMeters {
  readonly powerW: number;
  readonly importedWh: number;
  readonly exportedWh: number;
  /** Of the roof's own meter of what is sold; it was new with the world. */
  readonly solarExportedWh: number;
}

const millijoulesPerWh = 3_600_000;

export function newGrid({ startsAtImportedWh, startsAtExportedWh }: GridSetup): GridState {
  return {
    milliwatts: 0,
    importedMillijoules: startsAtImportedWh * millijoulesPerWh,
    exportedMillijoules: startsAtExportedWh * millijoulesPerWh,
    solarExportedMillijoules: 0,
  };
}

/** One second: what the household takes and does not generate itself comes from the grid, what is over goes there. */
export function stepGrid(
  state: GridState,
  takenMilliwatts: number,
  fromSunMilliwatts: number,
  fromFuelCellMilliwatts = 0,
): GridState {
  const milliwatts = takenMilliwatts - fromSunMilliwatts - fromFuelCellMilliwatts;
  const exported = Math.max(0, -milliwatts);
  return {
    milliwatts,
    importedMillijoules: state.importedMillijoules + Math.max(0, milliwatts),
    exportedMillijoules: state.exportedMillijoules + exported,
    solarExportedMillijoules:
      state.solarExportedMillijoules + Math.min(fromSunMilliwatts, exported),
  };
}

export function gridMeters(state: GridState): GridMeters {
  return {
    powerW: state.milliwatts / 1_000,
    importedWh: Math.floor(state.importedMillijoules / millijoulesPerWh),
    exportedWh: Math.floor(state.exportedMillijoules / millijoulesPerWh),
    solarExportedWh: Math.floor(state.solarExportedMillijoules / millijoulesPerWh),
  };
}

/** The same connection with registers that stand at least there: what was once read is not taken back. */
export function withGridAtLeast(
  state: GridState,
  importedWh: number,
  exportedWh: number,
  solarExportedWh = 0,
): GridState {
  return {
    ...state,
    importedMillijoules: Math.max(state.importedMillijoules, importedWh * millijoulesPerWh),
    exportedMillijoules: Math.max(state.exportedMillijoules, exportedWh * millijoulesPerWh),
    solarExportedMillijoules: Math.max(
      state.solarExportedMillijoules,
      solarExportedWh * millijoulesPerWh,
    ),
  };
}

/** The two meters were fitted on one day, out of one box. */
export function roofMeterSerial(gridMeterSerial: number): number {
  return gridMeterSerial + 1;
}
