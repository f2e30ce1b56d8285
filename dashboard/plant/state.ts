import type { LivePlant, Meter, Pack, PackHistoryPoint, SiteEnergy } from '#gateway/contract';
import { elapsedMs, type Instant } from '../clock.ts';
import type { LinkState } from '../link/supervise.ts';
import { isLost } from './standing.ts';
import { appendTail, type TrendPoint } from '../trend/tail.ts';

/** Pack ids are unique within a site only. */
export type PackKey = string;
export const packKey = (pack: Pick<Pack, 'site' | 'id'>): PackKey => `${pack.site}/${pack.id}`;

export interface LastGood {
  readonly measuredAt: number;
  readonly pressureMpa: number;
}

interface PackHistory {
  readonly points: readonly PackHistoryPoint[];
  /** The newest request failed: the points are those of an earlier one. */
  readonly failed: boolean;
}

/** What the page remembers of one pack. */
export interface PackMemory {
  readonly lastGood: LastGood | undefined;
  readonly history: PackHistory | undefined;
  /** Live points newer than the history. */
  readonly tail: readonly TrendPoint[];
}

const nothingMetered: KnownMeters = {
  meters: [],
  energy: [],
  asked: false,
  failed: false,
};
const nothingKnown: PackMemory = { lastGood: undefined, history: undefined, tail: [] };

/** The live picture has no meters: they are asked for apart. */
export interface KnownMeters {
  readonly meters: readonly Meter[];
  readonly energy: readonly SiteEnergy[];
  /** An answer came: without meters there are none. */
  readonly asked: boolean;
  /** The newest request failed: these are those of an earlier one. */
  readonly failed: boolean;
}

export interface PageState {
  readonly link: LinkState;
  readonly latest: { readonly plant: LivePlant; readonly heard: Instant } | undefined;
  readonly memories: ReadonlyMap<PackKey, PackMemory>;
  readonly meters: KnownMeters;
}

export function openingPage(link: LinkState): PageState {
  return { link, latest: undefined, memories: new Map(), meters: nothingMetered };
}

export function memoryOf(state: PageState, key: PackKey): PackMemory {
  return state.memories.get(key) ?? nothingKnown;
}

/** The gateway's present, epoch milliseconds: its last word plus what has passed here since. */
export function gatewayNowMs(latest: NonNullable<PageState['latest']>, now: Instant): number {
  return latest.plant.at + elapsedMs(latest.heard, now);
}

/** A new picture replaces the old one; packs that left it are forgotten. */
export function withPlant(state: PageState, plant: LivePlant, heard: Instant): PageState {
  const memories = new Map(
    plant.packs.map((pack) => {
      const known = memoryOf(state, packKey(pack));
      const tail = appendTail(known.tail, pack, plant.at);
      return [packKey(pack), { ...known, lastGood: lastGoodOf(pack) ?? known.lastGood, tail }];
    }),
  );
  return { ...state, latest: { plant, heard }, memories };
}

export function withHistory(
  state: PageState,
  key: PackKey,
  points: readonly PackHistoryPoint[] | undefined,
): PageState {
  const known = state.memories.get(key);
  if (known === undefined) return state;
  const memory = points === undefined ? afterFailure(known) : afterRead(known, points);
  return { ...state, memories: new Map(state.memories).set(key, memory) };
}

/** Without a list those known stay, as of when they were read. */
export function withMeters(
  state: PageState,
  meters: readonly Meter[] | undefined,
  energy: readonly SiteEnergy[] | undefined,
): PageState {
  const known = state.meters;
  const failed = meters === undefined || energy === undefined;
  return {
    ...state,
    meters: {
      meters: meters ?? known.meters,
      energy: energy ?? known.energy,
      asked: known.asked || !failed,
      failed,
    },
  };
}

function afterFailure(known: PackMemory): PackMemory {
  return { ...known, history: { points: known.history?.points ?? [], failed: true } };
}

function afterRead(known: PackMemory, points: readonly PackHistoryPoint[]): PackMemory {
  const lastAt = points.findLast((point) => point.pressureMpa !== null)?.at ?? -Infinity;
  return {
    lastGood: newer(known.lastGood, lastGoodIn(points)),
    history: { points, failed: false },
    tail: known.tail.filter((point) => point.at > lastAt),
  };
}

function lastGoodOf(pack: Pack): LastGood | undefined {
  const { measuredAt, pressureMpa } = pack;
  if (measuredAt === null || pressureMpa === null || isLost(pack)) return undefined;
  return { measuredAt, pressureMpa };
}

function lastGoodIn(points: readonly PackHistoryPoint[]): LastGood | undefined {
  for (const point of points.toReversed()) {
    const { measuredAt, pressureMpa } = point;
    if (pressureMpa !== null && !isLost(point)) return { measuredAt, pressureMpa };
  }
  return undefined;
}

function newer(first: LastGood | undefined, second: LastGood | undefined): LastGood | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return second.measuredAt > first.measuredAt ? second : first;
}
