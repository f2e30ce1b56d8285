import type { Generator } from '#gateway/contract';
import { Figure } from '../figure/figure.tsx';
import { energyText, japanMinute, japanMoment, powerAmount, registerText } from '../format.ts';
import { countedFigure, shownFigure } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';

interface GeneratorPanelProps {
  readonly generator: Generator;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** One generator: power now, energy today and since when, and the register both come from. */
export function GeneratorPanel({ generator, heard, gatewayNowMs }: GeneratorPanelProps) {
  const texts = useTexts().generator;
  const heading = `generator-name-${generator.site}-${generator.id}`;
  const { today, generatedWh } = generator;
  const todayRead = { ...generator, measuredAt: today?.until ?? null };
  const power = shownFigure(generator, generator.powerW, heard);
  return (
    <article class="panel generator" aria-labelledby={heading} data-state={power.standing}>
      <header class="plate">
        <h2 id={heading}>{generator.name}</h2>
        <span class="plate-id">
          {texts.kind[generator.kind]} · {generator.site} / {generator.id}
        </span>
      </header>
      <dl class="generation">
        <Figure
          gatewayNowMs={gatewayNowMs}
          rank="second"
          label={texts.power}
          shown={power}
          format={(powerW) => powerAmount(powerW).value}
          unit={powerAmount(power.value ?? 0).unit}
          testId={`power-${generator.id}`}
        />
        <Figure
          gatewayNowMs={gatewayNowMs}
          rank="second"
          label={texts.today}
          note={today === null ? undefined : texts.since(startOf(today, gatewayNowMs))}
          shown={countedFigure(todayRead, today?.wh ?? null, heard)}
          format={energyText}
          unit="kWh"
          beside={power}
          missing={texts.todayMissing}
          testId={`today-${generator.id}`}
        />
        <Figure
          gatewayNowMs={gatewayNowMs}
          label={texts.register}
          shown={countedFigure(generator, generatedWh, heard)}
          format={registerText}
          unit="kWh"
          beside={power}
        />
      </dl>
    </article>
  );
}

function startOf(today: NonNullable<Generator['today']>, gatewayNowMs: number): string {
  return japanMoment(today.since, gatewayNowMs, japanMinute);
}
