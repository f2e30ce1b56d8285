import type { Pack } from '#gateway/contract';
import { combined, type Shown, shownFigure } from './standing.ts';

type PaceState = Pack['consumption']['state'];
/** What is said in place of a number. */
export type NumberlessState = Exclude<PaceState, 'steady' | 'metered'>;

/** How fast a pack is drawn from: a number where `numberless` is undefined. */
export interface ShownPace extends Shown {
  readonly state: PaceState;
  readonly numberless: NumberlessState | undefined;
  readonly uncertaintyKgPerHour: number | null;
  readonly windowMinutes: number | null;
}

/** When the stop pressure is reached if the pace goes on; hours are counted from the gateway's present. */
export interface ShownStop extends Shown {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly lowHours: number;
  readonly highHours: number;
  readonly kgPerHour: number;
  readonly basisHours: number;
}

export interface Outlook {
  readonly pace: ShownPace;
  readonly stop: ShownStop | undefined;
}

const hourMs = 3_600_000;

/** `heard`: the gateway is heard now; otherwise the last outlook is old. */
export function viewOutlook(pack: Pack, heard: boolean, gatewayNowMs: number): Outlook {
  const basis = combined(pack, pack.temperature);
  const { state, kgPerHour, expandedUncertaintyKgPerHour, windowMinutes } = pack.consumption;
  const shown = shownFigure(basis, kgPerHour, heard);
  const numberless = numberlessState(state, shown.value);
  const pace: ShownPace = {
    ...shown,
    state: numberless ?? state,
    numberless,
    value: numberless === undefined ? shown.value : null,
    uncertaintyKgPerHour: expandedUncertaintyKgPerHour,
    windowMinutes,
  };
  return { pace, stop: stopOf(pack, basis, heard, gatewayNowMs) };
}

/** A number that was sent but may not be believed is not known, whatever its state is called. */
function numberlessState(state: PaceState, believed: number | null): NumberlessState | undefined {
  if (state !== 'steady' && state !== 'metered') return state;
  return believed === null ? 'unknown' : undefined;
}

/** The clock time stays as it was computed; the hours to it shrink while the page waits for a newer picture. */
function stopOf(
  { timeToStopHours, measuredAt }: Pack,
  basis: ReturnType<typeof combined>,
  heard: boolean,
  gatewayNowMs: number,
): ShownStop | undefined {
  if (timeToStopHours === null || measuredAt === null) return undefined;
  const { estimate, low, high, kgPerHour, basisHours } = timeToStopHours;
  const since = Math.max(0, (gatewayNowMs - measuredAt) / hourMs);
  const left = (hours: number): number => Math.max(0, hours - since);
  const shown = shownFigure(basis, left(estimate), heard);
  if (shown.value === null) return undefined;
  const range = { lowHours: left(low), highHours: left(high) };
  return { ...shown, ...range, atMs: measuredAt + estimate * hourMs, kgPerHour, basisHours };
}
