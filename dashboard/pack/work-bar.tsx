import type { Pack } from '#gateway/contract';
import { useTexts } from '../texts/texts.ts';
import { type Entry, type Task, useOpenTask } from '../work/task.ts';

const entries: readonly Entry[] = [
  'gauge-reading',
  'delivery',
  'draw',
  'batch',
  'calibration',
  'changes',
];

/** What a person can write down about this pack. */
export function WorkBar({ pack }: { readonly pack: Pack }) {
  const texts = useTexts().work;
  const open = useOpenTask();
  const { delivery } = pack;
  return (
    <div class="work-bar" role="group" aria-label={`${texts.title} ${pack.name}`}>
      <button
        type="button"
        class="look-button"
        data-testid={`history-${pack.id}`}
        onClick={() => open({ kind: 'pack-history', pack })}
      >
        {texts.history}
      </button>
      <span aria-hidden="true">{texts.title}</span>
      {entries.map((kind) => (
        <WorkButton key={kind} name={kind} pack={pack} task={{ kind, pack }} />
      ))}
      {delivery === null ? null : (
        <WorkButton name="return" pack={pack} task={{ kind: 'return', pack, delivery }} />
      )}
    </div>
  );
}

interface WorkButtonProps {
  readonly name: Entry | 'return';
  readonly pack: Pack;
  readonly task: Task;
}

function WorkButton({ name, pack, task }: WorkButtonProps) {
  const texts = useTexts().work;
  const open = useOpenTask();
  return (
    <button type="button" data-testid={`${name}-${pack.id}`} onClick={() => open(task)}>
      {texts.name[name]}
    </button>
  );
}
