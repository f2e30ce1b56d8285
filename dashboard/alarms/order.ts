import type { Alarm, Pack } from '#gateway/contract';

/** Alarms as a person should meet them: those that call, and those somebody set aside for a while. */
export interface AlarmGroups {
  readonly calling: readonly Alarm[];
  readonly shelved: readonly Alarm[];
}

const urgency: Readonly<Record<Alarm['priority'], number>> = { urgent: 0, caution: 1, note: 2 };
const attention: Readonly<Record<Alarm['phase'], number>> = {
  'active-unacknowledged': 0,
  'active-acknowledged': 1,
  'returned-unacknowledged': 2,
  normal: 3,
};

/** What is over comes last. Urgent before caution before note; then what nobody has taken note of; then the newest. */
export function byUrgency(first: Alarm, second: Alarm): number {
  return (
    Number(first.phase === 'normal') - Number(second.phase === 'normal') ||
    urgency[first.priority] - urgency[second.priority] ||
    attention[first.phase] - attention[second.phase] ||
    second.raisedAt - first.raisedAt
  );
}

/** A shelf outlasts its alarm: one that is back to normal and still set aside is listed among the shelved. */
export function groupAlarms(alarms: readonly Alarm[], gatewayNowMs: number): AlarmGroups {
  const sorted = alarms.toSorted(byUrgency);
  return {
    calling: sorted.filter((alarm) => alarm.phase !== 'normal' && !isShelved(alarm, gatewayNowMs)),
    shelved: sorted.filter((alarm) => isShelved(alarm, gatewayNowMs)),
  };
}

/** How many alarms of a pack call somebody: those set aside do not. */
export function callingOf(
  { site, id }: Pick<Pack, 'site' | 'id'>,
  alarms: readonly Alarm[],
  gatewayNowMs: number,
): number {
  const { calling } = groupAlarms(alarms, gatewayNowMs);
  return calling.filter((alarm) => alarm.site === site && alarm.subject === id).length;
}

export function isShelved({ shelf }: Alarm, gatewayNowMs: number): boolean {
  return shelf !== null && shelf.until > gatewayNowMs;
}

/** Nobody has taken note of it. */
export function isUnacknowledged({ phase }: Alarm): boolean {
  return phase === 'active-unacknowledged' || phase === 'returned-unacknowledged';
}
