import type { Meter } from '#gateway/contract';
import { Figure } from '../figure/figure.tsx';
import { energyText, fixed, japanDate, japanMinute, japanMoment, registerText } from '../format.ts';
import { coveredPercent, measuredBy, ofTotal, partsOf } from '../plant/meters.ts';
import { countedFigure } from '../plant/standing.ts';
import { type Texts, useTexts } from '../texts/texts.ts';

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
  const common = { gatewayNowMs, unit: 'kWh', format: energyText };
  const day = countedFigure(measured, today?.wh ?? null, heard);
  const sum = (total: Meter['month']) => {
    const percent = total === null ? 100 : coveredPercent(total, meter.readAt);
    return { percent, shown: countedFigure(ofTotal(measured, percent), total?.wh ?? null, heard) };
  };
  const ofMonth = sum(month);
  // A reason is told once: by the register, or by the month for the year.
  const sums = [
    { name: 'month', total: month, ...ofMonth, beside: register },
    { name: 'fiscalYear', total: fiscalYear, ...sum(fiscalYear), beside: ofMonth.shown },
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
          shown={day}
          missing={texts.todayMissing}
          beside={register}
          testId={`today-${asset}-${quantity}`}
        />
      ) : null}
      {sums.map(({ name, total, percent, shown, beside }) => (
        <Figure
          {...common}
          key={name}
          label={texts[name]}
          note={total === null ? undefined : coveredText(texts, total.start, percent)}
          shown={shown}
          missing={texts.missing}
          beside={beside}
          testId={`${name}-${asset}-${quantity}`}
        />
      ))}
      <Figure
        gatewayNowMs={gatewayNowMs}
        label={texts.register}
        note={assumedText(texts, meter)}
        shown={register}
        format={registerText}
        unit="kWh"
        missing={texts.neverRead}
        testId={`register-${asset}-${quantity}`}
      />
    </>
  );
}

/** One that people read has no period. */
function assumedText(
  { assumedPeriod }: Texts['meter'],
  { device, reportingPeriod: { seconds, assumed } }: Meter,
): string | undefined {
  return assumed && device !== null ? assumedPeriod(fixed(seconds / 60, 0)) : undefined;
}

function coveredText({ since, covered }: Texts['meter'], startMs: number, percent: number): string {
  const date = japanDate(startMs);
  return percent < 100 ? covered(date, fixed(percent, 0)) : since(date);
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
