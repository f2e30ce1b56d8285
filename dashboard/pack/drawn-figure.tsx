import type { Pack } from '#gateway/contract';
import { QualityMark } from '../figure/quality-mark.tsx';
import { japanMinute, japanMoment, massText, massUncertaintyText } from '../format.ts';
import { type Texts, useTexts } from '../texts/texts.ts';

interface DrawnFigureProps {
  readonly pack: Pack;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** What was drawn of the confirmed delivery; without one, since the running segment began. */
export function DrawnFigure({ pack, heard, gatewayNowMs }: DrawnFigureProps) {
  const texts = useTexts();
  const { label, amount, note } = drawnOf(pack, texts, gatewayNowMs);
  return (
    <div
      class="figure figure-second"
      data-testid={`drawn-${pack.id}`}
      data-state={heard ? 'good' : 'old'}
    >
      <dt class="figure-label">{label}</dt>
      <dd class="figure-value">
        {amount === null ? (
          <span class="figure-unknown">{texts.pack.unknown}</span>
        ) : (
          <>
            <span class="figure-number">{massText(amount.kg)}</span>
            <span class="figure-unit">kg</span>
            <span class="figure-addition">
              ± {massUncertaintyText(amount.expandedUncertaintyKg)} kg
            </span>
          </>
        )}
      </dd>
      <dd class="figure-meta">
        {heard ? null : <QualityMark standing="old" />}
        <span>{note}</span>
      </dd>
    </div>
  );
}

interface Drawn {
  readonly label: string;
  readonly amount: NonNullable<Pack['segment']>['drawn'] | null;
  readonly note: string;
}

function drawnOf({ delivery, segment }: Pack, { outlook }: Texts, gatewayNowMs: number): Drawn {
  const since = (atMs: number): string =>
    outlook.since(japanMoment(atMs, gatewayNowMs, japanMinute));
  if (delivery !== null) {
    const whose = `${delivery.serial} · ${outlook.origin(delivery.origin)} · ${since(delivery.arrivedAt)}`;
    const note = delivery.drawn === null ? `${whose} · ${outlook.drawnUnknown}` : whose;
    return { label: outlook.drawnDelivery, amount: delivery.drawn, note };
  }
  return {
    label: outlook.drawnSegment,
    amount: segment?.drawn ?? null,
    note: segment === null ? '' : since(segment.at),
  };
}
