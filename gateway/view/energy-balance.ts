import type { Meter, SiteEnergy } from '#gateway/contract';
import { balanceOf, type Counted } from '../energy/balance.ts';
import { intervalStart } from '../energy/calendar.ts';

interface PlacedMeter {
  readonly meter: Meter;
  readonly site: string;
  readonly asset: string;
  readonly quantity: string;
}

const periods = { halfHour: '30m', today: '1d', month: '1mo', fiscalYear: 'fy' } as const;
type Period = keyof typeof periods;

/**
 * What each site made and where it went: every `generated` register, and `exported` of the site's connection. That is the
 * meter that counts both ways: one that counts only what is given away (such as what a roof sells) counts a part of the
 * same energy, and stands in only where there is no other; what generates counts only where nothing else does. A site
 * that generates nothing is left out.
 */
export function siteEnergy(
  sites: readonly string[],
  meters: readonly Meter[],
  nowMs: number,
): SiteEnergy[] {
  const placed = meters.map(placedMeter);
  return sites.flatMap((site) => {
    const here = placed.filter((each) => each.site === site);
    const made = here.filter((each) => each.quantity === 'generated');
    if (made.length === 0) return [];
    const makers = new Set(made.map(({ asset }) => asset));
    const exporting = here.filter(({ quantity }) => quantity === 'exported');
    const ofSite = exporting.filter(({ asset }) => !makers.has(asset));
    const twoWay = ofSite.filter(({ asset }) => importsToo(here, asset));
    const [out = []] = [twoWay, ofSite, exporting].filter((meters) => meters.length > 0);
    return [siteOf(site, made, out, nowMs)];
  });
}

function siteOf(
  site: string,
  made: readonly PlacedMeter[],
  out: readonly PlacedMeter[],
  nowMs: number,
): SiteEnergy {
  const of = (period: Period) => {
    const counted = ({ meter }: PlacedMeter) => countedIn(meter, period);
    return balanceOf(intervalStart(periods[period], nowMs), made.map(counted), out.map(counted));
  };
  return {
    site,
    generatedBy: made.map(({ meter }) => meter.meter),
    exportedBy: out.map(({ meter }) => meter.meter),
    openEvents: [...made, ...out].reduce((sum, { meter }) => sum + meter.openEventCount, 0),
    halfHour: of('halfHour'),
    today: of('today'),
    month: of('month'),
    fiscalYear: of('fiscalYear'),
  };
}

function importsToo(meters: readonly PlacedMeter[], asset: string): boolean {
  return meters.some((each) => each.asset === asset && each.quantity === 'imported');
}

function countedIn(meter: Meter, period: Period) {
  const { today, readAt } = meter;
  if (period === 'today') return today === null ? undefined : ofDay(today);
  const total = meter[period];
  if (total === null || readAt === null) return undefined;
  return { wh: total.wh, coveredSeconds: total.coveredSeconds, until: readAt };
}

/** The day so far reaches from its first reading to its last. */
function ofDay({ wh, since, until }: NonNullable<Meter['today']>): Counted {
  return { wh, coveredSeconds: Math.floor((until - since) / 1_000), until };
}

/** A meter is named `{site}/{asset}/{quantity}`. */
function placedMeter(meter: Meter): PlacedMeter {
  const [site = '', asset = '', quantity = ''] = meter.meter.split('/');
  return { meter, site, asset, quantity };
}
