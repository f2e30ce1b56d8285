import type uPlot from 'uplot';
import { cssColour } from './colours.ts';
import type { TimeSpan } from './shape.ts';

/** Hatches the times without a value, so that a hole is seen as one and not as a quiet hour. */
export function shadeGaps(plot: uPlot, gaps: readonly TimeSpan[]): void {
  const { ctx, bbox } = plot;
  const hatch = hatchPattern(ctx);
  if (hatch === null) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = hatch;
  for (const { fromMs, toMs } of gaps) {
    const left = plot.valToPos(fromMs / 1000, 'x', true);
    const right = plot.valToPos(toMs / 1000, 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}

function hatchPattern(ctx: CanvasRenderingContext2D): CanvasPattern | null {
  const size = Math.round(8 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const drawing = tile.getContext('2d');
  if (drawing === null) return null;
  drawing.fillStyle = cssColour('--gap-ground');
  drawing.fillRect(0, 0, size, size);
  drawing.strokeStyle = cssColour('--gap-line');
  drawing.lineWidth = devicePixelRatio;
  drawing.beginPath();
  for (const offset of [-size, 0, size]) {
    drawing.moveTo(offset, size);
    drawing.lineTo(offset + size, 0);
  }
  drawing.stroke();
  return ctx.createPattern(tile, 'repeat');
}
