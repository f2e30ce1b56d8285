import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useScript } from '../page/use-script.ts';
import { useTexts } from '../texts/texts.ts';
import { type HistoryLook, isLook, type Look, type Task } from './task.ts';

interface WorkDialogProps {
  readonly task: Task;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

/**
 * Holds the form or the history that a person opened. Each comes in a script of its own when the first one is wanted: a
 * page on the wall never needs them.
 */
export function WorkDialog({ task, heard, gatewayNowMs, close }: WorkDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const shut = (): void => dialog.current?.close();
  return (
    <dialog
      class={isLook(task) ? 'work work-wide' : 'work'}
      ref={dialog}
      onClose={close}
      data-testid="work"
      data-task={task.kind}
    >
      {isLook(task) ? (
        <LateView look={task} heard={heard} gatewayNowMs={gatewayNowMs} close={shut} />
      ) : (
        <LateDesk task={task} gatewayNowMs={gatewayNowMs} close={shut} />
      )}
    </dialog>
  );
}

interface DeskProps extends Pick<WorkDialogProps, 'gatewayNowMs' | 'close'> {
  readonly task: Exclude<Task, Look>;
}

function LateDesk(props: DeskProps) {
  const script = useScript(() => import('./desk.tsx'));
  if (script === 'loading' || script === 'failed')
    return <Waiting state={script} close={props.close} />;
  return <script.Desk {...props} />;
}

interface ViewProps extends Omit<WorkDialogProps, 'task'> {
  readonly look: Look;
}

function LateView(props: ViewProps) {
  const { look, ...common } = props;
  switch (look.kind) {
    case 'day-sheet':
      return <LateSheet {...common} plant={look.plant} meters={look.meters} />;
    case 'members':
      return <LateMembers {...common} projects={look.projects} />;
    case 'pack-history':
    case 'meter-history':
      return <LateHistory {...common} look={look} />;
  }
}

type Sheet = Extract<Look, { kind: 'day-sheet' }>;
type Members = Extract<Look, { kind: 'members' }>;

function LateMembers(props: Omit<ViewProps, 'look'> & Omit<Members, 'kind'>) {
  const script = useScript(() => import('../members/view.tsx'));
  if (script === 'loading' || script === 'failed')
    return <Waiting state={script} close={props.close} />;
  return <script.MembersView {...props} />;
}

function LateHistory(props: ViewProps & { readonly look: HistoryLook }) {
  const script = useScript(() => import('../history/view.tsx'));
  if (script === 'loading' || script === 'failed')
    return <Waiting state={script} close={props.close} />;
  return <script.HistoryView {...props} />;
}

function LateSheet(props: Omit<ViewProps, 'look'> & Omit<Sheet, 'kind'>) {
  const script = useScript(() => import('../sheet/view.tsx'));
  if (script === 'loading' || script === 'failed')
    return <Waiting state={script} close={props.close} />;
  return <script.DaySheet {...props} />;
}

interface WaitingProps {
  readonly state: 'loading' | 'failed';
  readonly close: () => void;
}

function Waiting({ state, close }: WaitingProps): ComponentChildren {
  const texts = useTexts().work;
  return (
    <>
      <p role="status">{texts[state]}</p>
      <button type="button" onClick={close}>
        {texts.close}
      </button>
    </>
  );
}
