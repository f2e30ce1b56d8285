import type { Pack } from '#gateway/contract';
import { useTexts } from '../texts/texts.ts';
import { type Entry, useOpenTask } from '../work/task.ts';

const entries: readonly Entry[] = ['gauge-reading', 'delivery', 'draw', 'batch', 'calibration'];

/** What a person can write down about this pack. */
export function WorkBar({ pack }: { readonly pack: Pack }) {
  const texts = useTexts().work;
  const open = useOpenTask();
  return (
    <div class="work-bar" role="group" aria-label={`${texts.title} ${pack.name}`}>
      <span aria-hidden="true">{texts.title}</span>
      {entries.map((kind) => (
        <button
          type="button"
          key={kind}
          data-testid={`${kind}-${pack.id}`}
          onClick={() => open({ kind, pack })}
        >
          {texts.name[kind]}
        </button>
      ))}
    </div>
  );
}
