import type { Alarm as ShownAlarm } from '#gateway/contract';
import { alarmKind, type AlarmKinds, type AlarmView } from './model.ts';

/** An alarm as HTTP and page show it. */
export function shownAlarm(kinds: AlarmKinds, alarm: AlarmView): ShownAlarm {
  const { latest } = alarm;
  return {
    id: alarm.id,
    site: alarm.site,
    subject: alarm.subject,
    kind: alarm.kind,
    priority: alarm.priority,
    title: alarmKind(kinds, alarm.kind).title,
    phase: alarm.phase,
    occurrence: alarm.occurrence,
    raisedAt: alarm.raisedAt,
    clearedAt: alarm.clearedAt,
    acknowledged: alarm.acknowledged,
    shelf: alarm.shelf,
    observable: alarm.observable,
    value: latest.value,
    threshold: latest.threshold,
    unit: latest.unit,
    detail: latest.detail,
    cause: latest.cause,
  };
}
