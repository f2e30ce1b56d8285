import type { LivePlant } from '#gateway/contract';
import { japanMinute, japanMoment } from '../format.ts';
import { readAlarms } from '../history/answers.ts';
import { useReading } from '../history/use-reading.ts';
import { alarmsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { subjectName } from '../plant/subject-name.ts';
import { useTexts } from '../texts/texts.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { useWords } from './words/words.ts';

interface AlarmTableProps {
  readonly day: TimeSpan;
  readonly nowMs: number;
  readonly plant: LivePlant;
}

/** Alarms that stood at any time of the day. */
export function AlarmTable({ day, nowMs, plant }: AlarmTableProps) {
  const words = useWords();
  const texts = useTexts().alarms;
  const { value, failed } = useReading(String(Math.floor(nowMs / 60_000)), async () =>
    readAlarms(await fetchText(alarmsPath)),
  );
  const moment = (atMs: number): string => japanMoment(atMs, day.fromMs, japanMinute);
  const stood = (value?.items ?? []).filter(
    ({ raisedAt, clearedAt }) => raisedAt < day.toMs && (clearedAt ?? Infinity) >= day.fromMs,
  );
  return (
    <section>
      <h3>{words.alarms}</h3>
      {value === undefined ? <p role="status">{failed ? words.failed : words.loading}</p> : null}
      {value !== undefined && stood.length === 0 ? <p>{words.noAlarms}</p> : null}
      <ul class="sheet-alarms">
        {stood.map((alarm) => (
          <li key={`${alarm.id} ${alarm.occurrence}`}>
            <b>{moment(alarm.raisedAt)}</b> {texts.priority[alarm.priority]} ·{' '}
            {texts.named(alarm.title)} · {subjectName(alarm, plant)} · {texts.phase[alarm.phase]}
            {alarm.clearedAt === null ? '' : ` · ${texts.until(moment(alarm.clearedAt))}`}
            {alarm.acknowledged === null
              ? ''
              : ` · ${texts.acknowledgedBy(alarm.acknowledged.by, moment(alarm.acknowledged.at))}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
