import type { LivePlant } from '#gateway/contract';
import type { LinkStatus } from '../link/supervise.ts';
import { reasonOf, shownFigure } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';
import { whyText } from '../texts/why.ts';

interface AnnouncerProps {
  readonly plant: LivePlant | undefined;
  readonly status: LinkStatus;
}

/** Reads out changes of state. It holds no figure and no age, so that it changes only when a state does. */
export function Announcer({ plant, status }: AnnouncerProps) {
  const texts = useTexts();
  const packs = (plant?.packs ?? []).map((pack) => {
    const shown = shownFigure(pack, pack.pressureMpa, status === 'live');
    const reason = reasonOf(shown);
    const words = reason === undefined ? '' : ` ${whyText(texts, pack, reason)}`;
    return `${pack.name}: ${texts.standing[shown.standing]}${words}`;
  });
  const urgent = (plant?.alarms ?? []).filter(
    ({ priority, phase }) => priority === 'urgent' && phase === 'active-unacknowledged',
  );
  return (
    <>
      <p class="unseen" role="status">
        {[texts.link[status], ...packs].join(' / ')}
      </p>
      <p class="unseen" role="alert">
        {[
          ...(status === 'no-data' ? [texts.link['no-data']] : []),
          ...urgent.map(({ title }) => texts.alarms.named(title)),
        ].join(' / ')}
      </p>
    </>
  );
}
