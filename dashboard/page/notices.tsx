import type { Notice } from '#gateway/contract';
import { hasLoud } from '../alarms/loud.ts';
import { Sign } from '../figure/sign.tsx';
import { japanMoment } from '../format.ts';
import type { LinkStatus } from '../link/supervise.ts';
import { useTexts } from '../texts/texts.ts';

interface LinkNoticeProps {
  readonly status: LinkStatus;
  /** The gateway's time of the last picture. */
  readonly lastKnownMs: number | undefined;
  readonly gatewayNowMs: number | undefined;
  readonly unreadable: number;
}

/** Says across the page that nothing on it is new, and from when it is. */
export function LinkNotice({ status, lastKnownMs, gatewayNowMs, unreadable }: LinkNoticeProps) {
  const { link: texts, alarms } = useTexts();
  const opening = status === 'connecting' || (status === 'signed-out' && lastKnownMs === undefined);
  const lost = status !== 'live' && !opening;
  return (
    <>
      {lost ? (
        <section class="alarms notice-old" data-priority="urgent" data-testid="old">
          <div class="alarm" data-priority="urgent" data-phase="active-unacknowledged">
            <p class="alarm-phase">
              <Sign name="active" />
              <b>{alarms.priority.urgent}</b>
              <span>{texts.stopped}</span>
            </p>
            <div class="alarm-text">
              <p class="alarm-title">{texts[status]}</p>
              <p>
                {lastKnownMs === undefined
                  ? texts.neverKnown
                  : texts.lastKnown(japanMoment(lastKnownMs, gatewayNowMs ?? lastKnownMs))}
              </p>
            </div>
          </div>
        </section>
      ) : null}
      {unreadable === 0 ? null : (
        <p class="notice" data-testid="unreadable">
          {texts.unreadable(unreadable)}
        </p>
      )}
    </>
  );
}

/** What the gateway finds wrong with itself, in the page's words. The element stays, so that screen readers hear it fill. */
export function Problems({ problems }: { readonly problems: readonly Notice[] }) {
  const texts = useTexts().problems;
  return (
    <section
      class="problems"
      data-testid="problems"
      data-count={problems.length}
      data-loud={hasLoud(problems)}
      aria-live="polite"
    >
      {problems.length === 0 ? null : (
        <>
          <h2>{texts.title(problems.length)}</h2>
          <ul>
            {problems.map(({ kind, subject }) => (
              <li key={`${kind} ${subject}`}>{texts.say[kind](subject)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
