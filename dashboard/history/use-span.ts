import { useEffect, useState } from 'preact/hooks';
import type { TimeSpan } from '../trend/shape.ts';
import { isNewest, namedSpans, newest, type SpanName } from './span.ts';

export interface SpanState {
  readonly span: TimeSpan;
  readonly set: (change: (span: TimeSpan) => TimeSpan) => void;
  readonly choose: (name: SpanName) => void;
}

/** The span shown. One that ends at the present goes on with it, minute by minute. */
export function useSpan(first: SpanName, nowMs: number): SpanState {
  const [span, set] = useState<TimeSpan>(() => newest(namedSpans[first], nowMs));
  const minute = Math.ceil(nowMs / 60_000);
  useEffect(
    () =>
      set((known) => {
        const next = newest(known.toMs - known.fromMs, nowMs);
        return isNewest(known, nowMs - 60_000) && next.toMs !== known.toMs ? next : known;
      }),
    [minute],
  );
  return { span, set, choose: (name) => set(() => newest(namedSpans[name], nowMs)) };
}
