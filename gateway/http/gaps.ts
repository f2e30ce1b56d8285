import { Hono } from 'hono';
import { routes, type Gap } from '#gateway/contract';
import type { RunFilter, SeqRun } from '../store/port.ts';
import type { Env } from './env.ts';
import { holesBetween, judgeHoles, overlaps, type Hole } from './holes.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem, unknownId } from './problem.ts';
import { readQuery, spanOf } from './query.ts';

type GapParts = Pick<AppParts, 'store' | 'sites' | 'devices' | 'limits'>;

/** Holes in the stored sequence numbers: open until filled, final once the device itself said so. */
export function gapRoutes(parts: GapParts): Hono<Env> {
  return new Hono<Env>().get(routes.gaps.path, async (c) => {
    const query = readQuery(c.req.url, routes.gaps.query);
    const { site, device } = query;
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    if (site !== undefined && !parts.sites.includes(site))
      throw unknownId('site', site, parts.sites);
    const filter: RunFilter = {
      ...(site !== undefined && { site }),
      ...(device !== undefined && { device }),
    };
    const runs = await parts.store.runs(filter);
    if (device !== undefined && runs.length === 0) checkDevice(device, site, parts);
    const holes = holesBetween(runs).filter((hole) => overlaps(hole, span));
    if (holes.length > parts.limits.gaps) throw tooMany(holes.length, parts.limits.gaps);
    return c.json({ items: await judgeAll(holes, runs, parts.store) });
  });
}

async function judgeAll(
  holes: readonly Hole[],
  runs: readonly SeqRun[],
  store: GapParts['store'],
): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (const { site, device, holes: ofDevice } of byDevice(holes)) {
    // A device speaks of a loss in a later frame: look up to its newest.
    const from = ofDevice.reduce((least, hole) => Math.min(least, hole.from), Infinity);
    const to = runs
      .filter((run) => run.site === site && run.device === device)
      .reduce((most, run) => Math.max(most, run.lastAt + 1), from);
    gaps.push(...judgeHoles(ofDevice, await store.events(site, device, { from, to })));
  }
  return gaps;
}

function byDevice(holes: readonly Hole[]) {
  const groups = new Map<string, { site: string; device: string; holes: Hole[] }>();
  for (const hole of holes) {
    const { site, device } = hole;
    const name = `${site}/${device}`;
    const group = groups.get(name) ?? { site, device, holes: [] };
    group.holes.push(hole);
    groups.set(name, group);
  }
  return groups.values();
}

/** A configured device without a single frame has no gaps; one that nobody knows is a mistake in the query. */
function checkDevice(device: string, site: string | undefined, { devices }: GapParts): void {
  const known = devices.filter((each) => site === undefined || each.site === site);
  if (known.some((each) => each.device === device)) return;
  throw unknownId(
    'device',
    device,
    known.map((each) => each.device),
  );
}

function tooMany(count: number, most: number): HttpProblem {
  const detail = `${count} gaps are more than one answer holds (${most}): ask for a shorter span or one device`;
  return new HttpProblem(400, detail, [{ field: 'from', detail }]);
}
