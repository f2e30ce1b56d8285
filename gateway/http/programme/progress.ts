import { Hono } from 'hono';
import { type Progress, routes } from '#gateway/contract';
import { intervalStart } from '../../energy/calendar.ts';
import type { ProjectPart } from '../../programme/programme.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { readQuery } from '../query.ts';
import { amountsOf, fiscalYearOf, fiscalYearSpan } from './amounts.ts';
import { findingsOf } from './projects.ts';
import { findProject, metersOf } from './selection.ts';

type ProgressParts = Pick<AppParts, 'store' | 'desk' | 'meters' | 'clock'>;

/** A sum of fewer members would tell what one of them did. */
const fewestMembers = 3;
/** Sums over a year of many meters are made at most so often. */
const keptMs = 5 * 60_000;
const mostKept = 50;

/** How far a project is: sums over all members, which a ward may see. */
export function progressRoutes(parts: ProgressParts): Hono<Env> {
  const { desk, clock } = parts;
  const kept = new Map<
    string,
    { readonly version: number; readonly made: Promise<Progress>; readonly atMs: number }
  >();
  const madeAt = (part: ProjectPart, fiscalYear: number): Promise<Progress> => {
    const key = `${part.project.id} ${fiscalYear}`;
    const before = kept.get(key);
    const nowMs = clock.monotonicMs();
    if (before?.version === desk.version && nowMs - before.atMs < keptMs) return before.made;
    const made = progressOf(parts, part, fiscalYear);
    kept.delete(key);
    kept.set(key, { version: desk.version, made, atMs: nowMs });
    made.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
    return made;
  };
  return new Hono<Env>().get(routes.projectProgress.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectProgress.query);
    const part = findProject(desk, c.req.param('id'));
    const progress = await madeAt(part, query.fiscalYear ?? fiscalYearOf(clock.wallMs()));
    const few = c.get('token')?.role === 'ward' && progress.members.counting < fewestMembers;
    return c.json(few ? { ...progress, energy: null } : progress);
  });
}

async function progressOf(
  parts: ProgressParts,
  part: ProjectPart,
  fiscalYear: number,
): Promise<Progress> {
  const { store, clock } = parts;
  const at = clock.wallMs();
  const year = fiscalYearSpan(fiscalYear);
  const until = Math.min(year.to, intervalStart('30m', at));
  const soFar = { from: year.from, to: Math.max(year.from, until) };
  const meters = metersOf(part);
  const findings = findingsOf(parts, part);
  const count = (weight: 'wrong' | 'warning') =>
    findings.filter((each) => each.weight === weight).length;
  const counting = part.members.filter(
    ({ window }) => window.from < soFar.to && window.to > soFar.from,
  );
  return {
    project: part.project.id,
    fiscalYear,
    at,
    members: {
      enrolled: part.members.length,
      counting: counting.length,
      left: part.members.filter(({ window }) => window.to <= at).length,
    },
    devices: part.devices.length,
    meters: part.meters.length,
    marksEndingSoon: findings.filter(({ field }) => field === 'evidence.markExpires').length,
    findings: { wrong: count('wrong'), warning: count('warning') },
    energy: await amountsOf(store, meters, soFar),
  };
}
