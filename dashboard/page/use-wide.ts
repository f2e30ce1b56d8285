import { useEffect, useState } from 'preact/hooks';

/** Where the style sheets put things beside each other, too: wider than a phone held upright. */
const wideQuery = '(min-width: 47.5rem)';

/** Whether there is room beside things; follows a screen that is turned. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(wideQuery).matches);
  useEffect(() => {
    const list = matchMedia(wideQuery);
    const look = (): void => setWide(list.matches);
    look();
    list.addEventListener('change', look);
    return () => list.removeEventListener('change', look);
  }, []);
  return wide;
}
