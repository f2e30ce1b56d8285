import type { Reading } from '#device/contract';
import { halfHourMs, stepMs, type YearSpan } from './calendar.ts';
import type { HomeFault } from './faults.ts';
import { type Amounts, House, nothing } from './house.ts';
import type { HomePlan } from './plan.ts';

/** What is read of a home at one instant. */
export interface HomeMessage {
  readonly at: number;
  readonly generated?: Reading;
  readonly exported?: Reading;
  /** Of a fuel cell, read together with what is exported. */
  readonly gas?: Reading;
  readonly heat?: Reading;
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
 * when all registers were read soundly.
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
  #creditable = nothing;
  /** At the newest instant at which all registers were known. */
  #settled = nothing;

  constructor(plan: HomePlan, year: YearSpan) {
    this.plan = plan;
    this.#year = year;
    this.#house = new House(plan, year);
    this.#offsetWh = plan.startGeneratedWh;
  }

  /** What counts between instants at which all registers were read, up to where nothing counts any more. */
  get creditable(): Amounts {
    return this.#creditable;
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
    return [{ at: this.#at(tick - 1) + stepMs, ...this.#beside() }];
  }

  /** Generated begins again, at 0 or at what another meter shows. */
  #begin({ kind, share }: HomeFault): void {
    if (kind !== 'reset' && kind !== 'replaced') return;
    const startWh = kind === 'reset' ? 0 : Math.floor(share * 900);
    const shown = this.#shownWh();
    // Past a wrap that nobody saw, whoever wrote the final value down counted on.
    const finalWh = shown < this.#lastShownWh ? shown + this.plan.wrapAt : shown;
    this.#wake = { finalWh, startWh };
    this.#offsetWh = startWh - this.#house.amounts.generatedWh;
    if (kind === 'replaced') this.#serial += 1;
  }

  #read(tick: number, fault: HomeFault | undefined): HomeMessage[] {
    const at = this.#at(tick);
    const beside = this.#beside();
    const wrong = fault === undefined || tick >= fault.after ? undefined : this.#misread(fault);
    if (wrong === 'nothing') return [];
    if (wrong === 'no-sold') return [{ at, generated: this.#generated() }];
    if (wrong === 'no-generated') return [{ at, ...beside }];
    if (wrong !== undefined) return [{ at, generated: wrong, ...beside }];
    const generated = this.#generated();
    const { serial } = this;
    if (tick === 0) return [{ at, generated, ...beside, meter: { serial } }];
    if (fault?.kind === 'gap-offset' && tick === fault.after) return [{ at, generated }];
    const wake = this.#wake;
    this.#wake = undefined;
    if (wake === undefined) return [{ at, generated, ...beside }];
    if (fault?.kind === 'replaced')
      return [{ at, generated, ...beside, meter: { serial, ...wake } }];
    this.told.push({ at, finalWh: wake.finalWh });
    return [{ at, generated, ...beside }];
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
    return (this.#offsetWh + this.#house.amounts.generatedWh) % this.plan.wrapAt;
  }

  /** The registers beside generated. */
  #beside(): Pick<HomeMessage, 'exported' | 'gas' | 'heat'> {
    const { soldWh, gasDm3, heatKj } = this.#house.amounts;
    const { kind, startSoldWh, wrapAt } = this.plan;
    const exported = { value: (startSoldWh + soldWh) % wrapAt, quality: 'good' } as const;
    if (kind === 'pv') return { exported };
    const gas = { value: startSoldWh + gasDm3, quality: 'good' } as const;
    return { exported, gas, heat: { value: startSoldWh + heatKj, quality: 'good' } };
  }

  /** All registers are known here: what came since the last such instant counts, unless the end lies between. */
  #settle(tick: number): void {
    const now = this.#house.amounts;
    const before = this.#settled;
    const { generatedWh, soldWh, gasDm3, heatKj } = this.#creditable;
    this.#settled = now;
    if (tick > (this.plan.endsAt?.tick ?? Infinity)) return;
    this.#creditable = {
      generatedWh: generatedWh + now.generatedWh - before.generatedWh,
      soldWh: soldWh + now.soldWh - before.soldWh,
      gasDm3: gasDm3 + now.gasDm3 - before.gasDm3,
      heatKj: heatKj + now.heatKj - before.heatKj,
    };
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
