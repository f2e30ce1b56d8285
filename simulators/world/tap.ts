import { absolutePressureMpa, atmosphereMpa, densityKgM3 } from './leachman.ts';
import { gaugePressureMpa, type Cylinders, type PackState } from './pack.ts';

/**
 * Where the transmitter sits, as data: on a line behind the pack's stop valve, with a root valve of its own. Open and
 * open, it shows the pack.
 */
export interface TapState {
  /** A vented line is shut off from the pack and open to the air: nothing can be drawn. */
  readonly line: 'open' | 'vented';
  /** When the line was last turned, and what was in it then: it takes seconds to follow. */
  readonly turnedAtMs: number;
  readonly turnedAtMpa: number;
  /** Density of the gas that a closed root valve holds before the transmitter; null while that valve is open. */
  readonly trappedKgM3: number | null;
}

export const openTap: TapState = {
  line: 'open',
  turnedAtMs: 0,
  turnedAtMpa: 0,
  trappedKgM3: null,
};

/** A short line empties and fills with this time constant: 20 MPa are below 0.02 MPa after 14 s. */
const lineSeconds = 2;

/** Gauge pressure in MPa before the transmitter. Trapped gas has the temperature of the wall beside it. */
export function tapPressureMpa(
  setup: Cylinders,
  pack: PackState,
  tap: TapState,
  atMs: number,
): number {
  if (tap.trappedKgM3 === null) return linePressureMpa(setup, pack, tap, atMs);
  return absolutePressureMpa(tap.trappedKgM3, pack.wallC + 273.15) - atmosphereMpa;
}

function linePressureMpa(setup: Cylinders, pack: PackState, tap: TapState, atMs: number): number {
  const towardsMpa = tap.line === 'vented' ? 0 : gaugePressureMpa(setup, pack);
  const rest = Math.exp((tap.turnedAtMs - atMs) / (1000 * lineSeconds));
  return towardsMpa + (tap.turnedAtMpa - towardsMpa) * rest;
}

/** Turns the line's valve; one that stands there already stays as it is. */
export function turnLine(
  setup: Cylinders,
  pack: PackState,
  tap: TapState,
  line: TapState['line'],
  atMs: number,
): TapState {
  if (tap.line === line) return tap;
  return { ...tap, line, turnedAtMs: atMs, turnedAtMpa: linePressureMpa(setup, pack, tap, atMs) };
}

/** Closes the root valve on what the transmitter feels now. */
export function closeRoot(
  setup: Cylinders,
  pack: PackState,
  tap: TapState,
  atMs: number,
): TapState {
  if (tap.trappedKgM3 !== null) return tap;
  const lineMpa = linePressureMpa(setup, pack, tap, atMs);
  return { ...tap, trappedKgM3: densityKgM3(lineMpa + atmosphereMpa, pack.wallC + 273.15) };
}

export function openRoot(tap: TapState): TapState {
  return { ...tap, trappedKgM3: null };
}
