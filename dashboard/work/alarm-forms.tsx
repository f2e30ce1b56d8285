import type { Alarm } from '#gateway/contract';
import { alarmsPath } from '../link/paths.ts';
import { useTexts } from '../texts/texts.ts';
import { type Field, timeValue } from './fields.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords, type Words } from './words/words.ts';

type AlarmAct = 'acknowledge' | 'shelve' | 'unshelve';

interface AlarmFormProps {
  readonly act: AlarmAct;
  readonly alarm: Alarm;
  readonly nowMs: number;
  readonly close: () => void;
}

const routes: Readonly<Record<AlarmAct, string>> = {
  acknowledge: 'acknowledgements',
  shelve: 'shelvings',
  unshelve: 'unshelvings',
};

const hourMs = 3_600_000;

/** Takes note of an alarm, sets it aside until a time, or takes it back. */
export function AlarmForm({ act, alarm, nowMs, close }: AlarmFormProps) {
  const words = useWords();
  const title = useTexts().alarms.named(alarm.title);
  const { alarm: said } = words;
  const explains = {
    acknowledge: said.acknowledgeExplain,
    shelve: said.shelveExplain,
    unshelve: '',
  };
  const sends = {
    acknowledge: said.acknowledgeSend,
    shelve: said.shelveSend,
    unshelve: said.unshelveSend,
  };
  return (
    <WorkForm
      title={said[act]}
      explain={explains[act]}
      about={words.id(`${title}（${alarm.site} / ${alarm.subject}）`)}
      fields={[...fieldsOf(act, words, nowMs), personField(words)]}
      path={`${alarmsPath}/${routes[act]}`}
      identified={false}
      more={(body) => ({ kind: 'body', body: { id: alarm.id, ...body } })}
      sendLabel={sends[act]}
      close={close}
    />
  );
}

function fieldsOf(act: AlarmAct, { alarm: said }: Words, nowMs: number): Field[] {
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
