import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { everyWidth, startBrowser, violations } from './browser.ts';
import { heldBy, TenPacks } from './ten-packs.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };

describeWithPeers('ten packs on one page in Chromium', ['chromium'], () => {
  let plant: TenPacks;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    plant = await TenPacks.start();
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  test('each has its dial, and they are read at every width', limit, async () => {
    await page.goto(plant.home);
    await page.getByTestId('trend-pack-10').locator('canvas').waitFor(patience);
    await plant.tell(page, 2);
    for (let number = 1; number <= 10; number += 1) {
      const pressure = await page
        .getByTestId(`dial-pack-${number}`)
        .getAttribute('data-pressure-mpa');
      expect(Number(pressure)).toBeCloseTo(3 + (number - 1) * 1.5, 0);
    }
    expect(await violations(page)).toEqual([]);
    await everyWidth(page, 'ten-packs', [360, 1280]);
    // Nobody scrolls on a wall: what is seen there is the window.
    await everyWidth(page, 'ten-packs', [3840], false);
  });

  test(
    'what is drawn again and again takes no more room: nodes and listeners stay',
    limit,
    async () => {
      const session = await page.context().newCDPSession(page);
      await plant.tell(page, 20);
      const before = await heldBy(session);
      await plant.tell(page, 200);
      const after = await heldBy(session);
      // A leak of one of them an update would be 200.
      expect(after.nodes - before.nodes).toBeLessThan(100);
      expect(after.listeners - before.listeners).toBeLessThan(100);
      // 2 kB for each pack and update would be 4 MB; the trends' last points are some 100 bytes.
      expect(after.heapBytes - before.heapBytes).toBeLessThan(4_000_000);
    },
  );

  test('no script failed', () => expect(complaints).toEqual([]));
});
