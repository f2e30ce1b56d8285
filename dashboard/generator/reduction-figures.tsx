import type { Generator, GeneratorReduction } from '#gateway/contract';
import { Figure } from '../figure/figure.tsx';
import { Note } from '../figure/note.tsx';
import { massText } from '../format.ts';
import { kilogramsOf, tonnesText } from '../plant/reductions.ts';
import { countedFigure } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';

interface ReductionFiguresProps {
  readonly generator: Generator;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** What a generator saved today and in the fiscal year; provisional, with the reasons, or why nothing is credited. */
export function ReductionFigures({ generator, heard, gatewayNowMs }: ReductionFiguresProps) {
  const texts = useTexts().reduction;
  const { id, reduction } = generator;
  if (reduction === null) return null;
  const { withheld, provisional, todayKg, fiscalYearKg, until } = reduction;
  const measured = { ...generator, measuredAt: until };
  const mark = provisional.length > 0 ? texts.provisional : undefined;
  const missing = withheld === null ? texts.missing : texts.withheld(withheld.reason);
  const common = { gatewayNowMs, note: mark, format: massText, unit: 'kg', missing };
  const today = countedFigure(measured, kilogramsOf(todayKg), heard);
  const year = countedFigure(measured, kilogramsOf(fiscalYearKg), heard);
  return (
    <>
      <dl class="generation" data-testid={`reduction-${id}`}>
        <Figure {...common} label={texts.today} shown={today} testId={`reduction-today-${id}`} />
        <Figure
          {...common}
          label={texts.fiscalYear(reduction.fiscalYear)}
          shown={year}
          addition={year.value === null ? undefined : `= ${tonnesText(year.value)} t`}
          beside={today}
          testId={`reduction-year-${id}`}
        />
      </dl>
      <Reasons id={id} provisional={provisional} />
    </>
  );
}

function Reasons({
  id,
  provisional,
}: Pick<GeneratorReduction, 'provisional'> & { readonly id: string }) {
  const texts = useTexts().reduction;
  if (provisional.length === 0) return null;
  const reasons = provisional.map(({ reason, detail }) => texts.doubt(reason, detail));
  return (
    <ul class="pack-notes" data-testid={`provisional-${id}`}>
      <Note kind="provisional" sign="changed">
        {texts.because(reasons.join(texts.separator))}
      </Note>
    </ul>
  );
}
