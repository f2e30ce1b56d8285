import type { Pack } from '#gateway/contract';
import { useTexts } from '../texts/texts.ts';
import { Entries } from '../work/entries.tsx';
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
    <Entries
      name={pack.name}
      asset={pack.id}
      look={
        <button
          type="button"
          class="look-button"
          data-testid={`history-${pack.id}`}
          onClick={() => open({ kind: 'pack-history', pack })}
        >
          {texts.history}
        </button>
      }
    >
      {entries.map((kind) => (
        <WorkButton key={kind} name={kind} pack={pack} task={{ kind, pack }} />
      ))}
      {delivery === null ? null : (
        <WorkButton name="return" pack={pack} task={{ kind: 'return', pack, delivery }} />
      )}
    </Entries>
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
