import { driftAt, uniformAt } from '../world/noise.ts';
import { stepMs, stepsPerTick, type YearSpan } from './calendar.ts';
import type { HomePlan } from './plan.ts';

/** Since the year began; fuel and heat only of a fuel cell. What was generated and not sold was used in the home. */
export interface Amounts {
  readonly generatedWh: number;
  readonly soldWh: number;
  readonly gasDm3: number;
  readonly heatKj: number;
}

export const nothing: Amounts = { generatedWh: 0, soldWh: 0, gasDm3: 0, heatKj: 0 };

/** What a home's roof or fuel cell and its rooms do, in whole Wh. */
export class House {
  readonly #plan: HomePlan;
  readonly #year: YearSpan;
  #step = 0;
  #amounts = nothing;

  constructor(plan: HomePlan, year: YearSpan) {
    this.#plan = plan;
    this.#year = year;
  }

  get amounts(): Amounts {
    return this.#amounts;
  }

  /** Lives up to a tick; `steps` of ten minutes less or more. */
  liveTo(tick: number, steps = 0): void {
    const end = tick * stepsPerTick + steps;
    for (; this.#step < end; this.#step += 1) {
      const { generatedWh, soldWh } =
        this.#plan.kind === 'pv' ? this.#roof(this.#step) : this.#cell(this.#step);
      this.#take(generatedWh, soldWh);
    }
  }

  #take(moreGeneratedWh: number, moreSoldWh: number): void {
    const generatedWh = this.#amounts.generatedWh + moreGeneratedWh;
    const burns = this.#plan.kind === 'fuel-cell';
    this.#amounts = {
      generatedWh,
      soldWh: this.#amounts.soldWh + moreSoldWh,
      // 40 % of the gas (45 kJ/dm3) becomes electricity, some 44 % useful heat.
      gasDm3: burns ? Math.floor(generatedWh / 5) : 0,
      heatKj: burns ? generatedWh * 4 : 0,
    };
  }

  /** Of one step: between 250 and 700 W from 6 to 23 h. */
  #cell(step: number): { readonly generatedWh: number; readonly soldWh: number } {
    const { seed, number, peakW } = this.#plan;
    const hour = (Math.floor((this.#year.from + step * stepMs) / 3_600_000) + 9) % 24;
    if (hour < 6 || hour === 23) return { generatedWh: 0, soldWh: 0 };
    const share = 0.36 + 0.64 * uniformAt(seed, 40_000 + number, step);
    return { generatedWh: Math.floor((peakW * share) / 6), soldWh: 0 };
  }

  /** Of one step: a day from 6 to 18 h Japan time under passing clouds, and a household that is at home in the evening. */
  #roof(step: number): { readonly generatedWh: number; readonly soldWh: number } {
    const { seed, number, peakW, loadW } = this.#plan;
    const at = this.#year.from + step * stepMs;
    const hour = ((at / 3_600_000 + 9) % 24) - 12;
    if (Math.abs(hour) >= 6) return { generatedWh: 0, soldWh: 0 };
    const clouds = 0.55 + 0.45 * driftAt(seed, 1_000 + number, at, 3 * 3_600_000);
    const height = Math.cos((hour / 6) * (Math.PI / 2));
    const flicker = 0.9 + 0.1 * uniformAt(seed, 20_000 + number, step);
    const generatedWh = Math.floor((peakW * height * clouds * flicker) / 6);
    const usedWh = Math.floor((loadW * (1 + uniformAt(seed, 40_000 + number, step))) / 6);
    return { generatedWh, soldWh: Math.max(0, generatedWh - usedWh) };
  }
}
