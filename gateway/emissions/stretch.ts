import { type Conditions, Judge, type Standing } from './conditions.ts';
import type { Band } from './factor-rule.ts';
import { dateOf } from './fiscal-year.ts';
import type { ItemsWh, JointSpan } from './joint.ts';
import type { Reason } from './reason.ts';

/**
 * A maximal chain of joint spans with one fiscal year, band, standing and set of meters. It counts, or `reason` and `detail` say why it
 * earns 0. `elWh` keeps its sign; a stretch that counts is never negative. Wh are null where they are not known.
 */
export interface Stretch extends ItemsWh {
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

/**
 * Joint spans, in order, as stretches. A span that straddles a cut, or across an event that nobody has explained,
 * earns 0 by itself.
 */
export function stretches(spans: Iterable<JointSpan>, conditions: Conditions): Stretch[] {
  const judge = new Judge(conditions);
  const found: Stretch[] = [];
  let open: Chain | undefined;
  let constantUntil = -Infinity;
  let standing: Standing | undefined;
  for (const span of spans) {
    if (standing === undefined || span.from >= constantUntil) {
      standing = judge.standing(span.from);
      constantUntil = judge.constantUntil(span.from);
    }
    const verdict = span.to <= constantUntil ? plain(span, standing) : verdictOn(span, judge);
    if (open?.takes(span, verdict) === true && !judge.endsAt(span.from)) open.add(span);
    else {
      if (open !== undefined) found.push(open.finished());
      open = new Chain(span, verdict);
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

interface Verdict {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly reason: Reason | null;
  readonly detail: string;
}

/** Of a span without a cut inside. */
function plain(span: JointSpan, { fiscalYear, band, obstacle }: Standing): Verdict {
  if (obstacle !== null) return { fiscalYear, band, ...obstacle };
  if (span.elWh !== null) return { fiscalYear, band, reason: null, detail: '' };
  const reason = span.events.includes('no-data') ? 'no-data' : 'open-event';
  return { fiscalYear, band, reason, detail: span.events.join(' ') };
}

function verdictOn(span: JointSpan, judge: Judge): Verdict {
  const standing = judge.standing(span.from);
  const cut = judge.cutIn(span);
  if (cut === undefined) return plain(span, standing);
  const { fiscalYear, band } = standing;
  return { fiscalYear, band, reason: 'straddles', detail: dateOf(cut) };
}

class Chain {
  readonly #verdict: Verdict;
  readonly #from: number;
  #to: number;
  #generatedWh: number | null;
  #soldWh: number | null;
  #auxiliaryWh: number | null;
  #elWh: number | null;

  constructor(span: JointSpan, verdict: Verdict) {
    this.#verdict = verdict;
    this.#from = span.from;
    this.#to = span.to;
    this.#generatedWh = span.generatedWh;
    this.#soldWh = span.soldWh;
    this.#auxiliaryWh = span.auxiliaryWh;
    this.#elWh = span.elWh;
  }

  takes(span: JointSpan, { fiscalYear, band, reason, detail }: Verdict): boolean {
    const own = this.#verdict;
    // What nobody explained is listed one by one: each has an event of its own to be settled.
    const alone = reason === 'straddles' || reason === 'open-event' || reason === 'no-data';
    return (
      !alone &&
      span.from === this.#to &&
      own.fiscalYear === fiscalYear &&
      own.band === band &&
      own.reason === reason &&
      own.detail === detail
    );
  }

  add(span: JointSpan): void {
    this.#to = span.to;
    this.#generatedWh = sumOf(this.#generatedWh, span.generatedWh);
    this.#soldWh = sumOf(this.#soldWh, span.soldWh);
    this.#auxiliaryWh = sumOf(this.#auxiliaryWh, span.auxiliaryWh);
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
