import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/texts.ts';
import type { Desk } from './desk.tsx';
import type { Task } from './task.ts';

interface WorkDialogProps {
  readonly task: Task;
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

type Loaded = { readonly Desk: typeof Desk } | 'loading' | 'failed';

/**
 * Holds the form that a person opened. The forms come in a script of their own when the first one is wanted: a page on
 * the wall never needs them.
 */
export function WorkDialog({ task, gatewayNowMs, close }: WorkDialogProps) {
  const texts = useTexts().work;
  const dialog = useRef<HTMLDialogElement>(null);
  const [loaded, setLoaded] = useState<Loaded>('loading');
  useEffect(() => {
    dialog.current?.showModal();
    import('./desk.tsx').then(
      ({ Desk }) => setLoaded({ Desk }),
      () => setLoaded('failed'),
    );
  }, []);
  return (
    <dialog class="work" ref={dialog} onClose={close} data-testid="work" data-task={task.kind}>
      {loaded === 'loading' || loaded === 'failed' ? (
        <>
          <p role="status">{texts[loaded]}</p>
          <button type="button" onClick={() => dialog.current?.close()}>
            {texts.close}
          </button>
        </>
      ) : (
        <loaded.Desk
          task={task}
          gatewayNowMs={gatewayNowMs}
          close={() => dialog.current?.close()}
        />
      )}
    </dialog>
  );
}
