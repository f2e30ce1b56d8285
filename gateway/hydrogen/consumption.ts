import type { PackGeometry } from './budget.ts';
import type { FlowState, Point } from './flow.ts';
import { kgPerNormalCubicMetre } from './inventory.ts';
import { drawn, meteredAmount, type Amount } from './ledger/drawn.ts';
import type { LedgerState } from './ledger/state.ts';
import { timeToStop, type TimeToStop } from './time-to-stop.ts';

/** Consumption as shown; numbers only where they are known well enough. */
export interface Consumption {
  readonly state: FlowState | 'metered';
  readonly kgPerHour: number | null;
  /** k = 2. */
  readonly expandedUncertaintyKgPerHour: number | null;
  readonly windowMinutes: number | null;
}

/** A flow meter in the line: its class as half-width, percent of the reading. */
export interface FlowMeter {
  readonly classPercent: number;
}

/** A flow meter's minute, or the pack's newest mass, counts for so long. */
const countsForMs = 3 * 60_000;

export function kgPerHourOf(nlPerMin: number): number {
  return (nlPerMin / 1000) * 60 * kgPerNormalCubicMetre;
}

/** The flow meter's word where there is one; otherwise the slope of the mass. */
export function consumptionOf(meter: FlowMeter | undefined, state: LedgerState): Consumption {
  const { flow, meteredNlPerMin, at, isolation } = state;
  if (isolation !== null) return noNumber('unknown');
  if (meter !== undefined && meteredNlPerMin !== null && at - meteredNlPerMin.at < countsForMs) {
    const kgPerHour = kgPerHourOf(meteredNlPerMin.value);
    const u = (kgPerHour * meter.classPercent) / 100 / Math.sqrt(3);
    const expandedUncertaintyKgPerHour = 2 * u;
    return { state: 'metered', kgPerHour, expandedUncertaintyKgPerHour, windowMinutes: 1 };
  }
  if (!massIsCurrent(state)) return noNumber('unknown');
  if (flow.state !== 'steady') return noNumber(flow.state);
  return {
    state: 'steady',
    kgPerHour: flow.kgPerHour,
    expandedUncertaintyKgPerHour: 2 * flow.uncertaintyKgPerHour,
    windowMinutes: Math.round(flow.windowMs / 60_000),
  };
}

/** A pack whose thermometer fell silent still has a pressure, but no mass: its last flow must not go on for ever. */
function massIsCurrent({ minute, points, at }: LedgerState): boolean {
  if (minute !== null && minute.count > 0) return true;
  const newest = points.at(-1);
  return newest !== undefined && at - newest.at < countsForMs;
}

function noNumber(state: FlowState): Consumption {
  return { state, kgPerHour: null, expandedUncertaintyKgPerHour: null, windowMinutes: null };
}

/** Drawn in the running segment: what a meter counted where there is one, else the fall of the mass. */
export function drawnInSegment(
  pack: PackGeometry,
  meter: FlowMeter | undefined,
  { segment }: LedgerState,
): Amount | null {
  if (segment === null) return null;
  if (meter !== undefined && segment.meteredG !== null)
    return meteredAmount(segment.meteredG, meter.classPercent);
  return drawn([{ pack, from: segment.start, to: segment.last }]);
}

/** Hours to the stop pressure from the newest point; null while isolated or where nothing is drawn. */
export function timeToStopOf(
  pack: PackGeometry,
  meter: FlowMeter | undefined,
  state: LedgerState,
): TimeToStop | null {
  const { segment, isolation, hours, points } = state;
  if (segment === null || isolation !== null || !massIsCurrent(state)) return null;
  const consumption = consumptionOf(meter, state);
  const flow =
    consumption.state === 'metered' &&
    consumption.kgPerHour !== null &&
    consumption.expandedUncertaintyKgPerHour !== null
      ? {
          state: consumption.kgPerHour > 0 ? ('steady' as const) : ('not-significant' as const),
          kgPerHour: consumption.kgPerHour,
          uncertaintyKgPerHour: consumption.expandedUncertaintyKgPerHour / 2,
          windowMs: 60_000,
        }
      : state.flow;
  const history: Point[] = [segment.start, ...hours, ...points];
  return timeToStop(pack, flow, history, segment.last);
}
