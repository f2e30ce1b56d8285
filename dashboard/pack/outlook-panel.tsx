import type { ComponentChildren } from 'preact';
import { Figure } from '../figure/figure.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import {
  fixed,
  flowText,
  flowUncertaintyText,
  hoursText,
  japanDate,
  japanMinute,
  massText,
  massUncertaintyText,
} from '../format.ts';
import { type ShownPace, type ShownStop, viewOutlook } from '../plant/outlook.ts';
import { hasStopped, type PackView } from '../plant/pack-view.ts';
import type { Standing } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';
import { DrawnFigure } from './drawn-figure.tsx';

interface OutlookPanelProps {
  readonly view: PackView;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** How long it lasts, how fast it goes, and what went of the gas that came last. */
export function OutlookPanel({ view, heard, gatewayNowMs }: OutlookPanelProps) {
  const texts = useTexts();
  const { pack, usableBeforeStop, usable } = view;
  const { pace, stop } = viewOutlook(pack, heard, gatewayNowMs);
  const { uncertaintyKg } = usableBeforeStop;
  return (
    <dl class="outlook" aria-label={texts.outlook.title}>
      <StopFigure
        packId={pack.id}
        stop={stop}
        pace={pace}
        reached={hasStopped(view)}
        gatewayNowMs={gatewayNowMs}
      />
      <PaceFigure packId={pack.id} pace={pace} />
      <Figure
        gatewayNowMs={gatewayNowMs}
        rank="second"
        label={texts.pack.usableBeforeStop}
        note={texts.pack.usableBeforeStopBasis(fixed(pack.stopPressureMpa, 2))}
        shown={usableBeforeStop}
        beside={usable}
        format={massText}
        unit="kg"
        addition={uncertaintyKg === null ? undefined : `± ${massUncertaintyText(uncertaintyKg)} kg`}
        testId={`before-stop-${pack.id}`}
      />
      <DrawnFigure pack={pack} heard={heard} gatewayNowMs={gatewayNowMs} />
    </dl>
  );
}

interface StopFigureProps {
  readonly packId: string;
  readonly stop: ShownStop | undefined;
  readonly pace: ShownPace;
  /** The pressure is there already. */
  readonly reached: boolean;
  readonly gatewayNowMs: number;
}

function StopFigure({ packId, stop, pace, reached, gatewayNowMs }: StopFigureProps) {
  const texts = useTexts().outlook;
  const frame = { label: texts.stop, testId: `stop-${packId}` };
  if (stop === undefined) {
    const { numberless = 'unknown' } = pace;
    return (
      <OutlookFigure
        {...frame}
        standing={pace.standing}
        note={reached ? '' : texts.stopWhy[numberless]}
      >
        {reached ? (
          <span class="figure-word">{texts.stopReached}</span>
        ) : (
          <span class="figure-unknown">{texts.stopUnknown}</span>
        )}
      </OutlookFigure>
    );
  }
  const { value, atMs, lowHours, highHours, kgPerHour, basisHours } = stop;
  const flow = flowText(kgPerHour);
  return (
    <OutlookFigure
      {...frame}
      standing={stop.standing}
      note={
        basisHours < 1
          ? texts.stopBasisMinutes(fixed(basisHours * 60, 0), flow)
          : texts.stopBasis(fixed(basisHours, 0), flow)
      }
    >
      <span class="figure-number">{japanMinute(atMs)}</span>
      <span class="figure-unit">
        {texts.stopAround(japanDate(atMs) === japanDate(gatewayNowMs) ? '' : japanDate(atMs))}
      </span>
      <span class="figure-addition">
        {texts.stopHours(
          hoursText(value ?? 0),
          hoursText(lowHours, 'down'),
          hoursText(highHours, 'up'),
        )}
      </span>
    </OutlookFigure>
  );
}

function PaceFigure({ packId, pace }: { readonly packId: string; readonly pace: ShownPace }) {
  const texts = useTexts().outlook;
  const { numberless, value, uncertaintyKgPerHour, windowMinutes, state } = pace;
  const frame = {
    label: texts.consumption,
    testId: `consumption-${packId}`,
    standing: pace.standing,
    state,
  };
  if (numberless !== undefined || value === null) {
    const said = numberless ?? 'unknown';
    return (
      <OutlookFigure {...frame} note={texts.explain[said]}>
        <span class={said === 'unknown' ? 'figure-unknown' : 'figure-word'}>{texts.say[said]}</span>
      </OutlookFigure>
    );
  }
  const measured = windowMinutes === null ? '' : texts.window(fixed(windowMinutes, 0));
  return (
    <OutlookFigure {...frame} note={state === 'metered' ? texts.metered : measured}>
      <span class="figure-number">{flowText(value)}</span>
      <span class="figure-unit">kg/h</span>
      {uncertaintyKgPerHour === null ? null : (
        <span class="figure-addition">± {flowUncertaintyText(uncertaintyKgPerHour)} kg/h</span>
      )}
    </OutlookFigure>
  );
}

interface OutlookFigureProps {
  readonly label: string;
  readonly testId: string;
  readonly standing: Standing;
  readonly state?: string;
  readonly note: string;
  readonly children: ComponentChildren;
}

/** Its age is that of the pressure above it; a quality is told only where it is not simply good. */
function OutlookFigure({ label, testId, standing, state, note, children }: OutlookFigureProps) {
  return (
    <div
      class="figure figure-second"
      data-testid={testId}
      data-state={standing}
      data-consumption={state}
    >
      <dt class="figure-label">{label}</dt>
      <dd class="figure-value">{children}</dd>
      <dd class="figure-meta">
        {standing === 'uncertain' || standing === 'old' ? (
          <QualityMark standing={standing} />
        ) : null}
        <span>{note}</span>
      </dd>
    </div>
  );
}
