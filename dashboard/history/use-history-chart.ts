import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { letterPx } from '../trend/chart.ts';
import { watchLook } from '../trend/watch-look.ts';
import { isSamePlace, type PlotPlace } from './event-strip.tsx';
import { createHistoryChart, type HistoryChart, type Shown } from './chart.ts';
import { type GestureListener, watchGestures } from './gestures.ts';

interface ChartState {
  readonly pointed: number | null;
  readonly place: PlotPlace;
  readonly remPx: number;
}

interface Hands extends GestureListener {
  dragged(from: number, to: number): void;
}

/** Keeps a chart in an element through changes of data, size and colour scheme. */
export function useHistoryChart(
  holder: RefObject<HTMLDivElement | null>,
  shown: Shown,
  hands: Hands,
): ChartState {
  const chart = useRef<HistoryChart>(undefined);
  const latest = useRef({ shown, hands });
  const [pointed, setPointed] = useState<number | null>(null);
  const [place, setPlace] = useState<PlotPlace>({ left: 0, width: 1, height: 0 });
  const [remPx, setRemPx] = useState(letterPx);
  latest.current = { shown, hands };

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const made = createHistoryChart(element, remPx, latest.current.shown, {
      pointed: setPointed,
      dragged: (from, to) => latest.current.hands.dragged(from, to),
      placed: (next) => setPlace((known) => (isSamePlace(known, next) ? known : next)),
    });
    chart.current = made;
    const stopGestures = watchGestures(made.over, {
      zoom: (factor, about) => latest.current.hands.zoom(factor, about),
      move: (part) => latest.current.hands.move(part),
    });
    const stopLook = watchLook(element, made, setRemPx);
    return () => {
      stopGestures();
      stopLook();
      made.destroy();
    };
  }, [holder, remPx]);

  const { series, span } = shown;
  useEffect(() => chart.current?.show({ series, span }), [series, span]);
  return { pointed, place, remPx };
}
