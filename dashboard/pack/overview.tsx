import type { Alarm, Pack } from '#gateway/contract';
import { callingOf } from '../alarms/order.ts';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Sign } from '../figure/sign.tsx';
import { japanMinute, japanMoment, massText } from '../format.ts';
import { viewOutlook } from '../plant/outlook.ts';
import { hasStopped, type PackView, viewPack } from '../plant/pack-view.ts';
import { memoryOf, packKey, type PageState } from '../plant/state.ts';
import { useTexts } from '../texts/texts.ts';
import { panelId } from './panel-id.ts';

interface OverviewProps {
  readonly state: PageState;
  readonly packs: readonly Pack[];
  readonly alarms: readonly Alarm[];
  /** The only one whose panel is below, where there is no room for all. */
  readonly current: Pack | undefined;
  readonly choose: (pack: Pack) => void;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** All packs at a glance, each a way to its own panel: how much, until when, is it true, is anything wrong. */
export function Overview(props: OverviewProps) {
  const { state, packs, alarms, current, choose, heard, gatewayNowMs } = props;
  const texts = useTexts().page;
  return (
    <nav class="overview" aria-label={texts.overview} data-testid="overview">
      {packs.map((pack) => (
        <Tile
          key={packKey(pack)}
          view={viewPack(pack, memoryOf(state, packKey(pack)), heard)}
          calling={callingOf(pack, alarms, gatewayNowMs)}
          current={pack === current}
          choose={() => choose(pack)}
          heard={heard}
          gatewayNowMs={gatewayNowMs}
        />
      ))}
    </nav>
  );
}

interface TileProps extends Pick<OverviewProps, 'heard' | 'gatewayNowMs'> {
  readonly view: PackView;
  readonly calling: number;
  readonly current: boolean;
  readonly choose: () => void;
}

function Tile({ view, calling, current, choose, heard, gatewayNowMs }: TileProps) {
  const texts = useTexts();
  const { pack, usable } = view;
  const { stop } = viewOutlook(pack, heard, gatewayNowMs);
  const moment = stop && japanMoment(stop.atMs, gatewayNowMs, japanMinute);
  return (
    <a
      class="tile figure"
      href={`#${panelId(pack)}`}
      data-state={usable.standing}
      data-source={pack.source}
      data-calling={calling > 0}
      data-testid={`tile-${pack.id}`}
      aria-current={current ? 'true' : undefined}
      onClick={choose}
    >
      <span class="tile-name">{pack.name}</span>
      <span class="tile-amount">
        {usable.value === null ? (
          <span class="figure-unknown">{texts.pack.unknown}</span>
        ) : (
          <>
            <span class="figure-number">{massText(usable.value)}</span> kg
          </>
        )}
      </span>
      <Level view={view} />
      <span class="tile-stop">
        {hasStopped(view) ? texts.outlook.stopReached : texts.outlook.stopAt(moment)}
      </span>
      <span class="tile-marks">
        {usable.standing === 'good' ? null : <QualityMark standing={usable.standing} />}
        {pack.source === 'manual' ? (
          <span class="tile-mark tile-manual">
            <Sign name="eye" />
            {texts.pack.manualBadge}
          </span>
        ) : null}
        {calling === 0 ? null : (
          <span class="tile-mark tile-calling">
            <Sign name="active" />
            {texts.alarms.badge(calling)}
          </span>
        )}
      </span>
    </a>
  );
}

/** How much of a full pack is left, as a bar: only where it is known. */
function Level({ view: { pack, total } }: { readonly view: PackView }) {
  const part = total.value === null ? 0 : Math.min(1, total.value / pack.fullReferenceKg);
  return (
    <svg class="tile-level" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="6" />
      <rect class="tile-level-left" width={100 * part} height="6" />
    </svg>
  );
}
