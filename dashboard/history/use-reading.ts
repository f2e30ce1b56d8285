import { useEffect, useRef, useState } from 'preact/hooks';

export interface Reading<T> {
  /** The newest that came; undefined before the first. */
  readonly value: T | undefined;
  /** Another one is on its way. */
  readonly busy: boolean;
  readonly failed: boolean;
}

/** Fingers and wheels ask for many spans in a second: what they end at is asked for. */
const settleMs = 150;
const retryMs = 60_000;

/** Reads again whenever `key` changed and then rested; an answer that was overtaken is dropped. */
export function useReading<T>(key: string, read: () => Promise<T | undefined>): Reading<T> {
  const [reading, setReading] = useState<Reading<T>>({
    value: undefined,
    busy: true,
    failed: false,
  });
  const [attempt, setAttempt] = useState(0);
  const begun = useRef(false);
  useEffect(() => {
    let wanted = true;
    setReading((known) => ({ ...known, busy: true }));
    const start = (): void =>
      void read().then((value) => {
        if (!wanted) return;
        const failed = value === undefined;
        setReading((known) => ({ value: value ?? known.value, busy: false, failed }));
      });
    const timer = setTimeout(start, begun.current ? settleMs : 0);
    begun.current = true;
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, attempt]);
  useEffect(() => {
    if (!reading.failed) return undefined;
    const timer = setTimeout(() => setAttempt((count) => count + 1), retryMs);
    return () => clearTimeout(timer);
  }, [reading]);
  return reading;
}
