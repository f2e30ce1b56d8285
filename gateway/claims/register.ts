import { Checkpoints } from '../derive/checkpoints.ts';
import { accountSetup } from '../derive/meter-job.ts';
import { type ConfiguredMeter, meterSeries, type MeterStatements } from '../derive/meter.ts';
import { readingOf, storedEventInputs } from '../derive/meter-inputs.ts';
import { accountSchema } from '../derive/meter-walk.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import { noState, type RegisterState } from '../energy/state.ts';
import { Digester } from '../seals/digest.ts';
import type { Span, Store } from '../store/port.ts';
import { ClaimWalk } from './claim-walk.ts';

export type ClaimStore = Pick<
  Store,
  'readings' | 'events' | 'derived' | 'putDerived' | 'records' | 'stale' | 'lastBefore'
>;

/** A register walked over a year: what was counted, and the digests of its days as they are stored now. */
export interface WalkedRegister {
  readonly meter: ConfiguredMeter;
  readonly said: MeterStatements;
  readonly walk: ClaimWalk;
  /** By midnight; days without readings are missing. */
  readonly digests: ReadonlyMap<number, Buffer>;
  readonly readings: number;
}

/** What is in doubt is settled within a week (`rejoinWithinMs`): so much is walked before the year, and after it. */
const aroundMs = 8 * dayMs;

/**
 * Reads a register once: from some days before the year, so that what the year begins in the middle of is known, to the
 * reading after it that settles the last half hour.
 *
 * @param derivedUntil midnight of the first day that derivation still has to look at: no checkpoint after it is believed.
 */
export async function walkRegister(
  store: ClaimStore,
  meter: ConfiguredMeter,
  said: MeterStatements,
  year: Span,
  derivedUntil: number,
): Promise<WalkedRegister> {
  const start = await startOf(store, meter, Math.min(year.from - aroundMs, derivedUntil));
  const register = { meter: meter.key, rules: meter.rules, resolutions: said.resolutions };
  const walk = new ClaimWalk(register, start.state, year.from - dayMs);
  const digester = new Digester(meter.key);
  const digests = new Map<number, Buffer>();
  const span = { from: start.from, to: year.to + aroundMs };
  const events = await storedEventInputs(store, meter, span);
  let [readings, nextEvent, dayEnd] = [0, 0, start.from + dayMs];
  for await (const stored of store.readings(meterSeries(meter), span)) {
    const { at } = stored;
    if (at >= dayEnd) {
      // Whole days, so that their digests are whole.
      if (dayEnd > year.to && walk.countedTo > year.to && walk.state.held.length === 0) break;
      dayEnd = japanMidnight(at) + dayMs;
    }
    readings += 1;
    const ended = digester.take(stored);
    if (ended !== undefined) digests.set(ended.day, ended.digests);
    for (let event = events[nextEvent]; event !== undefined && event.at <= at;) {
      walk.take(event);
      nextEvent += 1;
      event = events[nextEvent];
    }
    walk.take(readingOf(stored, said));
  }
  const last = digester.end();
  if (last !== undefined) digests.set(last.day, last.digests);
  return { meter, said, walk, digests, readings };
}

/** The account as derivation left it at a midnight, or nothing where the register begins later. */
async function startOf(
  store: ClaimStore,
  meter: ConfiguredMeter,
  midnight: number,
): Promise<{ from: number; state: RegisterState }> {
  const key = { measurement: 'meter_checkpoint', key: meter.key };
  const checkpoints = new Checkpoints(store, key, (state) => accountSchema.safeParse(state).data);
  const stored = await checkpoints.newestBefore(midnight);
  if (stored !== undefined && stored.basis['setup'] === accountSetup(meter))
    return { from: stored.at, state: begun(stored.state.state, meter) };
  for await (const { at } of store.readings(meterSeries(meter), always)) {
    const said =
      meter.device === undefined
        ? []
        : await store.events(meter.site, meter.device, { from: 0, to: at });
    return { from: japanMidnight(said[0]?.at ?? at), state: begun(noState, meter) };
  }
  return { from: midnight, state: begun(noState, meter) };
}

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Until a device says what its meter is, the configuration does. */
function begun(state: RegisterState, { settings }: ConfiguredMeter): RegisterState {
  const { wrapAt = null } = settings;
  return state.seenAt === 0 && state.wrapAt === null ? { ...state, wrapAt } : state;
}
