import type { Alarm, LivePlant } from '#gateway/contract';
import { useWide } from '../page/use-wide.ts';
import { subjectName } from '../plant/subject-name.ts';
import { useTexts } from '../texts/texts.ts';
import { useOpenTask } from '../work/task.ts';
import { AlarmRow } from './alarm-row.tsx';
import { groupAlarms } from './order.ts';

interface AlarmBannerProps {
  readonly plant: LivePlant;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** More would push the figures off the screen, on a phone sooner; the rest is counted and in the list. */
const mostRows = { wide: 6, narrow: 2 } as const;

/** Open alarms above everything else, the most urgent first; set-aside ones folded up below. */
export function AlarmBanner({ plant, heard, gatewayNowMs }: AlarmBannerProps) {
  const texts = useTexts().alarms;
  const open = useOpenTask();
  const most = useWide() ? mostRows.wide : mostRows.narrow;
  const { calling, shelved } = groupAlarms(plant.alarms, gatewayNowMs);
  const rows = (alarms: readonly Alarm[]) =>
    alarms.map((alarm) => (
      <AlarmRow
        key={alarm.id}
        alarm={alarm}
        gatewayNowMs={gatewayNowMs}
        subjectName={subjectName(alarm, plant)}
      />
    ));
  if (calling.length + shelved.length === 0) return null;
  return (
    <section
      class="alarms"
      aria-label={texts.title(calling.length)}
      data-testid="alarms"
      data-count={calling.length}
      data-priority={calling[0]?.priority}
    >
      <header class="alarms-head">
        <h2>{texts.title(calling.length)}</h2>
        {heard ? null : <span>{texts.old}</span>}
        <button type="button" onClick={() => open({ kind: 'alarm-list', plant })}>
          {texts.list}
        </button>
      </header>
      <ul>{rows(calling.slice(0, most))}</ul>
      {calling.length > most ? <p>{texts.more(calling.length - most)}</p> : null}
      {shelved.length === 0 ? null : (
        <details data-testid="shelved">
          <summary>{texts.shelved(shelved.length)}</summary>
          <ul>{rows(shelved)}</ul>
        </details>
      )}
    </section>
  );
}
