import { type Field, timeValue } from './fields.ts';
import type { Words } from './words/words.ts';

/** What a person can do about an alarm. */
export type AlarmAct = 'acknowledge' | 'shelve' | 'unshelve';

const hourMs = 3_600_000;

/** What each act asks for besides a name (gateway/contract/alarm.ts). */
export function alarmFields(act: AlarmAct, { alarm: said }: Words, nowMs: number): Field[] {
  if (act === 'unshelve') return [];
  if (act === 'acknowledge')
    return [{ name: 'comment', kind: 'text', label: said.comment, optional: true }];
  return [
    {
      name: 'until',
      kind: 'time',
      label: said.until,
      hint: said.untilHint,
      first: timeValue(nowMs + hourMs),
    },
    { name: 'why', kind: 'text', label: said.why },
  ];
}
