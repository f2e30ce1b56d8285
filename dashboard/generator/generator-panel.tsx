import type { Generator, Meter } from '#gateway/contract';
import { Figure } from '../figure/figure.tsx';
import { energyText, japanMinute, japanMoment, powerAmount, registerText } from '../format.ts';
import { MeterBar } from '../meter/meter-bar.tsx';
import { MeterFigures, MeterRow } from '../meter/meter-figures.tsx';
import { MeterNotes } from '../meter/meter-notes.tsx';
import { PlateNote } from '../page/site-name.tsx';
import { partsOf } from '../plant/meters.ts';
import { viewGenerator } from '../plant/generator-view.ts';
import { useTexts } from '../texts/texts.ts';
import { ReductionFigures } from './reduction-figures.tsx';

interface GeneratorPanelProps {
  readonly generator: Generator;
  /** Its registers; none before the gateway was asked. */
  readonly meters: readonly Meter[];
  readonly heard: boolean;
  /** The newest request for meters was answered, too. */
  readonly metersHeard: boolean;
  readonly gatewayNowMs: number;
}

/** One generator: power now, energy of the day, the month and the fiscal year, and its other registers. */
export function GeneratorPanel(props: GeneratorPanelProps) {
  const { generator, meters, heard, metersHeard, gatewayNowMs } = props;
  const [generated, others] = generatedFirst(meters);
  const ofMeters = { heard: metersHeard, gatewayNowMs };
  const texts = useTexts().generator;
  const heading = `generator-name-${generator.site}-${generator.id}`;
  const { today } = generator;
  const view = viewGenerator(generator, heard);
  const { power } = view;
  return (
    <article class="panel generator" aria-labelledby={heading} data-state={power.standing}>
      <header class="plate">
        <h2 id={heading}>{generator.name}</h2>
        <PlateNote site={generator.site} what={texts.kind[generator.kind]} />
      </header>
      <MeterNotes asset={generator.id} meters={meters} />
      <dl class="generation">
        <Figure
          gatewayNowMs={gatewayNowMs}
          rank="second"
          label={texts.power}
          shown={power}
          format={(powerW) => powerAmount(powerW).value}
          unit={powerAmount(power.value ?? 0).unit}
          {...(view.waiting ? { unknown: texts.waiting, missing: texts.waitingExplain } : {})}
          testId={`power-${generator.id}`}
        />
        <Figure
          gatewayNowMs={gatewayNowMs}
          rank="second"
          label={texts.today}
          note={today === null ? undefined : texts.since(startOf(today, gatewayNowMs))}
          shown={view.today}
          format={energyText}
          unit="kWh"
          beside={power}
          missing={texts.todayMissing}
          testId={`today-${generator.id}`}
        />
        {generated === undefined ? (
          <Figure
            gatewayNowMs={gatewayNowMs}
            label={texts.register}
            shown={view.register}
            format={registerText}
            unit="kWh"
            beside={power}
          />
        ) : (
          <MeterFigures {...ofMeters} meter={generated} withToday={false} />
        )}
      </dl>
      <ReductionFigures generator={generator} heard={heard} gatewayNowMs={gatewayNowMs} />
      {others.map((meter) => (
        <MeterRow {...ofMeters} key={meter.meter} meter={meter} />
      ))}
      <MeterBar asset={generator.id} name={generator.name} meters={meters} />
    </article>
  );
}

function startOf(today: NonNullable<Generator['today']>, gatewayNowMs: number): string {
  return japanMoment(today.since, gatewayNowMs, japanMinute);
}

function generatedFirst(meters: readonly Meter[]): [Meter | undefined, readonly Meter[]] {
  const generated = meters.find((meter) => partsOf(meter).quantity === 'generated');
  return [generated, meters.filter((meter) => meter !== generated)];
}
