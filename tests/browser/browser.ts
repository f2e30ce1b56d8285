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
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(root, '.artifacts', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
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
