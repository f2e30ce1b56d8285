import { useEffect, useState } from 'preact/hooks';
import type { TimeSpan } from '../trend/shape.ts';
import { isNewest, namedSpans, newest, type SpanName } from './span.ts';

export interface SpanState {
  readonly span: TimeSpan;
  readonly set: (change: (span: TimeSpan) => TimeSpan) => void;
  readonly choose: (name: SpanName) => void;
}

interface Followed {
  readonly span: TimeSpan;
  /** It ended at the present when it was chosen: then it goes on with it, however long a sleeping tab was not asked. */
  readonly follows: boolean;
}

/** The span shown. One that ends at the present goes on with it, minute by minute. */
export function useSpan(first: SpanName, nowMs: number): SpanState {
  const upToNow = (lengthMs: number): Followed => ({
    span: newest(lengthMs, nowMs),
    follows: true,
  });
  const [{ span }, setFollowed] = useState<Followed>(() => upToNow(namedSpans[first]));
  const minute = Math.ceil(nowMs / 60_000);
  useEffect(
    () =>
      setFollowed((known) => {
        const next = upToNow(known.span.toMs - known.span.fromMs);
        return known.follows && next.span.toMs !== known.span.toMs ? next : known;
      }),
    [minute],
  );
  return {
    span,
    set: (change) =>
      setFollowed((known) => {
        const changed = change(known.span);
        return changed === known.span
          ? known
          : { span: changed, follows: isNewest(changed, nowMs) };
      }),
    choose: (name) => setFollowed(upToNow(namedSpans[name])),
  };
}
