import { useEffect, useState } from 'preact/hooks';
import type { Alarm, LivePlant } from '#gateway/contract';
import { AlarmRow } from '../alarms/alarm-row.tsx';
import { byUrgency } from '../alarms/order.ts';
import { alarmList } from '../link/alarm-shape.ts';
import { decode } from '../link/decode.ts';
import { alarmsPath } from '../link/paths.ts';
import { subjectName } from '../plant/subject-name.ts';
import { fetchText } from '../link/send.ts';
import { useWords } from './words/words.ts';

interface AlarmListProps {
  readonly plant: LivePlant;
  readonly nowMs: number;
  readonly close: () => void;
}

type Read = readonly Alarm[] | 'loading' | 'failed';

/** Every alarm that the gateway knows of, those that are over included, as of when the list was opened. */
export function AlarmList({ plant, nowMs, close }: AlarmListProps) {
  const words = useWords();
  const [read, setRead] = useState<Read>('loading');
  useEffect(() => {
    let wanted = true;
    void fetchText(alarmsPath).then((text) => {
      if (wanted) setRead(decode(text, alarmList)?.items.toSorted(byUrgency) ?? 'failed');
    });
    return () => {
      wanted = false;
    };
  }, []);
  return (
    <div class="work-form" data-testid="alarm-list">
      <h2>{words.alarm.list}</h2>
      {read === 'loading' || read === 'failed' ? (
        <p role="status">{words.alarm[read]}</p>
      ) : (
        <ul class="alarm-list">
          {read.length === 0 ? <li>{words.alarm.empty}</li> : null}
          {read.map((alarm) => (
            <AlarmRow
              key={alarm.id}
              alarm={alarm}
              gatewayNowMs={nowMs}
              subjectName={subjectName(alarm, plant)}
            />
          ))}
        </ul>
      )}
      <div class="work-buttons">
        <button type="button" class="main-button" onClick={close}>
          {words.form.close}
        </button>
      </div>
    </div>
  );
}
