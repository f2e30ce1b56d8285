import type { Reading } from '#device/contract';
import { halfHourMs, stepMs, type YearSpan } from './calendar.ts';
import type { HomeFault } from './faults.ts';
import { House } from './house.ts';
import type { HomePlan } from './plan.ts';

/** What is read of a home at one instant. */
export interface HomeMessage {
  readonly at: number;
  readonly generated?: Reading;
  readonly exported?: Reading;
  /** What the device says of the meter of generated, when it begins or changes. */
  readonly meter?: {
    readonly serial: string;
    readonly startWh?: number;
    readonly finalWh?: number;
  };
}

/** What a person who was there says: generated began again at 0 after `finalWh`; `at` is the first reading after. */
export interface Told {
  readonly at: number;
  readonly finalWh: number;
}

/**
 * One home through its year, half hour by half hour: what its meters showed, what was read of them, and what may be
 * credited. Pure: a function of plan and year. What is read follows the faults; the truth does not look at it, only at
 * when both registers were read soundly.
 */
export class Home {
  readonly told: Told[] = [];
  readonly plan: HomePlan;
  readonly #year: YearSpan;
  readonly #house: House;
  /** What the register of generated shows beside what was generated since the year began. */
  #offsetWh: number;
  #serial = 1;
  #lastShownWh = 0;
  #wake: { readonly finalWh: number; readonly startWh: number } | undefined;
  #next = 0;
  #creditableWh = 0;
  #lostWh = 0;

  constructor(plan: HomePlan, year: YearSpan) {
    this.plan = plan;
    this.#year = year;
    this.#house = new House(plan, year);
    this.#offsetWh = plan.startGeneratedWh;
  }

  /** Wh used in the home between instants at which both registers were read, up to where nothing counts any more. */
  get creditableWh(): number {
    return this.#creditableWh;
  }

  /** Wh used in the home that nobody may credit: across the end of what counts. */
  get lostWh(): number {
    return this.#lostWh;
  }

  /** Takes the home to a tick, in order, 0 first; answers what is read since the one before. */
  take(tick: number): HomeMessage[] {
    const fault = this.#faultAt(tick);
    const early = this.#readEarly(tick, fault);
    this.#house.liveTo(tick);
    if (fault !== undefined && tick === middle(fault)) this.#begin(fault);
    if (isRead(tick, fault)) this.#settle(tick);
    return [...early, ...this.#read(tick, fault)];
  }

  #faultAt(tick: number): HomeFault | undefined {
    const { faults } = this.plan;
    while ((faults[this.#next]?.after ?? Infinity) + 1 < tick) this.#next += 1;
    const fault = faults[this.#next];
    return fault !== undefined && fault.first <= tick ? fault : undefined;
  }

  /** Ten minutes past the tick before: where sold goes silent, or comes back, later than generated. */
  #readEarly(tick: number, fault: HomeFault | undefined): HomeMessage[] {
    if (fault?.kind !== 'gap-offset') return [];
    if (tick !== fault.first && tick !== fault.after + 1) return [];
    this.#house.liveTo(tick - 1, 1);
    return [{ at: this.#at(tick - 1) + stepMs, exported: this.#exported() }];
  }

  /** Generated begins again, at 0 or at what another meter shows. */
  #begin({ kind, share }: HomeFault): void {
    if (kind !== 'reset' && kind !== 'replaced') return;
    const startWh = kind === 'reset' ? 0 : Math.floor(share * 900);
    const shown = this.#shownWh();
    // Past a wrap that nobody saw, whoever wrote the final value down counted on.
    const finalWh = shown < this.#lastShownWh ? shown + this.plan.wrapAt : shown;
    this.#wake = { finalWh, startWh };
    this.#offsetWh = startWh - this.#house.generatedWh;
    if (kind === 'replaced') this.#serial += 1;
  }

  #read(tick: number, fault: HomeFault | undefined): HomeMessage[] {
    const at = this.#at(tick);
    const exported = this.#exported();
    const wrong = fault === undefined || tick >= fault.after ? undefined : this.#misread(fault);
    if (wrong === 'nothing') return [];
    if (wrong === 'no-sold') return [{ at, generated: this.#generated() }];
    if (wrong === 'no-generated') return [{ at, exported }];
    if (wrong !== undefined) return [{ at, generated: wrong, exported }];
    const generated = this.#generated();
    const { serial } = this;
    if (tick === 0) return [{ at, generated, exported, meter: { serial } }];
    if (fault?.kind === 'gap-offset' && tick === fault.after) return [{ at, generated }];
    const wake = this.#wake;
    this.#wake = undefined;
    if (wake === undefined) return [{ at, generated, exported }];
    if (fault?.kind === 'replaced')
      return [{ at, generated, exported, meter: { serial, ...wake } }];
    this.told.push({ at, finalWh: wake.finalWh });
    return [{ at, generated, exported }];
  }

  /** What is read of generated inside a fault, or which registers are not read at all. */
  #misread({ kind, share }: HomeFault): Reading | 'nothing' | 'no-sold' | 'no-generated' {
    switch (kind) {
      case 'gap-sold':
        return 'no-sold';
      case 'gap-generated':
        return 'no-generated';
      case 'outage':
      case 'gap-offset':
      case 'reset':
      case 'replaced':
        return 'nothing';
      case 'no-data':
        return { value: null, quality: 'bad', why: 'no-data' };
      case 'bad-values':
        return { value: 77, quality: 'bad', why: 'out-of-range' };
      case 'wake-up-zero':
        return { value: 0, quality: 'good' };
      case 'jitter':
        return {
          value: Math.max(0, this.#shownWh() - 1 - Math.floor(share * 9)),
          quality: 'good',
        };
    }
  }

  get serial(): string {
    return `${this.plan.asset}-${this.#serial}`;
  }

  #generated(): Reading {
    this.#lastShownWh = this.#shownWh();
    return { value: this.#lastShownWh, quality: 'good' };
  }

  #shownWh(): number {
    return (this.#offsetWh + this.#house.generatedWh) % this.plan.wrapAt;
  }

  #exported(): Reading {
    const value = (this.plan.startSoldWh + this.#house.soldWh) % this.plan.wrapAt;
    return { value, quality: 'good' };
  }

  /** Both registers are known here: what was used since the last such instant counts, unless the end lies between. */
  #settle(tick: number): void {
    const end = this.plan.endsAt?.tick ?? Infinity;
    const used = this.#house.generatedWh - this.#house.soldWh;
    const since = used - this.#creditableWh - this.#lostWh;
    if (tick <= end) this.#creditableWh += since;
    else this.#lostWh += since;
  }

  #at(tick: number): number {
    return this.#year.from + tick * halfHourMs;
  }
}

function middle({ first, after }: HomeFault): number {
  return first + Math.floor((after - first) / 2);
}

/** Whether both registers can be known at a tick. */
function isRead(tick: number, fault: HomeFault | undefined): boolean {
  if (fault === undefined) return true;
  if (fault.kind === 'gap-offset') return tick > fault.after;
  return tick >= fault.after;
}
