import uPlot from 'uplot';
import { divisionMarks } from '../trend/axis.ts';
import { cssColour } from '../trend/colours.ts';
import type { TimeSpan } from '../trend/shape.ts';
import type { ChartListener, HistoryChart } from './chart.ts';
import { placeOf, timeAxis, valueAxis } from './chart.ts';
import { isKnown } from './bars.ts';
import type { Bar } from './csv.ts';

export interface ShownBars {
  readonly bars: readonly Bar[];
  readonly span: TimeSpan;
}

/** Draws energy per interval into `holder`: full bars, and hatched ones for what is metered in part or in doubt. */
export function createBarChart(
  holder: HTMLElement,
  remPx: number,
  first: ShownBars,
  listener: Omit<ChartListener, 'dragged'>,
): Omit<HistoryChart, 'show'> & { show(shown: ShownBars): void } {
  let shown = first;
  const size = { width: holder.clientWidth, height: holder.clientHeight };
  const look = options(remPx, () => shown, listener);
  const plot = new uPlot({ ...size, ...look }, columns(first), holder);
  return {
    over: plot.over,
    show(next) {
      shown = next;
      plot.setData(columns(next));
    },
    resize: (width, height) => plot.setSize({ width, height }),
    redraw: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}

function columns({ bars }: ShownBars): uPlot.AlignedData {
  const kwh = (wanted: (bar: Bar) => boolean) =>
    bars.map((bar) => (wanted(bar) ? bar.wh / 1000 : null));
  const whole = ({ quality }: Bar): boolean => quality === 'good';
  return [
    bars.map(({ start, end }) => (start + end) / 2000),
    kwh(whole),
    kwh((bar) => !whole(bar) && isKnown(bar)),
  ];
}

function options(
  remPx: number,
  current: () => ShownBars,
  listener: Omit<ChartListener, 'dragged'>,
): Omit<uPlot.Options, 'width' | 'height'> {
  const most = (): number =>
    current().bars.reduce((known, { wh }) => Math.max(known, wh / 1000), 0);
  const bars = uPlot.paths.bars?.({ size: [0.8, Infinity] });
  const series = (fill: () => CanvasRenderingContext2D['fillStyle']): uPlot.Series => ({
    scale: 'kwh',
    stroke: () => cssColour('--series-total'),
    width: 1,
    fill,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  return {
    legend: { show: false },
    padding: [remPx * 0.5, remPx * 1.5, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => [current().span.fromMs / 1000, current().span.toMs / 1000] },
      kwh: { range: () => [0, divisionMarks(most()).at(-1) ?? 1] },
    },
    series: [{}, series(() => cssColour('--series-total')), series(hatched)],
    axes: [timeAxis(remPx), valueAxis('kwh', remPx, '--series-total', most)],
    hooks: {
      draw: [({ bbox }) => listener.placed(placeOf(bbox))],
      setCursor: [({ cursor }) => listener.pointed(cursor.idx ?? null)],
    },
  };
}

/** Stripes in the colour of the bars: seen where colour is not. */
function hatched(): CanvasPattern | string {
  const size = Math.round(8 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const drawing = tile.getContext('2d');
  const colour = cssColour('--series-total');
  if (drawing === null) return colour;
  drawing.strokeStyle = colour;
  drawing.lineWidth = 2 * devicePixelRatio;
  drawing.beginPath();
  for (const offset of [-size, 0, size]) {
    drawing.moveTo(offset, size);
    drawing.lineTo(offset + size, 0);
  }
  drawing.stroke();
  return drawing.createPattern(tile, 'repeat') ?? colour;
}
