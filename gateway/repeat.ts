/** Runs a job again and again, never twice at once; a failure is told and the next turn tries again. */
export function repeat(
  job: () => Promise<void>,
  everyMs: number,
  failed: (error: unknown) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await job().catch(failed);
      await pause(everyMs, signal);
    }
  };
  const finished = run();
  return {
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}

/** Waits, but not beyond the abort. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
