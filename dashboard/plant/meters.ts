import type { EnergyTotal, Generator, Meter } from '#gateway/contract';
import type { Measured } from './standing.ts';

/** The registers of one meter of the site itself, such as at its grid connection. */
export interface SiteMeter {
  readonly site: string;
  readonly asset: string;
  readonly name: string;
  readonly meters: readonly Meter[];
}

interface Parts {
  readonly site: string;
  readonly asset: string;
  readonly quantity: string;
}

/** A meter is named `{site}/{asset}/{quantity}`; no part of it holds a slash. */
export function partsOf({ meter }: Pick<Meter, 'meter'>): Parts {
  const [site = '', asset = '', quantity = ''] = meter.split('/');
  return { site, asset, quantity };
}

/** Those of a generator, in the gateway's order. */
export function metersOf(
  meters: readonly Meter[],
  { site, id }: Pick<Generator, 'site' | 'id'>,
): readonly Meter[] {
  return meters.filter((meter) => {
    const parts = partsOf(meter);
    return parts.site === site && parts.asset === id;
  });
}

/** Those of no generator, together as they hang on one place. */
export function siteMeters(
  meters: readonly Meter[],
  generators: readonly Pick<Generator, 'site' | 'id'>[],
): readonly SiteMeter[] {
  const ofGenerators = new Set(generators.map(({ site, id }) => `${site}/${id}`));
  const groups = new Map<string, SiteMeter>();
  for (const meter of meters) {
    const { site, asset } = partsOf(meter);
    const key = `${site}/${asset}`;
    if (ofGenerators.has(key)) continue;
    const known = groups.get(key) ?? { site, asset, name: meter.name, meters: [] };
    groups.set(key, { ...known, meters: [...known.meters, meter] });
  }
  return [...groups.values()];
}

/** So long a reading may be under way, from its measurement to the totals. */
const underWayMs = 30_000;

/**
 * How far a meter's figures may be believed. One read by a device falls silent when its next reading is overdue, one read
 * by people does not; with an open event the figures lack what happened across it.
 */
export function measuredBy(
  {
    device,
    readAt,
    openEventCount,
    reportingPeriod,
  }: Pick<Meter, 'device' | 'readAt' | 'openEventCount' | 'reportingPeriod'>,
  gatewayNowMs: number,
): Measured {
  if (readAt === null)
    return { measuredAt: null, quality: 'bad', ...(device === null ? {} : { why: 'no-data' }) };
  if (device !== null && gatewayNowMs - readAt > reportingPeriod.seconds * 1000 + underWayMs)
    return { measuredAt: readAt, quality: 'bad', why: 'stale' };
  return { measuredAt: readAt, quality: openEventCount > 0 ? 'uncertain' : 'good' };
}

/** Whole percent of the time from a total's start to the newest reading whose energy is in it, rounded down. */
export function coveredPercent(
  { start, coveredSeconds }: EnergyTotal,
  readAt: number | null,
): number {
  const seconds = Math.floor(((readAt ?? start) - start) / 1000);
  return seconds <= 0 ? 100 : Math.min(100, Math.floor((coveredSeconds / seconds) * 100));
}

/** A total that lacks some of its time is not simply good: the gateway says the same of its intervals. */
export function ofTotal(measured: Measured, percent: number): Measured {
  return measured.quality === 'good' && percent < 100
    ? { ...measured, quality: 'uncertain' }
    : measured;
}
