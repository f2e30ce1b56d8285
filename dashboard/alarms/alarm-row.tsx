import type { Alarm } from '#gateway/contract';
import { Sign, type SignName } from '../figure/sign.tsx';
import { alarmFigure, japanMinute, japanMoment } from '../format.ts';
import { type Texts, useTexts } from '../texts/texts.ts';
import { useOpenTask } from '../work/task.ts';
import { isShelved, isUnacknowledged } from './order.ts';

const signs: Readonly<Record<Alarm['phase'], SignName>> = {
  'active-unacknowledged': 'active',
  'active-acknowledged': 'acknowledged',
  'returned-unacknowledged': 'returned',
  normal: 'over',
};

interface AlarmRowProps {
  readonly alarm: Alarm;
  readonly gatewayNowMs: number;
  /** The name people know its subject by. */
  readonly subjectName: string;
}

/** One alarm: what, where, since when, by which figure, who took note, and what can be done. */
export function AlarmRow({ alarm, gatewayNowMs, subjectName }: AlarmRowProps) {
  const texts = useTexts();
  const { priority, phase } = alarm;
  return (
    <li class="alarm" data-testid={`alarm-${alarm.id}`} data-priority={priority} data-phase={phase}>
      <p class="alarm-phase">
        <Sign name={signs[phase]} />
        <b>{texts.alarms.priority[priority]}</b>
        <span>{texts.alarms.phase[phase]}</span>
      </p>
      <div class="alarm-text">
        <p class="alarm-title">
          {texts.alarms.named(alarm.title)}
          <small>{subjectName}</small>
        </p>
        <p class="alarm-facts">{facts(alarm, texts, gatewayNowMs).join(' · ')}</p>
      </div>
      <AlarmActions alarm={alarm} gatewayNowMs={gatewayNowMs} subjectName={subjectName} />
    </li>
  );
}

function AlarmActions({ alarm, gatewayNowMs, subjectName }: AlarmRowProps) {
  const texts = useTexts();
  const open = useOpenTask();
  const act = (kind: 'acknowledge' | 'shelve' | 'unshelve') => (
    <button
      type="button"
      aria-label={`${texts.alarms[kind]}: ${texts.alarms.named(alarm.title)}, ${subjectName}`}
      onClick={() => open({ kind, alarm, subjectName })}
    >
      {texts.alarms[kind]}
    </button>
  );
  return (
    <div class="alarm-actions">
      {isUnacknowledged(alarm) ? act('acknowledge') : null}
      {isShelved(alarm, gatewayNowMs) ? act('unshelve') : null}
      {alarm.phase === 'normal' || isShelved(alarm, gatewayNowMs) ? null : act('shelve')}
    </div>
  );
}

function facts(alarm: Alarm, { alarms: texts }: Texts, gatewayNowMs: number): string[] {
  const { raisedAt, clearedAt, value, threshold, unit, cause, acknowledged, shelf } = alarm;
  const moment = (atMs: number): string => japanMoment(atMs, gatewayNowMs, japanMinute);
  const shelved = isShelved(alarm, gatewayNowMs) ? shelf : null;
  return [
    texts.since(moment(raisedAt)),
    clearedAt === null ? '' : texts.until(moment(clearedAt)),
    value === null ? '' : texts.value(alarmFigure(value, unit)),
    threshold === null ? '' : texts.threshold(alarmFigure(threshold, unit)),
    cause === null ? '' : texts.cause(cause),
    alarm.observable ? '' : texts.unobservable,
    acknowledged === null ? '' : texts.acknowledgedBy(acknowledged.by, moment(acknowledged.at)),
    shelved === null ? '' : texts.shelvedBy(shelved.by, moment(shelved.until), shelved.why),
  ].filter((fact) => fact !== '');
}
