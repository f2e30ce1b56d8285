import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/*
 * axe cannot judge text in drawings or on textures, so the pairs used there are checked from the palette itself
 * (WCAG 2.2: contrast ratio 4.5 for text, 3 for large text and for signs).
 */
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [lightCss = '', darkCss = ''] = css.split('@media');

function palette(block: string): ReadonlyMap<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [
      name,
      hex,
    ]),
  );
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [bright, dim] = [luminance(first), luminance(second)];
  return (Math.max(bright, dim) + 0.05) / (Math.min(bright, dim) + 0.05);
}

/** Foreground, ground, least ratio. */
const pairs: readonly (readonly [string, string, number])[] = [
  ['ink', 'panel', 4.5],
  ['ink', 'ground', 4.5],
  ['ink-soft', 'panel', 4.5],
  ['ink-soft', 'ground', 4.5],
  ['good', 'panel', 4.5],
  ['uncertain', 'panel', 4.5],
  ['uncertain', 'uncertain-ground', 4.5],
  ['ink', 'uncertain-ground', 4.5],
  ['bad', 'panel', 4.5],
  ['bad', 'bad-ground', 4.5],
  ['stale', 'panel', 4.5],
  ['stale', 'stale-ground', 4.5],
  ['old', 'panel', 4.5],
  ['old', 'old-ground', 4.5],
  ['old', 'gap-ground', 4.5],
  ['old', 'gap-line', 3],
  ['ink', 'gap-ground', 4.5],
  ['ink', 'gap-line', 4.5],
  ['series-pressure', 'panel', 4.5],
  ['series-total', 'panel', 4.5],
  ['ink', 'bad-ground', 4.5],
  ['ink', 'stale-ground', 4.5],
  ['ink-soft', 'uncertain-ground', 4.5],
  ['ink-soft', 'bad-ground', 4.5],
  ['panel', 'good', 4.5],
  ['panel', 'ink', 4.5],
  ['mark', 'face', 4.5],
  ['mark', 'face-dim', 4.5],
  ['mark', 'face-hatch', 4.5],
  ['old', 'face', 4.5],
  ['needle', 'face', 4.5],
  ['uncertain', 'face', 3],
  ['residual', 'face', 3],
  ['residual', 'face-dim', 3],
  ['filling', 'face-dim', 3],
];

test.each([
  ['light', palette(lightCss)],
  ['dark', palette(darkCss)],
])('every pair of colours can be told apart: %s', (_, colours) => {
  for (const [foreground, ground, least] of pairs) {
    const [over, under] = [colours.get(foreground), colours.get(ground)];
    if (over === undefined || under === undefined) throw new Error(`no ${foreground} or ${ground}`);
    expect(contrast(over, under), `${foreground} on ${ground}`).toBeGreaterThanOrEqual(least);
  }
});
