import type { FrameEvent } from '#device/contract';
import type { Stamper } from '../clock/stamper.ts';
import type { Log } from '../log.ts';
import type { Draft, Spool } from '../spool/port.ts';
import type { MetaBook } from './meta-book.ts';

export interface RecorderParts {
  readonly spool: Spool;
  readonly stamper: Stamper;
  readonly meta: MetaBook;
  readonly log: Log;
  /** What the start of the process has to say; goes into its first frame. */
  readonly firstEvents: readonly FrameEvent[];
  /** `meta` has changed: what is retained of it is old. */
  readonly metaChanged: () => void;
  /** The newest frame has just been stamped and is fresh. */
  readonly fresh: () => void;
}

/**
 * Gives drafts their place and, once time is known, their stamp. The first frame of the process carries `meta`
 * and `firstEvents`; every change of `meta` goes into the frame of the first readings it is true of. */
export function createRecorder({
  spool,
  stamper,
  meta,
  log,
  firstEvents,
  metaChanged,
  fresh,
}: RecorderParts): (draft: Draft) => void {
  let introduced = false;
  let before = stamper.state;
  return (draft) => {
    const turn = stamper.advance();
    if (turn.state !== before) log.info({ from: before, to: turn.state }, 'clock');
    before = turn.state;
    if (turn.newStream) {
      log.warn(
        { clock: turn.event },
        'trusted time lies before the last stamp; a new stream starts',
      );
      spool.startStream();
    }
    const events: FrameEvent[] = [...draft.events];
    const changed = meta.takeChange();
    if (changed || !introduced) events.push({ kind: 'meta', channels: meta.current.channels });
    if (!introduced) events.push(...firstEvents);
    if (changed) metaChanged();
    if (turn.event !== undefined) events.push(turn.event);
    introduced = true;
    if (turn.state === 'waiting') {
      spool.append({ ...draft, events });
      return;
    }
    spool.stamp((upMs) => stamper.stamp(upMs));
    spool.append({ ...draft, events }, stamper.stamp(draft.upMs));
    fresh();
  };
}
