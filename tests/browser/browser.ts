import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Keeps a picture for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(root, '.artifacts', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
