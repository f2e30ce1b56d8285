import uPlot from 'uplot';
import { japanDate, japanMinute } from '../format.ts';
import { divisionMarks, hourMarks, isJapanMidnight } from './axis.ts';
import { cssColour } from './colours.ts';
import { shadeGaps } from './gap-shading.ts';
import { extent, type Trend } from './shape.ts';

/** A drawn trend. */
export interface Chart {
  show(trend: Trend): void;
  resize(width: number, height: number): void;
  redraw(): void;
  destroy(): void;
}

/** The page's size of letters, CSS pixels: what a chart is drawn to. */
export function letterPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Draws into `holder`, to letters of `remPx`; `pointed` gets the index under the cursor, or null. */
export function createChart(
  holder: HTMLElement,
  remPx: number,
  first: Trend,
  pointed: (index: number | null) => void,
): Chart {
  let trend = first;
  const size = { width: holder.clientWidth, height: holder.clientHeight };
  const look = options(remPx, () => trend, pointed);
  const plot = new uPlot({ ...size, ...look }, columns(first), holder);
  return {
    show(next) {
      trend = next;
      plot.setData(columns(next));
    },
    resize: (width, height) => plot.setSize({ width, height }),
    redraw: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}

function columns(trend: Trend): uPlot.AlignedData {
  return [[...trend.timesS], [...trend.pressureMpa], [...trend.totalKg]];
}

function options(
  remPx: number,
  current: () => Trend,
  pointed: (index: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const width = remPx * 0.14;
  const pressures = () => current().pressureMpa;
  const totals = () => current().totalKg;
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: remPx * 0.45 } },
    scales: {
      x: { time: false, range: () => [current().fromMs / 1000, current().toMs / 1000] },
      mpa: { range: () => valueRange(pressures()) },
      kg: { range: () => valueRange(totals()) },
    },
    series: [
      {},
      { scale: 'mpa', width, stroke: () => cssColour('--series-pressure') },
      {
        scale: 'kg',
        width,
        stroke: () => cssColour('--series-total'),
        dash: [width * 3, width * 2],
      },
    ],
    axes: [
      timeAxis(remPx),
      valueAxis('mpa', remPx, '--series-pressure', pressures),
      onTheRight(valueAxis('kg', remPx, '--series-total', totals)),
    ],
    hooks: {
      drawAxes: [(plot) => shadeGaps(plot, current().gaps)],
      setCursor: [(plot) => pointed(plot.cursor.idx ?? null)],
    },
  };
}

function marksFor(values: readonly (number | null)[]): number[] {
  return divisionMarks(extent(values)?.most ?? 0);
}

function valueRange(values: readonly (number | null)[]): [number, number] {
  return [0, marksFor(values).at(-1) ?? 1];
}

function anyAxis(remPx: number): uPlot.Axis {
  return {
    font: `${remPx * 0.75}px system-ui, sans-serif`,
    grid: { stroke: () => cssColour('--line'), width: 1 },
    ticks: { show: false },
  };
}

function timeAxis(remPx: number): uPlot.Axis {
  const labelPx = remPx * 3.6;
  return {
    ...anyAxis(remPx),
    stroke: () => cssColour('--ink-soft'),
    size: remPx * 1.75,
    splits: ({ width }, _axis, fromS, toS) =>
      hourMarks(fromS * 1000, toS * 1000, Math.max(2, width / labelPx)).map((at) => at / 1000),
    values: (_plot, splits) => splits.map((atS) => timeLabel(atS * 1000)),
  };
}

function timeLabel(atMs: number): string {
  return isJapanMidnight(atMs) ? japanDate(atMs).slice(5).replace('-', '/') : japanMinute(atMs);
}

function valueAxis(
  scale: string,
  remPx: number,
  colour: string,
  values: () => readonly (number | null)[],
): uPlot.Axis {
  return {
    ...anyAxis(remPx),
    scale,
    stroke: () => cssColour(colour),
    size: remPx * 2.5,
    splits: () => marksFor(values()),
    values: (_plot, splits) => splits.map(String),
  };
}

/**
 * Moves a value axis to the right; the grid, the same for both, is drawn by the left one. uPlot names its sides in an
 * ambient const enum, which a module compiled by itself cannot read: 1 is right.
 */
function onTheRight(axis: uPlot.Axis): uPlot.Axis {
  return Object.assign(axis, { side: 1, grid: { show: false } });
}
