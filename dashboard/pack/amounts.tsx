import { Figure } from '../figure/figure.tsx';
import {
  fixed,
  massText,
  massUncertaintyText,
  normalCubicMetresText,
  temperatureText,
} from '../format.ts';
import type { PackView, ShownMass } from '../plant/pack-view.ts';
import { useTexts } from '../texts/texts.ts';

/** How much there is: usable first and largest, then what it follows from. */
export function Amounts(props: { readonly view: PackView; readonly gatewayNowMs: number }) {
  const texts = useTexts().pack;
  const { pack, usable, total, normalCubicMetres, temperature, pressure } = props.view;
  const { gatewayNowMs } = props;
  const main = { gatewayNowMs, beside: pressure };
  const derived = { gatewayNowMs, beside: usable };
  return (
    <dl class="amounts">
      <Figure
        {...main}
        rank="first"
        label={texts.usable}
        note={texts.usableBasis(fixed(pack.residualPressureMpa, 1))}
        shown={usable}
        format={massText}
        unit="kg"
        addition={plusMinus(usable)}
        testId={`usable-${pack.id}`}
      />
      <Figure
        {...derived}
        rank="second"
        label={texts.total}
        shown={total}
        format={massText}
        unit="kg"
        addition={plusMinus(total)}
        testId={`total-${pack.id}`}
      />
      <Figure
        {...main}
        rank="second"
        label={texts.temperature}
        shown={temperature}
        format={temperatureText}
        unit="°C"
        testId={`temperature-${pack.id}`}
      />
      <Figure
        {...derived}
        label={texts.normalCubicMetres}
        shown={normalCubicMetres}
        format={normalCubicMetresText}
        unit={texts.normalCubicMetresUnit}
      />
    </dl>
  );
}

function plusMinus({ uncertaintyKg }: ShownMass): string | undefined {
  return uncertaintyKg === null ? undefined : `± ${massUncertaintyText(uncertaintyKg)} kg`;
}
