import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { peerPath } from '../peers.ts';
import { root } from '../system/program.ts';

/** Debian's Chromium without a window; it must not look for servers of its maker in a closed network. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = peerPath('chromium');
  if (executablePath === undefined)
    throw new Error('chromium is missing: apt-get install chromium');
  return chromium.launch({
    executablePath,
    args: '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
      ' ',
    ),
  });
}

/** Keeps a picture for people to look at. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  const folder = join(root, '.artifacts', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/** What axe-core finds against WCAG 2.2 AA: rule and place, empty when all is well. */
export async function violations(page: Page): Promise<string[]> {
  // The page forbids foreign scripts; the debugging protocol may run one all the same.
  await page.evaluate(axe.source);
  const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const options = JSON.stringify({ runOnly: { type: 'tag', values } });
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** The same in light and in dark; ends in light. */
export async function violationsInBoth(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violations(page)).map((each) => `${colorScheme}: ${each}`));
  }
  return found;
}

/** The widths people have: a phone, a desk, a wall. */
const sizes = { 360: 740, 1280: 900, 3840: 2160 } as const;

/** The same at every width, in the language it stands in; nothing may need scrolling sideways. Ends at a desk's width. */
export async function everyWidth(
  page: Page,
  name: string,
  widths: readonly (keyof typeof sizes)[] = [360, 3840, 1280],
  fullPage = true,
): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: sizes[width] });
    // A chart follows its holder a frame later.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))',
    );
    // A dialog fills the window, and is cut up in a picture of more than that.
    const whole = fullPage && (await page.locator('dialog[open]').count()) === 0;
    await picture(page, `${name}-${width}`, whole);
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (overflow > 0)
      throw new Error(`${name} is ${overflow} px too wide at ${width}: ${await beyond(page)}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What reaches beyond the window, for whoever has to mend it. */
function beyond(page: Page): Promise<string> {
  return page.evaluate<string>(`[...document.querySelectorAll('main *, header *, footer *')]
    .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map((each) => each.tagName + '.' + each.className + ' ' + each.getBoundingClientRect().right)
    .slice(0, 10).join('; ')`);
}
