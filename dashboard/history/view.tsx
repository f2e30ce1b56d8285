import type { HistoryLook } from '../work/task.ts';
import { MeterHistory } from './meter-history.tsx';
import { PackHistory } from './pack-history.tsx';
import { useWords } from './words/words.ts';

export interface ViewProps {
  readonly look: HistoryLook;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

/** What a person looks back at: a pack, or registers. */
export function HistoryView({ look, heard, gatewayNowMs, close }: ViewProps) {
  const words = useWords();
  const name = look.kind === 'pack-history' ? look.pack.name : (look.meters[0]?.name ?? '');
  const common = { heard, nowMs: gatewayNowMs };
  return (
    <div class="history">
      <header class="history-head">
        <h2>{words.title(name)}</h2>
        <button type="button" data-testid="close" onClick={close}>
          {words.close}
        </button>
      </header>
      {look.kind === 'pack-history' ? (
        <PackHistory {...common} pack={look.pack} />
      ) : (
        <MeterHistory {...common} meters={look.meters} />
      )}
    </div>
  );
}
