import { Hono } from 'hono';
import { type ReductionList, routes, type ShownWithheld } from '#gateway/contract';
import { doubtsOf } from '../../derive/reduction-doubts.ts';
import type { ReductionPlan } from '../../derive/reduction-plan.ts';
import {
  type ReductionInterval,
  reductionIntervals,
  type ReductionYear,
  reductionYears,
} from '../../derive/reduction-sums.ts';
import { halfHourMs, intervalStart } from '../../energy/calendar.ts';
import { confirmationOf } from '../../emissions/methodology.ts';
import { uncovered } from '../../emissions/stretch.ts';
import type { Span } from '../../store/port.ts';
import type { Env } from '../env.ts';
import { csvMedia, Exports, fileHeaders } from '../exports.ts';
import type { AppParts } from '../parts.ts';
import { badField, unknownId } from '../problem.ts';
import { readQuery, spanOf } from '../query.ts';
import { reductionCsv } from './reductions-csv.ts';
import { shownReduction } from './shown.ts';

type ReductionParts = Pick<AppParts, 'store' | 'reductionBoard' | 'clock' | 'limits' | 'log'>;
type Resolution = '30m' | '1d' | '1mo' | 'fy';

interface Asked {
  readonly resolution: Resolution;
  readonly span: Span;
  /** For a token nothing is told of what lies partly outside the span. */
  readonly whole: boolean;
}

/** Of times that earn nothing, so many are named. */
const mostWithheld = 1_000;

/** What a generator saved per interval: a page of JSON, or all of it as streamed CSV. */
export function reductionRoutes(parts: ReductionParts): Hono<Env> {
  const { store, reductionBoard, clock } = parts;
  const exports = new Exports(parts);
  return new Hono<Env>().get(routes.reductions.path, async (c) => {
    const { cursor, limit, format, resolution, ...query } = readQuery(
      c.req.url,
      routes.reductions.query,
    );
    const plan = reductionBoard.plan(query.generator);
    if (plan === undefined) throw unknownId('generator', query.generator, reductionBoard.keys());
    const nowMs = clock.wallMs();
    const span = spanOf(query, { from: intervalStart('fy', nowMs), to: nowMs + 1 });
    const whole = c.get('token') !== undefined;
    if (format === 'json') {
      const asked = { resolution, span, limit, from: cursorOf(cursor, span), whole };
      return c.json(await page(parts, plan, asked));
    }
    const form = reductionCsv(plan, reductionBoard.confirmations());
    const rows = intervalsIn(store, plan, { resolution, span, whole });
    return exports.stream(c, rows, form, csvHeaders(plan.key, resolution));
  });
}

/** The interval that holds the beginning of a span may begin before it, by a year at most. */
const yearMs = 367 * 24 * 3_600_000;

function cursorOf(cursor: string | undefined, span: Span): number {
  const from = cursor === undefined ? -Infinity : Number(cursor);
  if (cursor === undefined || (from >= span.from - yearMs && from < span.to)) return from;
  throw badField('cursor', cursor, 'is no `next` of a page of this span');
}

async function page(
  { store, reductionBoard, clock }: ReductionParts,
  plan: ReductionPlan,
  asked: Asked & { limit: number; from: number },
): Promise<ReductionList> {
  const { span, limit } = asked;
  const items: ReductionList['items'] = [];
  const withheld: ShownWithheld[] = [];
  const covered: Span[] = [];
  const standIns = new Set<string>();
  let next: number | undefined;
  for await (const year of reductionYears(store, plan.key, span)) {
    withheld.push(...withheldIn(year, asked));
    for (const { from, to, standIns: names } of year.rows) {
      if (to <= span.from || from >= span.to) continue;
      covered.push({ from, to });
      for (const name of names) standIns.add(name);
    }
    for (const interval of inSpan(year, asked)) {
      if (interval.from < asked.from || next !== undefined) continue;
      if (items.length === limit) next = interval.from;
      else items.push(shownReduction(interval, plan, reductionBoard.confirmations()));
    }
  }
  // What is running is not missing.
  const until = Math.min(span.to, intervalStart('30m', clock.wallMs()) - halfHourMs);
  const edges = uncovered({ from: span.from, to: until }, covered).map(
    ({ from, to, reason }): ShownWithheld => ({ from, to, reason, detail: '', ...noEnergy }),
  );
  const all = [...withheld, ...edges].toSorted((a, b) => a.from - b.from);
  const confirmation = confirmationOf(plan.methodology.id, reductionBoard.confirmations());
  const { document = '', version = '', page = '' } = confirmation ?? {};
  return {
    generator: plan.key,
    methodology: {
      id: plan.methodology.id,
      confirmed: confirmation === undefined ? null : { document, version, page },
    },
    factorRule: plan.conditions.factorRule,
    provisional: doubtsOf(plan, reductionBoard.confirmations(), standIns),
    items,
    ...(next !== undefined && { next: String(next) }),
    withheld: all.slice(0, mostWithheld),
    withheldCount: all.length,
  };
}

const noEnergy = { generatedWh: null, soldWh: null, auxiliaryWh: null, elWh: null } as const;

function withheldIn({ stretches }: ReductionYear, { span, whole }: Asked): ShownWithheld[] {
  return stretches.flatMap(({ reason, detail, from, to, ...stretch }) => {
    if (reason === null || to <= span.from || from >= span.to) return [];
    if (whole && (from < span.from || to > span.to)) {
      const inside = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
      return [{ ...inside, reason, detail, ...noEnergy }];
    }
    const { generatedWh, soldWh, auxiliaryWh, elWh } = stretch;
    return [{ from, to, reason, detail, generatedWh, soldWh, auxiliaryWh, elWh }];
  });
}

function* inSpan(
  { rows }: ReductionYear,
  { resolution, span, whole }: Asked,
): Generator<ReductionInterval, void, undefined> {
  const { from, to } = span;
  for (const interval of reductionIntervals(rows, resolution)) {
    const touches = interval.to > from && interval.from < to;
    if (whole ? interval.from >= from && interval.to <= to : touches) yield interval;
  }
}

async function* intervalsIn(
  store: ReductionParts['store'],
  plan: ReductionPlan,
  asked: Asked,
): AsyncGenerator<ReductionInterval, void, undefined> {
  for await (const year of reductionYears(store, plan.key, asked.span)) yield* inSpan(year, asked);
}

function csvHeaders(key: string, resolution: string): Record<string, string> {
  const name = `reductions_${key.replaceAll('/', '_')}_${resolution}.csv`;
  return { ...fileHeaders(name, csvMedia), 'cache-control': 'no-store' };
}
