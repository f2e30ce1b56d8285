import { kilogramsOf } from '../plant/reductions.ts';
import type { Standing } from '../plant/standing.ts';
import type { CalculationTold } from './answers.ts';

type Doubt = CalculationTold['provisional'][number];

/** A member's fiscal year as a line of the table. */
export interface MemberRow {
  readonly member: string;
  readonly fromMs: number;
  /** `bad` where nothing counts, `uncertain` where less than all of the time does. */
  readonly standing: Extract<Standing, 'good' | 'uncertain' | 'bad'>;
  /** Of the time that counts; null where none does: an energy of which nothing is known is not zero. */
  readonly energy: {
    readonly generatedWh: number;
    readonly selfConsumedWh: number;
    readonly exportedWh: number;
  } | null;
  readonly coveredPercent: number;
  /** kg CO2 by band of the factor; `kg` null where it is withheld. Not added up: the page computes no reduction. */
  readonly reductions: readonly { readonly band: string; readonly kg: number | null }[];
  /** Each reason once, with whatever is said of it. */
  readonly provisional: readonly Doubt[];
  readonly uncounted: CalculationTold['energy']['uncounted'];
}

export function memberRow({
  member,
  from,
  energy,
  bands,
  provisional,
}: CalculationTold): MemberRow {
  const { coveredSeconds, missingSeconds } = energy;
  const counts = coveredSeconds > 0;
  return {
    member,
    fromMs: from,
    standing: counts ? (missingSeconds > 0 ? 'uncertain' : 'good') : 'bad',
    energy: counts
      ? {
          generatedWh: energy.generatedWh,
          selfConsumedWh: energy.elWh,
          exportedWh: energy.soldWh,
        }
      : null,
    coveredPercent: coveredPercent(energy),
    reductions: bands.map(({ band, reductionKg }) => ({ band, kg: kilogramsOf(reductionKg) })),
    provisional: onceEach([...provisional, ...bands.flatMap((band) => band.provisional)]),
    uncounted: energy.uncounted,
  };
}

interface Covered {
  readonly coveredSeconds: number;
  readonly missingSeconds: number;
}

/** Whole percent, rounded down: less than all of the time is never 100. 0 of no time. */
export function coveredPercent({ coveredSeconds, missingSeconds }: Covered): number {
  const all = coveredSeconds + missingSeconds;
  return all === 0 ? 0 : Math.floor((100 * coveredSeconds) / all);
}

function onceEach(doubts: readonly Doubt[]): Doubt[] {
  const details = new Map<string, Set<string>>();
  for (const { reason, detail } of doubts)
    details.set(reason, (details.get(reason) ?? new Set()).add(detail));
  return [...details].map(([reason, said]) => ({ reason, detail: [...said].join('; ') }));
}
