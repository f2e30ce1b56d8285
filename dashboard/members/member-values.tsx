import { useId, useState } from 'preact/hooks';
import { japanClock, japanMoment } from '../format.ts';
import type { CalculationTold } from './answers.ts';
import { MemberTable } from './member-table.tsx';
import { PurposeForm } from './purpose-form.tsx';
import { type Pulled, pullMembers } from './pull.ts';
import { useWords } from './words/words.ts';

interface MemberValuesProps {
  readonly project: string;
  readonly gatewayNowMs: number;
}

/** What was pulled so far, for one purpose. */
interface Known {
  readonly purpose: string;
  readonly atMs: number;
  readonly members: readonly CalculationTold[];
  readonly next?: string | undefined;
}

/** Members of a project, once a person has said why. Nothing of it is asked for otherwise, or a second time by itself. */
export function MemberValues({ project, gatewayNowMs }: MemberValuesProps) {
  const words = useWords();
  const heading = useId();
  const [known, setKnown] = useState<Known | undefined>();
  const [last, setLast] = useState<Pulled | 'busy' | undefined>();
  const pull = async (purpose: string): Promise<void> => {
    if (last === 'busy') return;
    setLast('busy');
    const pulled = await pullMembers(project, purpose, known?.next);
    setLast(pulled);
    if (pulled.kind === 'not-allowed') setKnown(undefined);
    if (pulled.kind !== 'read') return;
    const { items, next } = pulled.page;
    const members = [...(known?.members ?? []), ...items];
    setKnown({ purpose, atMs: gatewayNowMs, members, next });
  };
  const refused = last !== 'busy' && last?.kind === 'not-allowed';
  return (
    <section aria-labelledby={heading} data-testid={`members-${project}`}>
      <h4 id={heading}>{words.members}</h4>
      {known === undefined && !refused ? (
        <PurposeForm busy={last === 'busy'} ask={(purpose) => void pull(purpose)} />
      ) : null}
      <p role="status" class="members-said">
        <Said last={last} />
      </p>
      {known === undefined ? null : (
        <>
          <p class="field-hint">
            {words.shown(japanMoment(known.atMs, gatewayNowMs, japanClock), known.purpose)}
          </p>
          <MemberTable members={known.members} />
          {known.next === undefined ? null : (
            <button
              type="button"
              disabled={last === 'busy'}
              onClick={() => void pull(known.purpose)}
            >
              {words.more}
            </button>
          )}
        </>
      )}
    </section>
  );
}

/** What came of the last request, where that was no values. */
function Said({ last }: { readonly last: Pulled | 'busy' | undefined }) {
  const words = useWords();
  if (last === undefined) return null;
  if (last === 'busy') return <>{words.loading}</>;
  switch (last.kind) {
    case 'read':
      return null;
    case 'not-allowed':
      return <>{words.notAllowed}</>;
    case 'failed':
      return <>{words.failed}</>;
    case 'refused':
      return (
        <>
          {words.refused} <span lang="en">{last.problem.detail ?? last.problem.title}</span>
        </>
      );
  }
}
