import { Checkpoints } from '../derive/checkpoints.ts';
import { accountSetup } from '../derive/meter-job.ts';
import { type ConfiguredMeter, meterSeries, type MeterStatements } from '../derive/meter.ts';
import { storedInputs } from '../derive/meter-inputs.ts';
import { type Account, accountSchema, noAccount } from '../derive/meter-walk.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import { Digester } from '../seals/digest.ts';
import type { Span, Store, StoredReading } from '../store/port.ts';
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
  const walk = new ClaimWalk(register, start.account, year.from - dayMs);
  const digester = new Digester(meter.key);
  const digests = new Map<number, Buffer>();
  let readings = 0;
  const take = (reading: StoredReading): void => {
    readings += 1;
    const ended = digester.take(reading);
    if (ended !== undefined) digests.set(ended.day, ended.digests);
  };
  const tapped = {
    events: store.events.bind(store),
    readings: (series: Parameters<Store['readings']>[0], span: Span) =>
      tapOf(store.readings(series, span), take),
  };
  let day = start.from;
  const until = year.to + aroundMs;
  for await (const input of storedInputs(tapped, meter, said, { from: start.from, to: until })) {
    if (input.at >= day + dayMs) {
      walk.settle();
      if (day >= year.to && walk.countedTo > year.to && walk.state.held.length === 0) break;
      day = japanMidnight(input.at);
    }
    walk.take(input);
  }
  walk.settle();
  const last = digester.end();
  // Of the day at which it left off there may be more.
  if (last !== undefined && last.day <= day) digests.set(last.day, last.digests);
  return { meter, said, walk, digests, readings };
}

async function* tapOf(
  readings: AsyncIterable<StoredReading>,
  take: (reading: StoredReading) => void,
): AsyncGenerator<StoredReading, void, undefined> {
  for await (const reading of readings) {
    take(reading);
    yield reading;
  }
}

/** The account as derivation left it at a midnight, or nothing where the register begins later. */
async function startOf(
  store: ClaimStore,
  meter: ConfiguredMeter,
  midnight: number,
): Promise<{ from: number; account: Account }> {
  const key = { measurement: 'meter_checkpoint', key: meter.key };
  const checkpoints = new Checkpoints(store, key, (state) => accountSchema.safeParse(state).data);
  const stored = await checkpoints.newestBefore(midnight);
  if (stored !== undefined && stored.basis['setup'] === accountSetup(meter))
    return { from: stored.at, account: begun(stored.state, meter) };
  for await (const { at } of store.readings(meterSeries(meter), always)) {
    const said =
      meter.device === undefined
        ? []
        : await store.events(meter.site, meter.device, { from: 0, to: at });
    return { from: japanMidnight(said[0]?.at ?? at), account: begun(noAccount, meter) };
  }
  return { from: midnight, account: begun(noAccount, meter) };
}

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Until a device says what its meter is, the configuration does. */
function begun(account: Account, { settings }: ConfiguredMeter): Account {
  const { state } = account;
  const { wrapAt = null } = settings;
  return state.seenAt === 0 && state.wrapAt === null
    ? { ...account, state: { ...state, wrapAt } }
    : account;
}
