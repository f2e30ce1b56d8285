import type uPlot from 'uplot';
import { cssColour } from '../trend/colours.ts';
import type { TimeSpan } from '../trend/shape.ts';

/** A strip along the bottom where only some minutes have a value: the line there is not the whole truth. */
export function shadeThin(plot: uPlot, spans: readonly TimeSpan[]): void {
  const { ctx, bbox } = plot;
  const height = Math.round(6 * devicePixelRatio);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = cssColour('--uncertain');
  for (const { fromMs, toMs } of spans) {
    const left = plot.valToPos(fromMs / 1000, 'x', true);
    const right = plot.valToPos(toMs / 1000, 'x', true);
    ctx.fillRect(left, bbox.top + bbox.height - height, Math.max(1, right - left), height);
  }
  ctx.restore();
}
