import type { Notice } from '#gateway/contract';
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
  const texts = useTexts().link;
  const lost = status !== 'live' && status !== 'connecting' && status !== 'signed-out';
  return (
    <>
      {lost ? (
        <p class="notice notice-old" data-testid="old">
          {lastKnownMs === undefined
            ? texts.neverKnown
            : texts.lastKnown(japanMoment(lastKnownMs, gatewayNowMs ?? lastKnownMs))}
        </p>
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
