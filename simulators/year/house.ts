import { driftAt, uniformAt } from '../world/noise.ts';
import { stepMs, stepsPerTick, type YearSpan } from './calendar.ts';
import type { HomePlan } from './plan.ts';

/** What a home's roof and its rooms do: energy since the year began, in whole Wh. */
export class House {
  readonly #plan: HomePlan;
  readonly #year: YearSpan;
  #step = 0;
  #generatedWh = 0;
  #soldWh = 0;

  constructor(plan: HomePlan, year: YearSpan) {
    this.#plan = plan;
    this.#year = year;
  }

  get generatedWh(): number {
    return this.#generatedWh;
  }

  /** Fed into the grid; the rest of what was generated was used in the home. */
  get soldWh(): number {
    return this.#soldWh;
  }

  /** Lives up to a tick; `steps` of ten minutes less or more. */
  liveTo(tick: number, steps = 0): void {
    const end = tick * stepsPerTick + steps;
    for (; this.#step < end; this.#step += 1) {
      const { generatedWh, soldWh } = this.#energy(this.#step);
      this.#generatedWh += generatedWh;
      this.#soldWh += soldWh;
    }
  }

  /** Of one step: a day from 6 to 18 h Japan time under passing clouds, and a household that is at home in the evening. */
  #energy(step: number): { readonly generatedWh: number; readonly soldWh: number } {
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
