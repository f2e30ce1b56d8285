import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Chart, createChart, letterPx } from './chart.ts';
import type { Trend } from './shape.ts';
import { watchLook } from './watch-look.ts';

/** Keeps a chart in an element through changes of data, size and colour scheme; answers the index pointed at. */
export function useChart(holder: RefObject<HTMLDivElement | null>, trend: Trend): number | null {
  const chart = useRef<Chart>(undefined);
  const latest = useRef(trend);
  const [pointed, setPointed] = useState<number | null>(null);
  const [remPx, setRemPx] = useState(letterPx);
  latest.current = trend;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const made = createChart(element, remPx, latest.current, setPointed);
    chart.current = made;
    const stopWatching = watchLook(element, made, setRemPx);
    return () => {
      stopWatching();
      made.destroy();
    };
  }, [holder, remPx]);

  useEffect(() => chart.current?.show(trend), [trend]);
  return pointed;
}
