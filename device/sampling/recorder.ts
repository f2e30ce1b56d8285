import { catalogue, type FrameEvent, type Meta, parseChannel } from '#device/contract';
import type { Stamper } from '../clock/stamper.ts';
import type { Log } from '../log.ts';
import type { Draft, Spool } from '../spool/port.ts';
import type { Asset } from './asset.ts';

export interface RecorderParts {
  readonly spool: Spool;
  readonly stamper: Stamper;
  readonly meta: Meta;
  readonly log: Log;
  /** What the start of the process has to say; goes into its first frame. */
  readonly firstEvents: readonly FrameEvent[];
  /** The newest frame has just been stamped and is fresh. */
  readonly fresh: () => void;
}

/**
 * Gives drafts their place and, once time is known, their stamp. The first frame of the process carries `meta`
 * and `firstEvents`. */
export function createRecorder({
  spool,
  stamper,
  meta,
  log,
  firstEvents,
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
    if (!introduced) events.push({ kind: 'meta', channels: meta.channels }, ...firstEvents);
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

/** What every channel is, for discovery and for dating changes. */
export function describeAssets(assets: readonly Asset[]): Meta {
  const channels = assets.flatMap((asset) =>
    asset.describe().map(({ channel, details }) => {
      const parsed = parseChannel(channel);
      if (typeof parsed === 'string') throw new Error(`${channel}: ${parsed}`);
      return [channel, { unit: catalogue[parsed.quantity].unit, ...details }] as const;
    }),
  );
  return { channels: Object.fromEntries(channels) };
}
