import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../system/program.ts';
import type { Lens } from './lens.ts';
import type { Scene, Width } from './picture-scenes.ts';

const patience = { timeout: 90_000 };
const heights: Readonly<Record<Width, number>> = { 360: 740, 1280: 900, 3840: 2160 };
/** A4 at 96 dpi. */
const paper = { width: 794, height: 1123 };

/** What each page was shown last: the next scene may be on it already. */
const shown = new WeakMap<Page, string>();

/** Brings a page to where a scene is. */
export async function show(page: Page, lens: Lens, scene: Scene): Promise<void> {
  const { packs = [], energy = false, address = '', dark = false } = scene;
  await page.setViewportSize({ width: 1280, height: heights[1280] });
  await page.emulateMedia({ media: 'screen', colorScheme: dark ? 'dark' : 'light' });
  const view = JSON.stringify({ packs, energy, address });
  if (shown.get(page) === view) {
    // Whatever the scene before had opened.
    await page.keyboard.press('Escape');
    await page.getByTestId('work').waitFor({ state: 'detached', ...patience });
  } else {
    lens.view = { packs, energy };
    await page.goto(lens.home + address);
    await loaded(page, scene);
    shown.set(page, view);
  }
  await scene.open?.(page);
  if (scene.paper === true) await page.emulateMedia({ media: 'print' });
}

async function loaded(page: Page, { packs = [], energy = false }: Scene): Promise<void> {
  const [first] = packs;
  if (first !== undefined)
    await page.getByTestId(`trend-${first}`).locator('canvas').waitFor(patience);
  if (energy) await page.getByTestId('fiscalYear-keihin').waitFor(patience);
  if (first === undefined && !energy) await page.getByTestId('guide').waitFor(patience);
}

/** A picture at a width. A wall is not scrolled, and a dialog fills the window: there only what is in sight. */
export async function keepPicture(page: Page, name: string, width: Width): Promise<void> {
  const printed = await page.evaluate<boolean>("matchMedia('print').matches");
  await page.setViewportSize(printed ? paper : { width, height: heights[width] });
  // A chart follows its holder a frame later.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))');
  const folder = join(root, '.artifacts', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const tall = await page.evaluate<number>('document.documentElement.scrollHeight');
  const whole =
    width !== 3840 && tall < 8_000 && (await page.locator('dialog[open]').count()) === 0;
  const path = join(folder, `${name}-${printed ? 'a4' : width}.png`);
  await page.screenshot({ path, fullPage: whole || printed });
}

/** What makes the page, or a dialog on it, scroll sideways. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate<
    string[]
  >(`[document.documentElement, ...document.querySelectorAll('dialog[open]')]
    .filter((each) => each.scrollWidth > each.clientWidth)
    .flatMap((each) => [...each.querySelectorAll('*')]
      .filter((inside) => inside.getBoundingClientRect().right > each.getBoundingClientRect().left + each.clientWidth + 1)
      .slice(0, 5)
      .map((inside) => inside.tagName + '.' + inside.className + ' ' + inside.scrollWidth + ' beyond ' + each.clientWidth))`);
}
