import { type Conditions, Judge, type Standing } from './conditions.ts';
import type { Band } from './factor-rule.ts';
import { dateOf } from './fiscal-year.ts';
import type { ItemAmounts, JointSpan } from './joint.ts';
import type { Reason } from './reason.ts';

/**
 * A maximal chain of joint spans with one fiscal year, band, standing and set of meters. It counts, or `reason` and `detail` say why it
 * earns 0. `elWh` keeps its sign; a stretch that counts is never negative. Amounts are null where they are not known.
 */
export interface Stretch extends ItemAmounts {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly from: number;
  readonly to: number;
  readonly elWh: number | null;
  readonly counted: boolean;
  readonly reason: Reason | null;
  readonly detail: string;
}

/** The time that is asked about: what of it no joint span covers is listed, too. */
export interface Asked {
  readonly from: number;
  readonly to: number;
}

/** Why a span earns, or does not, in which fiscal year and band. */
export interface Verdict {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly reason: Reason | null;
  readonly detail: string;
}
export type JudgedSpan = Omit<JointSpan, 'events'> & Verdict;

/**
 * Joint spans, in order, each judged by itself: one that straddles a cut, or lies across an event that nobody has
 * explained, earns 0.
 */
export function* judged(
  spans: Iterable<JointSpan>,
  judge: Judge,
): Generator<JudgedSpan, void, undefined> {
  let constantUntil = -Infinity;
  let standing: Standing | undefined;
  for (const span of spans) {
    if (standing === undefined || span.from >= constantUntil) {
      standing = judge.standing(span.from);
      constantUntil = judge.constantUntil(span.from);
    }
    const cut = span.to <= constantUntil ? undefined : judge.cutIn(span);
    yield judgedAs(span, standing, reasonOf(span, standing, cut));
  }
}

/** Joint spans, in order, as stretches. */
export function stretches(spans: Iterable<JointSpan>, conditions: Conditions): Stretch[] {
  const judge = new Judge(conditions);
  return stretchesOf(judged(spans, judge), (at) => judge.endsAt(at));
}

/** Judged spans, in order, as stretches. @param endsAt whether a stretch must end at a time whatever follows. */
export function stretchesOf(
  spans: Iterable<JudgedSpan>,
  endsAt: (atMs: number) => boolean = () => false,
): Stretch[] {
  const found: Stretch[] = [];
  let open: Chain | undefined;
  for (const span of spans) {
    if (open?.takes(span) === true && !endsAt(span.from)) open.add(span);
    else {
      if (open !== undefined) found.push(open.finished());
      open = new Chain(span);
    }
  }
  if (open !== undefined) found.push(open.finished());
  return found;
}

/** What no joint span covers of the time asked about: all of it, or what is before the first and after the last. */
export function uncovered(
  asked: Asked,
  spans: readonly Asked[],
): { from: number; to: number; reason: Extract<Reason, 'no-data' | 'gap-at-edge'> }[] {
  const first = spans[0];
  const last = spans.at(-1);
  if (first === undefined || last === undefined)
    return asked.to > asked.from ? [{ ...asked, reason: 'no-data' }] : [];
  return [
    { from: asked.from, to: Math.min(first.from, asked.to) },
    { from: Math.max(last.to, asked.from), to: asked.to },
  ]
    .filter(({ from, to }) => to > from)
    .map((part) => ({ ...part, reason: 'gap-at-edge' }));
}

type Why = Pick<Verdict, 'reason' | 'detail'>;
const earns: Why = { reason: null, detail: '' };

function reasonOf(
  { elWh, events }: JointSpan,
  { obstacle }: Standing,
  cut: number | undefined,
): Why {
  if (cut !== undefined) return { reason: 'straddles', detail: dateOf(cut) };
  if (obstacle !== null) return obstacle;
  if (elWh !== null) return earns;
  const reason = events.includes('no-data') ? 'no-data' : 'open-event';
  return { reason, detail: events.join(' ') };
}

/** Written out: spreads of the half hours of a year took 92 ms of processor time, this takes 2. */
function judgedAs(
  { from, to, generatedWh, soldWh, auxiliaryWh, gasDm3, heatKj, elWh }: JointSpan,
  { fiscalYear, band }: Standing,
  { reason, detail }: Why,
): JudgedSpan {
  return {
    from,
    to,
    generatedWh,
    soldWh,
    auxiliaryWh,
    gasDm3,
    heatKj,
    elWh,
    fiscalYear,
    band,
    reason,
    detail,
  };
}

class Chain {
  readonly #verdict: Verdict;
  readonly #from: number;
  #to: number;
  #generatedWh: number | null;
  #soldWh: number | null;
  #auxiliaryWh: number | null;
  #gasDm3: number | null;
  #heatKj: number | null;
  #elWh: number | null;

  constructor(span: JudgedSpan) {
    this.#verdict = span;
    this.#from = span.from;
    this.#to = span.to;
    this.#generatedWh = span.generatedWh;
    this.#soldWh = span.soldWh;
    this.#auxiliaryWh = span.auxiliaryWh;
    this.#gasDm3 = span.gasDm3;
    this.#heatKj = span.heatKj;
    this.#elWh = span.elWh;
  }

  takes({ from, fiscalYear, band, reason, detail }: JudgedSpan): boolean {
    const own = this.#verdict;
    // What nobody explained is listed one by one: each has an event of its own to be settled.
    const alone = reason === 'straddles' || reason === 'open-event' || reason === 'no-data';
    return (
      !alone &&
      from === this.#to &&
      own.fiscalYear === fiscalYear &&
      own.band === band &&
      own.reason === reason &&
      own.detail === detail
    );
  }

  add(span: JudgedSpan): void {
    this.#to = span.to;
    this.#generatedWh = sumOf(this.#generatedWh, span.generatedWh);
    this.#soldWh = sumOf(this.#soldWh, span.soldWh);
    this.#auxiliaryWh = sumOf(this.#auxiliaryWh, span.auxiliaryWh);
    this.#gasDm3 = sumOf(this.#gasDm3, span.gasDm3);
    this.#heatKj = sumOf(this.#heatKj, span.heatKj);
    this.#elWh = sumOf(this.#elWh, span.elWh);
  }

  finished(): Stretch {
    const { fiscalYear, band, detail } = this.#verdict;
    const elWh = this.#elWh;
    const negative = this.#verdict.reason === null && elWh !== null && elWh < 0;
    const reason = negative ? 'negative' : this.#verdict.reason;
    return {
      fiscalYear,
      band,
      from: this.#from,
      to: this.#to,
      generatedWh: this.#generatedWh,
      soldWh: this.#soldWh,
      auxiliaryWh: this.#auxiliaryWh,
      gasDm3: this.#gasDm3,
      heatKj: this.#heatKj,
      elWh,
      counted: reason === null,
      reason,
      detail: negative ? `${elWh} Wh` : detail,
    };
  }
}

/** Unknown and known are unknown. */
function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
