import type { Generator } from '#gateway/contract';
import { countedFigure, type Measured, type Shown, shownFigure } from './standing.ts';

/** A generator as the page shows it. */
export interface GeneratorView {
  readonly power: Shown;
  readonly today: Shown;
  readonly register: Shown;
  /**
   * The meter is read, and no pulse came yet from which a power could be told: at night, or just after a start. That is
   * not a fault, and what is counted is as fresh as the meter.
   */
  readonly waiting: boolean;
}

/** `heard`: the gateway is heard now; otherwise everything is old. */
export function viewGenerator(generator: Generator, heard: boolean): GeneratorView {
  const { powerW, generatedWh, today, measuredAt, why } = generator;
  const waiting = why === 'no-data' && powerW === null && generatedWh !== null;
  const counted: Measured = waiting ? { measuredAt, quality: 'good' } : generator;
  const power = waiting
    ? ({ standing: heard ? 'uncertain' : 'old', value: null, why: undefined, measuredAt } as const)
    : shownFigure(generator, powerW, heard);
  return {
    power,
    today: countedFigure(
      { ...counted, measuredAt: today?.until ?? null },
      today?.wh ?? null,
      heard,
    ),
    register: countedFigure(counted, generatedWh, heard),
    waiting,
  };
}
