import type { Pack } from '#gateway/contract';
import { Note } from '../figure/note.tsx';
import { fixed, japanDate, japanMinute, japanMoment, massText } from '../format.ts';
import { useTexts } from '../texts/texts.ts';
import { useOpenTask } from '../work/task.ts';

interface PackNotesProps {
  readonly pack: Pack;
  readonly gatewayNowMs: number;
}

/** What a person must know before reading any figure of this pack, and what waits for one. */
export function PackNotes({ pack, gatewayNowMs }: PackNotesProps) {
  const texts = useTexts();
  const { isolatedSince, segment, calibration, legal, source } = pack;
  const moment = (atMs: number): string => japanMoment(atMs, gatewayNowMs, japanMinute);
  return (
    <ul class="pack-notes" data-testid={`notes-${pack.id}`}>
      {isolatedSince === null ? null : (
        <Note kind="isolated" sign="valve">
          {texts.packNote.isolated(moment(isolatedSince))}
        </Note>
      )}
      {segment === null || segment.resolved ? null : (
        <ChangedNote pack={pack} segment={segment} moment={moment(segment.at)} />
      )}
      {source === 'manual' ? (
        <Note kind="manual" sign="eye">
          {texts.pack.manualNote}
        </Note>
      ) : null}
      {calibration?.expired === true ? (
        <Note kind="calibration-expired" sign="warning">
          {texts.packNote.calibrationExpired(japanDate(calibration.validUntil))}
        </Note>
      ) : null}
      {legal.siteAtThreshold ? (
        <Note kind="legal" sign="warning">
          {texts.packNote.legal(fixed(legal.siteM3, 1), fixed(legal.thresholdM3, 0))}
        </Note>
      ) : null}
    </ul>
  );
}

interface ChangedNoteProps {
  readonly pack: Pack;
  readonly segment: NonNullable<Pack['segment']>;
  readonly moment: string;
}

function ChangedNote({ pack, segment, moment }: ChangedNoteProps) {
  const texts = useTexts().packNote;
  const open = useOpenTask();
  const after = massText(segment.startKg);
  return (
    <Note kind="changed" sign="changed">
      <strong>{texts.changed}</strong>
      <p>
        {segment.beforeKg === null
          ? texts.changedTo(after, moment)
          : texts.changedFrom(massText(segment.beforeKg), after, moment)}
      </p>
      <button
        type="button"
        data-testid={`resolve-${pack.id}`}
        onClick={() => open({ kind: 'resolution', pack, segmentAt: segment.at })}
      >
        {texts.resolve}
      </button>
    </Note>
  );
}
