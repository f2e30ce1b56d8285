import { uniformAt } from '../world/noise.ts';
import { dayTicks, type YearSpan } from './calendar.ts';
import { faultsOf, type HomeFault } from './faults.ts';

/** One home of the year: what generates there, and what happens to it. */
export interface HomePlan {
  /** From 1. */
  readonly number: number;
  readonly seed: number;
  /** Every fifth home has a fuel cell that follows its demand and feeds nothing into the grid. */
  readonly kind: 'pv' | 'fuel-cell';
  /** The generator's id, `pv-0001` or `fc-0005`; the member's is `m-0001`: neither says whose it is. */
  readonly asset: string;
  readonly member: string;
  readonly device: string;
  readonly peakW: number;
  readonly loadW: number;
  readonly wrapAt: number;
  readonly startGeneratedWh: number;
  readonly startSoldWh: number;
  readonly faults: readonly HomeFault[];
  /** The tick of a Japan midnight from which nothing counts any more: the member left, or a meter's mark ran out. */
  readonly endsAt: { readonly tick: number; readonly why: 'left' | 'mark-expired' } | undefined;
}

export const wrapAt = 10_000_000;
/** Homes whose meters one collector reads. */
export const homesPerCollector = 20;

export function planHomes(seed: number, homes: number, year: YearSpan): HomePlan[] {
  return Array.from({ length: homes }, (_, index) => planHome(seed, index + 1, year));
}

function planHome(seed: number, number: number, year: YearSpan): HomePlan {
  const draw = (place: number): number => uniformAt(seed, 90_000 + number, place);
  const endsAt = endOf(number, draw(4), year);
  const kind = number % 5 === 0 ? 'fuel-cell' : 'pv';
  const name = String(number).padStart(4, '0');
  return {
    number,
    seed,
    kind,
    asset: `${kind === 'pv' ? 'pv' : 'fc'}-${name}`,
    member: `m-${name}`,
    device: `collector-${String(Math.ceil(number / homesPerCollector)).padStart(3, '0')}`,
    peakW: kind === 'pv' ? Math.round(2_500 + draw(0) * 3_000) : 700,
    loadW: Math.round(250 + draw(1) * 500),
    wrapAt,
    // Every fourth register of generated wraps within the year.
    startGeneratedWh: number % 4 === 0 ? wrapAt - 500_000 : Math.floor(300_000 + draw(2) * 400_000),
    startSoldWh: Math.floor(200_000 + draw(3) * 400_000),
    faults: faultsOf(seed, number, year.ticks).filter((fault) => !blurs(fault, endsAt?.tick)),
    endsAt,
  };
}

/** Every seventh member leaves, every eleventh has a meter whose mark runs out, at a midnight in the year. */
function endOf(number: number, share: number, { ticks }: YearSpan): HomePlan['endsAt'] {
  const tick = dayTicks * Math.floor((0.3 + 0.6 * share) * (ticks / dayTicks));
  if (number % 7 === 0) return { tick, why: 'left' };
  return number % 11 === 0 ? { tick, why: 'mark-expired' } : undefined;
}

/** Noise of the last digits at the very instant where counting ends would move the end by those Wh. */
function blurs({ kind, first, after }: HomeFault, endTick: number | undefined): boolean {
  return kind === 'jitter' && endTick !== undefined && first <= endTick && endTick <= after;
}
