import uPlot from 'uplot';
import { divisionMarks } from '../trend/axis.ts';
import { cssColour } from '../trend/colours.ts';
import { shadeGaps } from '../trend/gap-shading.ts';
import type { TimeSpan } from '../trend/shape.ts';
import type { PlotPlace } from './event-strip.tsx';
import type { PackSeries } from './series.ts';
import { shadeThin } from './thin-shading.ts';
import { markText, timeMarks } from './time-marks.ts';

/** What a chart shows: the span may move on while newer points are on their way. */
export interface Shown {
  readonly series: PackSeries;
  readonly span: TimeSpan;
}

export interface ChartListener {
  /** Index of the point under the cursor, or null. */
  pointed(index: number | null): void;
  /** A range was dragged: parts of the plot's width. */
  dragged(from: number, to: number): void;
  /** Where the plot stands in its holder, CSS pixels. */
  placed(plot: PlotPlace): void;
}

/** Set when an answer came; from there to the picture is measured (performance.measure): 150 ms at most for a year. */
export const readMark = 'kadoru-history-read';
const drawnMeasure = 'kadoru-history-drawn';

export interface HistoryChart {
  readonly over: HTMLElement;
  show(shown: Shown): void;
  resize(width: number, height: number): void;
  redraw(): void;
  destroy(): void;
}

/** Draws pressure and usable mass of a pack over time into `holder`, to letters of `remPx`. */
export function createHistoryChart(
  holder: HTMLElement,
  remPx: number,
  first: Shown,
  listener: ChartListener,
): HistoryChart {
  let shown = first;
  let undrawn = false;
  const look = options(
    remPx,
    () => shown,
    listener,
    () => {
      if (undrawn) performance.measure(drawnMeasure, readMark);
      undrawn = false;
    },
  );
  const size = { width: holder.clientWidth, height: holder.clientHeight };
  const plot = new uPlot({ ...size, ...look }, columns(first.series), holder);
  return {
    over: plot.over,
    show(next) {
      const moved = next.series === shown.series;
      shown = next;
      if (moved) plot.setScale('x', { min: next.span.fromMs / 1000, max: next.span.toMs / 1000 });
      else {
        undrawn = next.series.points.length > 0;
        plot.setData(columns(next.series));
      }
    },
    resize: (width, height) => plot.setSize({ width, height }),
    redraw: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}

function columns({ points }: PackSeries): uPlot.AlignedData {
  return [
    points.map(({ fromMs, toMs }) => (fromMs + toMs) / 2000),
    points.map(({ pressureLeastMpa }) => pressureLeastMpa),
    points.map(({ pressureMostMpa }) => pressureMostMpa),
    points.map(({ pressureMpa }) => pressureMpa),
    points.map(({ usableLowKg }) => usableLowKg),
    points.map(({ usableHighKg }) => usableHighKg),
    points.map(({ usableKg }) => usableKg),
  ];
}

function options(
  remPx: number,
  current: () => Shown,
  listener: ChartListener,
  drawn: () => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const width = remPx * 0.14;
  const most = {
    mpa: () => mostOf(current(), ({ pressureMostMpa }) => pressureMostMpa),
    kg: () => mostOf(current(), ({ usableHighKg }) => usableHighKg),
  };
  const edge = (scale: string): uPlot.Series => ({ scale, width: 0, points: { show: false } });
  return {
    legend: { show: false },
    padding: [remPx * 0.5, 0, 0, 0],
    cursor: {
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: { size: remPx * 0.45 },
    },
    scales: {
      x: { time: false, range: () => [current().span.fromMs / 1000, current().span.toMs / 1000] },
      mpa: { range: () => [0, divisionMarks(most.mpa()).at(-1) ?? 1] },
      kg: { range: () => [0, divisionMarks(most.kg()).at(-1) ?? 1] },
    },
    series: [
      {},
      edge('mpa'),
      edge('mpa'),
      { scale: 'mpa', width, stroke: () => cssColour('--series-pressure') },
      edge('kg'),
      edge('kg'),
      {
        scale: 'kg',
        width,
        stroke: () => cssColour('--series-total'),
        dash: [width * 3, width * 2],
      },
    ],
    bands: [
      { series: [2, 1], fill: () => cssColour('--band-pressure') },
      { series: [5, 4], fill: () => cssColour('--band-total') },
    ],
    axes: [
      timeAxis(remPx),
      valueAxis('mpa', remPx, '--series-pressure', most.mpa),
      onTheRight(valueAxis('kg', remPx, '--series-total', most.kg)),
    ],
    hooks: {
      drawAxes: [
        (plot) => {
          shadeGaps(plot, current().series.gaps);
          shadeThin(plot, current().series.thin);
        },
      ],
      draw: [
        ({ bbox }) => {
          drawn();
          listener.placed(placeOf(bbox));
        },
      ],
      setCursor: [({ cursor }) => listener.pointed(cursor.idx ?? null)],
      setSelect: [(plot) => select(plot, listener)],
    },
  };
}

/** The holder's top to the bottom of the plot is what a line over it has to cross. */
export function placeOf({ left, top, width, height }: uPlot['bbox']): PlotPlace {
  const px = (canvas: number): number => canvas / devicePixelRatio;
  return { left: px(left), width: px(width), height: px(top + height) };
}

function select(plot: uPlot, listener: ChartListener): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const all = plot.over.clientWidth;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  listener.dragged(left / all, (left + width) / all);
}

function mostOf({ series }: Shown, of: (point: PackSeries['points'][number]) => number | null) {
  return series.points.reduce((most, point) => Math.max(most, of(point) ?? 0), 0);
}

function anyAxis(remPx: number): uPlot.Axis {
  return {
    font: `${remPx * 0.75}px system-ui, sans-serif`,
    grid: { stroke: () => cssColour('--line'), width: 1 },
    ticks: { show: false },
  };
}

export function timeAxis(remPx: number): uPlot.Axis {
  const labelPx = remPx * 4.5;
  return {
    ...anyAxis(remPx),
    stroke: () => cssColour('--ink-soft'),
    size: remPx * 1.75,
    splits: ({ width }, _axis, fromS, toS) =>
      timeMarks(fromS * 1000, toS * 1000, Math.max(2, Math.floor(width / labelPx))).map(
        (at) => at / 1000,
      ),
    values: (_plot, splits) => {
      const stepMs = ((splits[1] ?? 0) - (splits[0] ?? 0)) * 1000;
      return splits.map((atS) => markText(atS * 1000, stepMs));
    },
  };
}

export function valueAxis(
  scale: string,
  remPx: number,
  colour: string,
  most: () => number,
): uPlot.Axis {
  return {
    ...anyAxis(remPx),
    scale,
    stroke: () => cssColour(colour),
    size: remPx * 2.75,
    splits: () => divisionMarks(most()),
    values: (_plot, splits) => splits.map(String),
  };
}

/** uPlot names its sides in an ambient const enum, which a module compiled by itself cannot read: 1 is right. */
function onTheRight(axis: uPlot.Axis): uPlot.Axis {
  return Object.assign(axis, { side: 1, grid: { show: false } });
}
