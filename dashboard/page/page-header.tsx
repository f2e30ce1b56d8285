import type { LivePlant } from '#gateway/contract';
import { japanClock, japanDate } from '../format.ts';
import type { LinkStatus } from '../link/supervise.ts';
import { callOf } from '../alarms/calls.ts';
import { SoundButton } from '../alarms/sound-button.tsx';
import type { Sound } from '../alarms/sound.ts';
import { useTexts } from '../texts/texts.ts';

interface PageHeaderProps {
  readonly plant: LivePlant | undefined;
  readonly status: LinkStatus;
  /** The gateway's present; undefined while it is not known. */
  readonly gatewayNowMs: number | undefined;
  readonly switchLanguage: () => void;
  readonly sound: Sound;
}

/** Where this is, what time it is there, and whether the page hears the gateway. */
export function PageHeader(props: PageHeaderProps) {
  const { plant, status, gatewayNowMs, switchLanguage, sound } = props;
  const texts = useTexts();
  const sites = (plant?.sites ?? []).map(({ name }) => name);
  return (
    <header class="page-header">
      <h1>
        <span class="product">{texts.page.product}</span>
        {sites.length === 0 ? null : <span class="site">{sites.join(' · ')}</span>}
      </h1>
      <p class="connection" data-testid="connection" data-state={status}>
        <span class="lamp" aria-hidden="true" />
        {texts.link[status]}
      </p>
      <p class="clock">
        <span class="clock-date">
          {gatewayNowMs === undefined ? '' : japanDate(gatewayNowMs)} {texts.page.japanTime}
        </span>
        <span class="clock-time">
          {gatewayNowMs === undefined ? '--:--:--' : japanClock(gatewayNowMs)}
        </span>
      </p>
      <SoundButton sound={sound} call={callOf(plant, status, gatewayNowMs ?? 0)} />
      <button
        type="button"
        class="language"
        data-testid="language"
        lang={texts.language.code === 'ja' ? 'en' : 'ja'}
        onClick={switchLanguage}
      >
        {texts.language.switchTo}
      </button>
    </header>
  );
}
