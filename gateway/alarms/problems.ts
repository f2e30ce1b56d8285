import type { Journal } from './journal.ts';
import type { SinkStanding } from './sink.ts';
import type { AlarmState } from './state.ts';

/** A notice about the alarms themselves, in the shape of the contract's notices. */
export interface AlarmProblem {
  readonly kind: 'alarm-log-failing' | 'alarm-delivery-failing' | 'alarm-overflow';
  readonly subject: string;
  readonly detail: string;
}

export function alarmProblems(
  { turnedAway }: Pick<AlarmState, 'turnedAway'>,
  { waiting, dropped, failure }: ReturnType<Journal['standing']>,
  sinks: readonly SinkStanding[],
): AlarmProblem[] {
  const problems: AlarmProblem[] = [];
  if (failure !== undefined)
    problems.push({
      kind: 'alarm-log-failing',
      subject: failure,
      detail: `Alarms cannot be written down and are only in memory: ${waiting} wait, ${dropped} are dropped. ${failure}`,
    });
  if (turnedAway.length > 0)
    problems.push({
      kind: 'alarm-overflow',
      subject: String(turnedAway.length),
      detail: `Too many alarms are open: ${turnedAway.length} more are not shown, such as ${turnedAway[0]}`,
    });
  for (const { name, waiting, failed, dropped, lastError } of sinks)
    if (lastError !== null)
      problems.push({
        kind: 'alarm-delivery-failing',
        subject: name,
        detail: `${name}: ${waiting} alarms wait, ${failed} given up, ${dropped} dropped; last error: ${lastError}`,
      });
  return problems;
}
