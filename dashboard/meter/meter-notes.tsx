import type { Meter } from '#gateway/contract';
import { Note } from '../figure/note.tsx';
import { partsOf } from '../plant/meters.ts';
import { useTexts } from '../texts/texts.ts';
import { useOpenTask } from '../work/task.ts';

interface MeterNotesProps {
  readonly asset: string;
  readonly meters: readonly Meter[];
}

/** What waits for a person, and what a claim could not be built on. */
export function MeterNotes({ asset, meters }: MeterNotesProps) {
  const texts = useTexts().meter;
  const open = useOpenTask();
  const count = meters.reduce((sum, { openEventCount }) => sum + openEventCount, 0);
  return (
    <ul class="pack-notes" data-testid={`notes-${asset}`}>
      {count === 0 ? null : (
        <Note kind="register-events" sign="changed">
          <strong>{texts.open(count)}</strong>
          <p>{texts.openExplain}</p>
          <button
            type="button"
            data-testid={`resolve-${asset}`}
            onClick={() => open({ kind: 'register-events', meters })}
          >
            {texts.resolve}
          </button>
        </Note>
      )}
      {meters.map((meter) => (
        <EvidenceNotes key={meter.meter} meter={meter} />
      ))}
    </ul>
  );
}

function EvidenceNotes({ meter }: { readonly meter: Meter }) {
  const texts = useTexts().meter;
  const { evidence, identity } = meter;
  const { serial, saidSerial } = identity;
  const quantity = texts.quantity(partsOf(meter).quantity);
  return (
    <>
      {evidence?.kind === 'specified' && evidence.mark !== 'valid' ? (
        <Note kind={`mark-${evidence.mark}`} sign="warning">
          {quantity}: {texts[evidence.mark](evidence.markExpires)}
        </Note>
      ) : null}
      {serial !== null && saidSerial !== null && serial !== saidSerial ? (
        <Note kind="serial" sign="changed">
          {quantity}: {texts.otherSerial(saidSerial, serial)}
        </Note>
      ) : null}
    </>
  );
}
