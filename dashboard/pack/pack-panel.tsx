import { Dial } from '../dial/dial.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Sign } from '../figure/sign.tsx';
import { ageOf } from '../plant/age.ts';
import { type PackView, viewPack } from '../plant/pack-view.ts';
import { PlateNote } from '../page/site-name.tsx';
import type { PackMemory } from '../plant/state.ts';
import { reasonOf } from '../plant/standing.ts';
import { pressureText } from '../format.ts';
import { useTexts } from '../texts/texts.ts';
import { whyText } from '../texts/why.ts';
import { LateTrend } from '../trend/late-trend.tsx';
import type { Pack } from '#gateway/contract';
import { Amounts } from './amounts.tsx';
import { Basis } from './basis.tsx';
import { Cylinders } from './cylinders.tsx';
import { DialKey } from './dial-key.tsx';
import { OutlookPanel } from './outlook-panel.tsx';
import { panelId } from './panel-id.ts';
import { PackNotes } from './pack-notes.tsx';
import { WorkBar } from './work-bar.tsx';

interface PackPanelProps {
  readonly pack: Pack;
  readonly memory: PackMemory;
  /** Alarms of it that call somebody. */
  readonly calling: number;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** One pack: the dial, the amounts, the last day, and what the amounts rest on. */
export function PackPanel({ pack, memory, calling, heard, gatewayNowMs }: PackPanelProps) {
  const view = viewPack(pack, memory, heard);
  const heading = `pack-name-${pack.site}-${pack.id}`;
  return (
    <article
      class="panel pack"
      id={panelId(pack)}
      aria-labelledby={heading}
      data-testid={`pack-${pack.id}`}
      data-state={view.pressure.standing}
      data-source={pack.source}
    >
      <header class="plate">
        <h2 id={heading}>{pack.name}</h2>
        <PlateNote site={pack.site} />
        <PackBadges pack={pack} calling={calling} />
      </header>
      <PackNotes pack={pack} gatewayNowMs={gatewayNowMs} />
      <div class="pack-dial">
        <Dial view={view} />
        <PressureLine view={view} gatewayNowMs={gatewayNowMs} />
        <DialKey pack={pack} />
        <Cylinders pack={pack} />
      </div>
      <Amounts view={view} gatewayNowMs={gatewayNowMs} />
      <OutlookPanel view={view} heard={heard} gatewayNowMs={gatewayNowMs} />
      <LateTrend packId={pack.id} memory={memory} heard={heard} gatewayNowMs={gatewayNowMs} />
      <WorkBar pack={pack} />
      <Basis pack={pack} />
    </article>
  );
}

/** Seen across the room: that a person read the gauge, and that alarms stand. */
function PackBadges({ pack, calling }: Pick<PackPanelProps, 'pack' | 'calling'>) {
  const texts = useTexts();
  return (
    <>
      {pack.source === 'manual' ? (
        <span class="badge badge-manual">
          <Sign name="eye" />
          {texts.pack.manualBadge}
        </span>
      ) : null}
      {calling === 0 ? null : (
        <span class="badge badge-alarms">
          <Sign name="active" />
          {texts.alarms.badge(calling)}
        </span>
      )}
    </>
  );
}

function PressureLine(props: { readonly view: PackView; readonly gatewayNowMs: number }) {
  const texts = useTexts();
  const { pack, pressure } = props.view;
  const reason = reasonOf(pressure);
  return (
    <div class="pressure-line" data-state={pressure.standing}>
      <p class="figure-meta">
        <span>{texts.pack.source[pack.source]}</span>
        <QualityMark standing={pressure.standing} />
        <span class="age" data-testid={`age-${pack.id}`}>
          {texts.age(ageOf(pressure.measuredAt, props.gatewayNowMs))}
        </span>
      </p>
      {reason === undefined ? null : (
        <p class="why" data-testid={`why-${pack.id}`}>
          {whyText(texts, pack, reason)}
        </p>
      )}
      {pressure.value === null ? <LastGoodLine {...props} /> : null}
    </div>
  );
}

function LastGoodLine({
  view: { lastGood },
  gatewayNowMs,
}: {
  readonly view: PackView;
  readonly gatewayNowMs: number;
}) {
  const texts = useTexts();
  if (lastGood === undefined) return <p class="last-good">{texts.pack.noLastGood}</p>;
  const age = texts.age(ageOf(lastGood.measuredAt, gatewayNowMs));
  return <p class="last-good">{texts.pack.lastGood(pressureText(lastGood.pressureMpa), age)}</p>;
}
