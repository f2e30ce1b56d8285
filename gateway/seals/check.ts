import { z } from 'zod';
import type { ConfiguredMeter } from '../derive/meter.ts';
import { dayMs } from '../energy/japan-day.ts';
import type { Store } from '../store/port.ts';
import { differingHalfHours } from './digest.ts';
import { lateDays } from './late.ts';
import { dayMidnight, dayName, firstPrevious, leafOf, type Seal } from './seal.ts';
import { storedDays, storedSeals } from './stored.ts';

/** Heads as they were handed out: by `/seals/heads`, `seals heads` or in a claim. */
export const handedOutSchema = z.array(
  z.object({ register: z.string(), head: z.string().regex(/^[0-9a-f]{64}$/) }),
);
export type HandedOut = readonly { readonly register: string; readonly head: string }[];
/** Digests over heads, as every pull carries one (header `kadoru-seal-heads`): their heads are in the store. */
export const handedOutDigestsSchema = z.array(z.string().regex(/^[0-9a-f]{64}$/));

/**
 * - `checked`: how much of a register was looked at.
 * - `altered`: the readings of a half hour are not those that were sealed.
 * - `waits`: a day has a mark of late data; its supplement is still to come.
 * - `broken`: a link does not follow from what stands before it.
 * - `head-gone`: a head that was handed out is in the chain no more.
 * - `heads-unknown`: the store no longer has the heads that were handed out under a digest.
 */
export type Finding =
  | {
      readonly finding: 'checked';
      readonly register: string;
      readonly days: number;
      readonly seals: number;
    }
  | {
      readonly finding: 'altered' | 'waits';
      readonly register: string;
      readonly day: string;
      readonly revision: number;
      /** Start of the half hour, +09:00. */
      readonly halfHour: string;
    }
  | {
      readonly finding: 'broken';
      readonly register: string;
      readonly day: string;
      readonly revision: number;
      readonly detail: string;
    }
  | { readonly finding: 'head-gone'; readonly register: string; readonly head: string }
  | { readonly finding: 'heads-unknown'; readonly digest: string };

type CheckStore = Pick<Store, 'records' | 'readings' | 'stale'>;

/**
 * Compares the store with its seals, register by register: every link of the chain, and every digest computed again from
 * the readings. Memory holds one register's digests (1,536 bytes a day).
 */
export async function* checkSeals(
  store: CheckStore,
  meters: readonly ConfiguredMeter[],
  handedOut: HandedOut,
): AsyncGenerator<Finding, void, undefined> {
  const waiting = lateDays(await store.stale(Number.MAX_SAFE_INTEGER));
  for (const meter of meters) {
    const heads = handedOut.filter(({ register }) => register === meter.key);
    yield* checkRegister(store, meter, waiting.get(meter.key) ?? new Map(), heads);
  }
  const known = new Set(meters.map(({ key }) => key));
  for (const { register, head } of handedOut)
    if (!known.has(register)) yield { finding: 'head-gone', register, head };
}

async function* checkRegister(
  store: CheckStore,
  meter: ConfiguredMeter,
  waiting: ReadonlyMap<number, unknown>,
  handedOut: HandedOut,
): AsyncGenerator<Finding, void, undefined> {
  const standing = new Map<number, Seal>();
  const gone = new Set(handedOut.map(({ head }) => head));
  let [previous, seals] = [firstPrevious, 0];
  for await (const seal of storedSeals(store, meter)) {
    seals += 1;
    const detail = brokenLink(seal, previous, seals, meter.key);
    if (detail !== undefined)
      yield {
        finding: 'broken',
        register: meter.key,
        day: seal.day,
        revision: seal.revision,
        detail,
      };
    previous = seal.leaf;
    gone.delete(seal.leaf);
    standing.set(dayMidnight(seal.day), seal);
  }
  yield* checkDays(store, meter, waiting, standing);
  for (const head of gone) yield { finding: 'head-gone', register: meter.key, head };
  yield { finding: 'checked', register: meter.key, days: standing.size, seals };
}

function brokenLink(
  seal: Seal,
  previous: string,
  position: number,
  register: string,
): string | undefined {
  if (seal.register !== register) return `it is a seal of ${seal.register}`;
  if (seal.position !== position) return `it is number ${seal.position}, where ${position} is due`;
  if (seal.previous !== previous)
    return `it follows ${seal.previous}, but ${previous} is before it`;
  if (seal.leaf !== leafOf(seal)) return 'its leaf is not the digest of what it says';
  return undefined;
}

async function* checkDays(
  store: CheckStore,
  meter: ConfiguredMeter,
  waiting: ReadonlyMap<number, unknown>,
  standing: ReadonlyMap<number, Seal>,
): AsyncGenerator<Finding, void, undefined> {
  const days = [...standing.keys()].toSorted((a, b) => a - b);
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return;
  for await (const { day, digests } of storedDays(store, meter, {
    from: first,
    to: last + dayMs,
  })) {
    const seal = standing.get(day);
    if (seal === undefined) continue;
    const finding = waiting.has(day) ? 'waits' : 'altered';
    for (const start of differingHalfHours(day, seal.digests, digests))
      yield {
        finding,
        register: meter.key,
        day: dayName(day),
        revision: seal.revision,
        halfHour: japanText(start),
      };
  }
}

function japanText(atMs: number): string {
  return `${new Date(atMs + 9 * 3_600_000).toISOString().slice(0, 16)}+09:00`;
}
