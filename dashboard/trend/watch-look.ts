import { type Chart, letterPx } from './chart.ts';

/** Keeps the size, letters and colours of a chart those of its element; answers how to stop. */
export function watchLook(
  element: HTMLElement,
  chart: Pick<Chart, 'resize' | 'redraw'>,
  setRemPx: (remPx: number) => void,
): () => void {
  const sizes = new ResizeObserver(() => {
    setRemPx(letterPx());
    chart.resize(element.clientWidth, element.clientHeight);
  });
  sizes.observe(element);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => chart.redraw();
  scheme.addEventListener('change', redraw);
  return () => {
    sizes.disconnect();
    scheme.removeEventListener('change', redraw);
  };
}
