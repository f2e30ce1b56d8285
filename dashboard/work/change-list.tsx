import { useEffect, useState } from 'preact/hooks';
import type { Pack } from '#gateway/contract';
import { japanMinute, japanMoment, massText } from '../format.ts';
import { packPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { useTexts } from '../texts/texts.ts';
import { type Change, readWaitingChanges } from './answers.ts';
import { aboutPack, type PackFormProps } from './pack-forms.tsx';
import { useOpenTask } from './task.ts';
import { useWords } from './words/words.ts';

type Read = readonly Change[] | 'loading' | 'failed';

/** Changes of content that still wait for a person, newest first: one that a later change overtook waits on, too. */
export function ChangeList({ pack, nowMs, close }: PackFormProps) {
  const words = useWords();
  const [read, setRead] = useState<Read>('loading');
  useEffect(() => {
    let wanted = true;
    void fetchText(packPath(pack, 'segments')).then((text) => {
      if (wanted) setRead(readWaitingChanges(text) ?? 'failed');
    });
    return () => {
      wanted = false;
    };
  }, []);
  return (
    <div class="work-form" data-testid="change-list">
      <h2>{words.changes.title}</h2>
      <p class="work-about">{aboutPack(words, pack)}</p>
      {read === 'loading' || read === 'failed' ? (
        <p role="status">{words.changes[read]}</p>
      ) : (
        <ul class="changes">
          {read.length === 0 ? <li>{words.changes.none}</li> : null}
          {read.map((change) => (
            <ChangeRow key={change.at} pack={pack} change={change} nowMs={nowMs} />
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

interface ChangeRowProps {
  readonly pack: Pack;
  readonly change: Change;
  readonly nowMs: number;
}

function ChangeRow({ pack, change, nowMs }: ChangeRowProps) {
  const texts = useTexts().packNote;
  const open = useOpenTask();
  const moment = japanMoment(change.at, nowMs, japanMinute);
  const after = massText(change.start.kg);
  return (
    <li>
      <p>
        {change.before === null
          ? texts.changedTo(after, moment)
          : texts.changedFrom(massText(change.before.kg), after, moment)}
      </p>
      <button
        type="button"
        onClick={() => open({ kind: 'resolution', pack, segmentAt: change.at })}
      >
        {texts.resolve}
      </button>
    </li>
  );
}
