import { useEffect, useState } from 'preact/hooks';

export type Fetched<T> = T | 'loading' | 'failed';

/** What is asked for once, when a list is opened; an answer that comes after it was closed is dropped. */
export function useFetched<T>(read: () => Promise<T | undefined>): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>('loading');
  useEffect(() => {
    let wanted = true;
    void read().then((found) => {
      if (wanted) setFetched(found ?? 'failed');
    });
    return () => {
      wanted = false;
    };
  }, []);
  return fetched;
}
