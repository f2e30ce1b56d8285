import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { apiRoot, sealHeadsHeader } from '#gateway/contract';
import { RateLimit } from '../../access/rate.ts';
import type { PartnerToken } from '../../access/partner-token.ts';
import { intervalEnd, intervalLengths, intervalStart } from '../../energy/calendar.ts';
import { programmeOf, projectPart } from '../../programme/programme.ts';
import { headsOf } from '../../seals/handed-out.ts';
import type { Span } from '../../store/port.ts';
import { japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { badField, HttpProblem } from '../problem.ts';
import { logPull } from './pull-log.ts';
import { type Asked, askedFor, isMemberLevel, outOfScope } from './scope.ts';
import { metersOf } from './selection.ts';

type GateParts = Pick<
  AppParts,
  'store' | 'desk' | 'clock' | 'limits' | 'sealHeads' | 'reductionBoard'
>;

/**
 * Behind the door: a token is held to its rate, role and project, and whoever reads of single members says why, which is
 * written down before anything is given. A page or program of the operator reads its own meters without.
 */
export function gate(parts: GateParts) {
  const { desk, store, clock, limits } = parts;
  const handedOut = new Map<string, string>();
  const rate = new RateLimit(limits.pullsPerMinute);
  return createMiddleware<Env>(async (c, next) => {
    const token = c.get('token');
    const { path } = c.req;
    const asked = askedFor(path.startsWith(apiRoot) ? path.slice(apiRoot.length) : path);
    if (token !== undefined) {
      const waitMs = rate.take(token.id, clock.monotonicMs());
      if (waitMs > 0) throw tooOften(token, limits.pullsPerMinute, waitMs);
      const why =
        outOfScope(token, c.req.raw.method, asked) ?? beyondMeters(c, parts, token, asked);
      if (why !== undefined) throw new HttpProblem(403, why);
    }
    const project = asked.project ?? token?.project;
    const part = project === undefined ? undefined : projectPart(programmeOf(desk), project);
    if (part === undefined || !isMemberLevel(asked)) return next();
    const { id } = part.project;
    const by = token === undefined ? 'operator' : `token ${token.id} (${token.holder})`;
    const pull = { project: id, by, what: whatOf(c), why: purposeOf(c), at: clock.wallMs() };
    const registers = new Set(part.meters.map(({ register }) => register));
    const heads = headsOf(parts.sealHeads(), registers);
    await logPull(store, pull, heads, handedOut.get(id) !== heads.digest);
    handedOut.set(id, heads.digest);
    c.set('sealHeads', heads);
    c.header(sealHeadsHeader, heads.digest);
    return next();
  });
}

function tooOften({ id }: PartnerToken, perMinute: number, waitMs: number): HttpProblem {
  const seconds = Math.ceil(waitMs / 1000);
  const detail = `token ${id} asked more than ${perMinute} times in a minute: go on in ${seconds} s`;
  return new HttpProblem(429, detail, undefined, { 'retry-after': String(seconds) });
}

/** Throws `HttpProblem` (400). */
function purposeOf(c: Context<Env>): string {
  const purpose = c.req.query('purpose') ?? decoded(c.req.header('kadoru-purpose')) ?? '';
  const text = purpose.trim();
  if (text.length >= 2 && text.length <= 200) return text;
  const detail =
    'say in 2 to 200 characters why data of members are taken (here or in the header Kadoru-Purpose): it is logged';
  throw badField('purpose', purpose === '' ? undefined : purpose, detail);
}

/** Headers carry Latin-1; whoever wants more writes it percent-encoded. */
function decoded(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}

/** Path and query without the purpose. */
function whatOf(c: Context<Env>): string {
  const url = new URL(c.req.url);
  url.searchParams.delete('purpose');
  return `${c.req.raw.method} ${url.pathname}${url.search}`.slice(0, 1_000);
}

const byRegister = new Set(['intervals', 'readings', 'register-events', 'reductions']);

/** The routes by meter, channel and generator know no projects: a token reads there what its project's own routes would give it. */
function beyondMeters(
  c: Context<Env>,
  parts: GateParts,
  { id, project }: PartnerToken,
  { project: ofPath, part }: Asked,
): string | undefined {
  if (ofPath !== undefined || !byRegister.has(part)) return undefined;
  const own = projectPart(programmeOf(parts.desk), project);
  const meters = own === undefined ? [] : metersOf(own);
  const { named, registers } = registersAsked(c, parts, part);
  const asked = part === 'intervals' || part === 'reductions' ? wholeIntervals(c) : spanOfQuery(c);
  for (const register of registers) {
    const spans = meters.flatMap(({ meter, time, window }) =>
      meter.register === register ? (part === 'readings' ? time : window) : [],
    );
    if (spans.length === 0)
      return `token ${id} is for project ${project}, and ${named.slice(0, 100)} is no register of it`;
    if (asked !== undefined && spans.some(({ from, to }) => asked.from >= from && asked.to <= to))
      continue;
    const list = spans.map((span) => `${ends(span.from)} to ${ends(span.to)}`).join(', ');
    return `token ${id} reads this register of project ${project} inside ${list}: give from and to so that every interval lies within`;
  }
  return undefined;
}

/** Which registers an answer tells of; one that is nobody's where nothing is known of what was named. */
function registersAsked(
  c: Context<Env>,
  { reductionBoard }: GateParts,
  part: string,
): { readonly named: string; readonly registers: readonly string[] } {
  if (part === 'reductions') {
    const named = c.req.query('generator') ?? '';
    const registers = reductionBoard.plan(named)?.registers.map(({ meter }) => meter.key) ?? [];
    return { named, registers: registers.length === 0 ? [named] : registers };
  }
  if (part !== 'readings') {
    const named = c.req.query('meter') ?? '';
    return { named, registers: [named] };
  }
  const named = c.req.query('channel') ?? '';
  const [site = '', , ...rest] = named.split('/');
  return { named, registers: [[site, ...rest].join('/')] };
}

function spanOfQuery(c: Context<Env>): Span | undefined {
  const from = timeOf(c.req.query('from'));
  const to = timeOf(c.req.query('to'));
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** What the intervals of a span tell of: they may begin before it and end after it, and a cursor may lie before it. */
function wholeIntervals(c: Context<Env>): Span | undefined {
  const span = spanOfQuery(c);
  if (span === undefined) return undefined;
  const usual = c.req.path.endsWith('/reductions') ? '1d' : '30m';
  const { resolution = usual, cursor = String(span.from) } = c.req.query();
  const length = intervalLengths.find((each) => each === resolution) ?? 'fy';
  const from = intervalStart(length, Math.min(span.from, Number(cursor)));
  return { from, to: intervalEnd(length, intervalStart(length, span.to - 1)) };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{12,15}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function ends(ms: number): string {
  return ms === Number.MAX_SAFE_INTEGER ? 'now' : japanTime(ms);
}
