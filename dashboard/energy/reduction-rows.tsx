import type { Generator, GeneratorReduction } from '#gateway/contract';
import { QualityMark } from '../figure/quality-mark.tsx';
import { massText } from '../format.ts';
import { kilogramsOf, tonnesText } from '../plant/reductions.ts';
import { countedFigure } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';

interface ReductionRowsProps {
  readonly site: string;
  readonly generators: readonly Generator[];
  readonly heard: boolean;
}

/** What each generator of a site saved, beside what it made. Not added up: a figure that is withheld has no part in a sum. */
export function ReductionRows({ site, generators, heard }: ReductionRowsProps) {
  const rows = generators.flatMap((generator) =>
    generator.reduction === null ? [] : [{ generator, reduction: generator.reduction }],
  );
  if (rows.length === 0) return null;
  return (
    <ul class="energy-now energy-reductions" data-testid={`reductions-${site}`}>
      {rows.map((row) => (
        <ReductionRow key={row.generator.id} {...row} heard={heard} />
      ))}
    </ul>
  );
}

interface ReductionRowProps {
  readonly generator: Generator;
  readonly reduction: GeneratorReduction;
  readonly heard: boolean;
}

function ReductionRow({ generator, reduction, heard }: ReductionRowProps) {
  const texts = useTexts();
  const { reduction: words } = texts;
  const { withheld, provisional, todayKg, fiscalYearKg, until } = reduction;
  const measured = { ...generator, measuredAt: until };
  const figure = (exact: string | null) => countedFigure(measured, kilogramsOf(exact), heard);
  const [today, year] = [figure(todayKg), figure(fiscalYearKg)];
  const mass = (kg: number | null) =>
    kg === null ? <span class="figure-unknown">{texts.pack.unknown}</span> : <b>{massText(kg)}</b>;
  return (
    <li data-state={year.standing} data-testid={`reductions-${generator.id}`}>
      <span class="energy-name">{generator.name}</span>
      {withheld === null ? (
        <>
          <span>
            {words.today} {mass(today.value)} kg
          </span>
          <span>
            {words.fiscalYear(reduction.fiscalYear)} {mass(year.value)} kg
            {year.value === null ? '' : ` = ${tonnesText(year.value)} t`}
          </span>
          {provisional.length === 0 ? null : <span class="badge">{words.provisional}</span>}
          <QualityMark standing={year.standing} />
        </>
      ) : (
        <span>
          {words.fiscalYear(reduction.fiscalYear)}: {words.withheld(withheld.reason)}
        </span>
      )}
    </li>
  );
}
