import { useEffect, useState } from 'preact/hooks';

/** A part of the page that comes in a script of its own when it is first wanted. */
export function useScript<T>(load: () => Promise<T>): T | 'loading' | 'failed' {
  const [loaded, setLoaded] = useState<{ readonly part: T } | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let wanted = true;
    load().then(
      (part) => (wanted ? setLoaded({ part }) : undefined),
      () => (wanted ? setLoaded('failed') : undefined),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return loaded === 'loading' || loaded === 'failed' ? loaded : loaded.part;
}
