import type { Meter } from '#gateway/contract';
import { useTexts } from '../texts/texts.ts';
import { Entries } from '../work/entries.tsx';
import { type MeterEntry, useOpenTask } from '../work/task.ts';

const entries: readonly MeterEntry[] = [
  'meter-reading',
  'reading-table',
  'register-events',
  'correction',
];

interface MeterBarProps {
  readonly asset: string;
  readonly name: string;
  readonly meters: readonly Meter[];
}

/** What a person can write down about these registers. */
export function MeterBar({ asset, name, meters }: MeterBarProps) {
  const { work, meter: texts } = useTexts();
  const open = useOpenTask();
  if (meters.length === 0) return null;
  return (
    <Entries
      name={name}
      asset={asset}
      look={
        <button
          type="button"
          class="look-button"
          data-testid={`history-${asset}`}
          onClick={() => open({ kind: 'meter-history', meters })}
        >
          {work.history}
        </button>
      }
    >
      {entries.map((kind) => (
        <button
          key={kind}
          type="button"
          data-testid={`${kind}-${asset}`}
          onClick={() => open({ kind, meters })}
        >
          {texts.work[kind]}
        </button>
      ))}
    </Entries>
  );
}
