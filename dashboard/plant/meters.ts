import type { Generator, Meter } from '#gateway/contract';
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

/** The gateway's own default for the time between two readings; a meter's may differ, and the contract does not tell it. */
const reportingPeriodMs = 300_000;

/**
 * How far a meter's figures may be believed. One read by a device falls silent, one read by people does not; with an open
 * event the figures lack what happened across it.
 */
export function measuredBy(
  { device, readAt, openEventCount }: Pick<Meter, 'device' | 'readAt' | 'openEventCount'>,
  gatewayNowMs: number,
): Measured {
  if (readAt === null) return { measuredAt: null, quality: 'bad', why: 'no-data' };
  if (device !== null && gatewayNowMs - readAt > reportingPeriodMs)
    return { measuredAt: readAt, quality: 'bad', why: 'stale' };
  return { measuredAt: readAt, quality: openEventCount > 0 ? 'uncertain' : 'good' };
}
