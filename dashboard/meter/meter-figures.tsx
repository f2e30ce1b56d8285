import type { Meter } from '#gateway/contract';
import { Figure } from '../figure/figure.tsx';
import { energyText, japanDate, japanMinute, japanMoment, registerText } from '../format.ts';
import { measuredBy, partsOf } from '../plant/meters.ts';
import { countedFigure } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';

export interface MeterFiguresProps {
  readonly meter: Meter;
  /** The gateway is heard, and the newest request for meters was answered. */
  readonly heard: boolean;
  readonly gatewayNowMs: number;
  /** Left out where a figure of the live picture shows it already. */
  readonly withToday?: boolean;
}

/** Of one register: energy of the day, the month and the fiscal year, and what they come from. */
export function MeterFigures({ meter, heard, gatewayNowMs, withToday = true }: MeterFiguresProps) {
  const texts = useTexts().meter;
  const { asset, quantity } = partsOf(meter);
  const { today, month, fiscalYear, registerWh } = meter;
  const measured = measuredBy(meter, gatewayNowMs);
  const register = countedFigure(measured, registerWh, heard);
  const common = { gatewayNowMs, unit: 'kWh', beside: register } as const;
  const day = (wh: number | null) => countedFigure(measured, wh, heard);
  const sums = [
    ['month', month],
    ['fiscalYear', fiscalYear],
  ] as const;
  return (
    <>
      {withToday ? (
        <Figure
          {...common}
          label={texts.today}
          note={
            today === null
              ? undefined
              : texts.since(japanMoment(today.since, gatewayNowMs, japanMinute))
          }
          shown={day(today?.wh ?? null)}
          format={energyText}
          missing={texts.todayMissing}
          testId={`today-${asset}-${quantity}`}
        />
      ) : null}
      {sums.map(([name, total]) => (
        <Figure
          {...common}
          key={name}
          label={texts[name]}
          note={total === null ? undefined : texts.since(japanDate(total.start))}
          shown={day(total?.wh ?? null)}
          format={energyText}
          missing={texts.missing}
          testId={`${name}-${asset}-${quantity}`}
        />
      ))}
      <Figure
        gatewayNowMs={gatewayNowMs}
        label={texts.register}
        shown={register}
        format={registerText}
        unit="kWh"
        testId={`register-${asset}-${quantity}`}
      />
    </>
  );
}

/** A register of its own under its name, such as what a site takes from the grid. */
export function MeterRow(props: MeterFiguresProps) {
  const texts = useTexts().meter;
  const { quantity } = partsOf(props.meter);
  return (
    <section class="meter-row" aria-label={texts.quantity(quantity)}>
      <h3>{texts.quantity(quantity)}</h3>
      <dl class="generation">
        <MeterFigures {...props} />
      </dl>
    </section>
  );
}
