import type { Alarm } from '#gateway/contract';
import { alarmsPath } from '../link/paths.ts';
import { useTexts } from '../texts/texts.ts';
import { type AlarmAct, alarmFields } from './alarm-fields.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords } from './words/words.ts';

interface AlarmFormProps {
  readonly act: AlarmAct;
  readonly alarm: Alarm;
  readonly subjectName: string;
  readonly nowMs: number;
  readonly close: () => void;
}

const routes: Readonly<Record<AlarmAct, string>> = {
  acknowledge: 'acknowledgements',
  shelve: 'shelvings',
  unshelve: 'unshelvings',
};

/** Takes note of an alarm, sets it aside until a time, or takes it back. */
export function AlarmForm({ act, alarm, subjectName, nowMs, close }: AlarmFormProps) {
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
      about={words.id(`${title} · ${subjectName}`)}
      fields={[...alarmFields(act, words, nowMs), personField(words)]}
      path={`${alarmsPath}/${routes[act]}`}
      identified={false}
      more={(body) => ({ kind: 'body', body: { id: alarm.id, ...body } })}
      sendLabel={sends[act]}
      close={close}
    />
  );
}
