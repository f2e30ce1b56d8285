import { inventory, inventoryBudgets } from '../../gateway/hydrogen/inventory.ts';
import { standardUncertainty } from '../../gateway/hydrogen/budget.ts';
import { timeToStopOf } from '../../gateway/hydrogen/consumption.ts';
import { drawn } from '../../gateway/hydrogen/ledger/drawn.ts';
import { gaugeMpa } from '../../gateway/hydrogen/pressure.ts';
import { stopPressure } from '../../gateway/hydrogen/stop.ts';
import { uniformAt } from '../../simulators/world/noise.ts';
import { type Classes, follow, type Followed, hourMs, packOf, startMs } from './follow.ts';

/** Errors over their own standard uncertainties. */
export interface Scores {
  readonly total: number;
  readonly usable: number;
  readonly drawn: number;
  /** Undefined where no flow was shown at the moment that was looked at. */
  readonly flow: number | undefined;
  readonly drawnInside: boolean;
}

/** One pack, drawn at a rate and from a level that the seed decides; looked at after eight hours. */
export function score(seed: number, classes: Classes): Scores {
  const nlPerMin = 60 + 140 * uniformAt(seed, 900, 0);
  const start = 13 + 6 * uniformAt(seed, 900, 1);
  const lookAtMs = startMs + (2 + 5 * uniformAt(seed, 900, 2)) * hourMs;
  const untilMs = startMs + 8 * hourMs;
  const draws = [{ kind: 'constant', fromMs: startMs, untilMs: untilMs + 1, nlPerMin }] as const;
  const pack = packOf(classes);
  let last: Followed | undefined;
  let flow: number | undefined;
  let looked = false;
  const run = { seed, fromMs: startMs, untilMs, everyMs: 20_000, start, draws };
  for (const followed of follow(run, classes)) {
    last = followed;
    if (looked || followed.sample.atMs < lookAtMs) continue;
    const { state, kgPerHour, uncertaintyKgPerHour } = followed.state.flow;
    looked = state === 'steady';
    if (looked) flow = (kgPerHour - followed.sample.truth.flowKgPerHour) / uncertaintyKgPerHour;
  }
  if (last === undefined) throw new Error('an empty run');
  return { ...massScores(last, classes), ...drawnScores(last, pack), flow };
}

function massScores({ sample }: Followed, classes: Classes): Pick<Scores, 'total' | 'usable'> {
  const { pressureMpa, temperatureC, truth } = sample;
  if (pressureMpa === null || temperatureC === null) throw new Error('no reading at the end');
  const at = [packOf(classes), gaugeMpa(pressureMpa), temperatureC] as const;
  const estimate = inventory(...at);
  const budgets = inventoryBudgets(...at);
  if (estimate === undefined) throw new Error('outside the equation');
  return {
    total: (estimate.totalKg - truth.hydrogenKg) / standardUncertainty(budgets.total),
    usable: (estimate.usableKg - truth.usableKg) / standardUncertainty(budgets.usable),
  };
}

function drawnScores(
  { sample, state }: Followed,
  pack: ReturnType<typeof packOf>,
): Pick<Scores, 'drawn' | 'drawnInside'> {
  const { segment } = state;
  if (segment === null) throw new Error('no segment');
  const { kg, expandedUncertaintyKg } = drawn([{ pack, from: segment.start, to: segment.last }]);
  const hours = (segment.last.at - segment.start.at) / hourMs;
  const error = kg - hours * sample.truth.flowKgPerHour;
  return {
    drawn: (2 * error) / expandedUncertaintyKg,
    drawnInside: Math.abs(error) <= expandedUncertaintyKg,
  };
}

/** The range said at half a pack, and when the gauge then really reached the stop; undefined where none was said. */
export function stopForecast(
  seed: number,
  classes: Classes,
): { readonly low: number; readonly high: number; readonly hours: number } | undefined {
  const nlPerMin = 120 + 130 * uniformAt(seed, 901, 0);
  const span = { fromMs: startMs, untilMs: startMs + 96 * hourMs, nlPerMin };
  const draw =
    seed % 2 === 0
      ? ({ kind: 'constant', ...span } as const)
      : ({ kind: 'batches', ...span, onMinutes: 45, everyMinutes: 60 } as const);
  const pack = packOf(classes);
  const run = { seed, fromMs: startMs, untilMs: span.untilMs, everyMs: 60_000, draws: [draw] };
  let said: { readonly low: number; readonly high: number; readonly at: number } | undefined;
  for (const { sample, state } of follow(run, classes)) {
    const { pressureMpa, temperatureC, atMs } = sample;
    if (pressureMpa === null || temperatureC === null) continue;
    if (said === undefined && pressureMpa <= 9.8) {
      const range = timeToStopOf(pack, undefined, state);
      if (range !== null) said = { low: range.low, high: range.high, at: atMs };
    }
    if (pressureMpa <= stopPressure(pack, temperatureC))
      return said === undefined ? undefined : { ...said, hours: (atMs - said.at) / hourMs };
  }
  return undefined;
}
