/** The household's connection to the grid. Whole millijoules, so that any split of time makes the same sums. */
export interface GridState {
  /** Above 0 it takes, below it gives. */
  readonly milliwatts: number;
  readonly importedMillijoules: number;
  readonly exportedMillijoules: number;
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
}

const millijoulesPerWh = 3_600_000;

export function newGrid({ startsAtImportedWh, startsAtExportedWh }: GridSetup): GridState {
  return {
    milliwatts: 0,
    importedMillijoules: startsAtImportedWh * millijoulesPerWh,
    exportedMillijoules: startsAtExportedWh * millijoulesPerWh,
  };
}

/** One second: what the household takes and does not generate itself comes from the grid, what is over goes there. */
export function stepGrid(
  state: GridState,
  takenMilliwatts: number,
  generatedMilliwatts: number,
): GridState {
  const milliwatts = takenMilliwatts - generatedMilliwatts;
  return {
    milliwatts,
    importedMillijoules: state.importedMillijoules + Math.max(0, milliwatts),
    exportedMillijoules: state.exportedMillijoules + Math.max(0, -milliwatts),
  };
}

export function gridMeters(state: GridState): GridMeters {
  return {
    powerW: state.milliwatts / 1_000,
    importedWh: Math.floor(state.importedMillijoules / millijoulesPerWh),
    exportedWh: Math.floor(state.exportedMillijoules / millijoulesPerWh),
  };
}

/** The same connection with registers that stand at least there: what was once read is not taken back. */
export function withGridAtLeast(
  state: GridState,
  importedWh: number,
  exportedWh: number,
): GridState {
  return {
    ...state,
    importedMillijoules: Math.max(state.importedMillijoules, importedWh * millijoulesPerWh),
    exportedMillijoules: Math.max(state.exportedMillijoules, exportedWh * millijoulesPerWh),
  };
}
