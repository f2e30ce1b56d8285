import { firstWorld, worldSetup, type Scenario } from '../scenarios/scenario.ts';
import { goOn, type Snapshot } from '../world/snapshot.ts';
import { displayWh, holdPack, releasePack, withDisplay, type WorldState } from '../world/world.ts';
import { withStoredFuelCell } from './fuel-cell.ts';
import { withStoredGrid } from './grid-meter.ts';
import { farthestBackMs, type Stored } from './stored.ts';

/** The world from which the fill goes on: `state` is so at the wall time `fromMs`. */
export interface StartingPoint {
  readonly fromMs: number;
  readonly state: WorldState;
}

const firstFillMs = 24 * 3_600_000;

/**
 * Where a fill begins, so that nothing jumps.
 *
 * - Nothing stored: 24 hours ago, with the newest world that was written down, or the scenario's first one.
 * - Otherwise at the last stored reading, or at the last world that was written down after it: what the device measured
 *   in between is for the device to deliver.
 * - The register goes on from the last stored one by what the world generated since.
 * - The counters of the fuel cell and at the grid connection go on from the world, and never below what was stored of them.
 * - No world written down: the pack is taken up as its gauge and thermometer last showed it.
 */
export function startingPoint(
  scenario: Scenario,
  snapshots: readonly Snapshot[],
  stored: Stored,
  nowMs: number,
): StartingPoint {
  const newest = snapshots.at(-1);
  const storedAtMs = Math.max(...Object.values(stored).map((last) => last?.at ?? 0));
  if (storedAtMs === 0) {
    const fromMs = nowMs - firstFillMs;
    return { fromMs, state: newest?.state ?? firstWorld(scenario, fromMs) };
  }
  const setup = worldSetup(scenario);
  const earliestMs = Math.max(storedAtMs, nowMs - farthestBackMs);
  if (newest === undefined)
    return {
      fromMs: earliestMs,
      state: withStoredCounters(asLastSeen(scenario, stored, earliestMs), stored),
    };
  const fromMs = Math.max(earliestMs, newest.wallMs);
  const state = goOn(setup, newest, fromMs, 1);
  const goingOn = continued(scenario, state, snapshots, stored);
  return { fromMs, state: withStoredCounters(goingOn, stored) };
}

function withStoredCounters(state: WorldState, stored: Stored): WorldState {
  return withStoredGrid(withStoredFuelCell(state, stored), stored);
}

function asLastSeen(
  scenario: Scenario,
  { pressure, temperature, register }: Stored,
  atMs: number,
): WorldState {
  const state = withDisplay(
    firstWorld(scenario, atMs),
    register?.value ?? scenario.meter.displayWh,
  );
  if (pressure === undefined || temperature === undefined || pressure.value <= 0) return state;
  return releasePack(holdPack(worldSetup(scenario), state, pressure.value, temperature.value));
}

/** Sets the meter to the stored register and what it generated since that was read. */
function continued(
  scenario: Scenario,
  state: WorldState,
  snapshots: readonly Snapshot[],
  { register }: Stored,
): WorldState {
  if (register === undefined) return state;
  const base = snapshots.findLast(({ wallMs }) => wallMs <= register.at);
  // No world is as old as that reading: the meter's own display never falls below it.
  if (base === undefined) return withDisplay(state, Math.max(register.value, displayWh(state)));
  const atRegister = goOn(worldSetup(scenario), base, register.at, base.speed);
  const since = Math.max(0, displayWh(state) - displayWh(atRegister));
  return withDisplay(state, register.value + since);
}
