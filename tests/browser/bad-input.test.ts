import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { picture, startBrowser, violationsInBoth } from './browser.ts';
import { livePicture } from './live-picture.ts';
import { SlowLine } from './slow-line.ts';
import { WirePlant } from './wire-plant.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };
const threeDaysMs = 3 * 24 * 3_600_000;

const state = (wanted: string, on: Page) =>
  on.locator(`[data-testid="dial-pack-1"][data-state="${wanted}"]`).waitFor(patience);
const link = (wanted: string, on: Page) =>
  on.locator(`[data-testid="connection"][data-state="${wanted}"]`).waitFor(patience);

/** What no gateway of ours sends, clocks that are wrong, and tabs that slept. */
describeWithPeers('a page that is told nonsense, in Chromium', ['chromium'], () => {
  let plant: WirePlant;
  let browser: Browser;

  beforeAll(async () => {
    plant = await WirePlant.start();
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  test(
    'events that no page can read are counted, shown as counted, and never drawn',
    limit,
    async () => {
      const nothing = { packs: [], generators: [], alarms: [], problems: [] };
      const bodies = ['{', JSON.stringify({ ...nothing, at: 'soon' }), '{"at":1e400}', 'null'];
      const events = bodies.map((body) => `event: plant\ndata: ${body}\n\n`).join('');
      const odd = await browser.newPage({ locale: 'ja-JP' });
      await odd.route('**/api/v1/live', (route) =>
        route.fulfill({ contentType: 'text/event-stream', body: events }),
      );
      await odd.goto(plant.home);
      await odd.getByTestId('unreadable').waitFor(patience);
      expect(await odd.getByTestId('pack-pack-1').count()).toBe(0);
      await odd.unroute('**/api/v1/live');
      // It comes back by itself.
      await state('good', odd);
      await odd.close();
    },
  );

  test(
    'absurd values and a time ahead are shown as what they are, and become old',
    limit,
    async () => {
      const live = await livePicture(plant.gateway);
      const known = JSON.parse(live);
      const told = (pack: object, at = known.at) =>
        JSON.stringify({ ...known, at, packs: [{ ...known.packs[0], ...pack }] });
      const shown = await browser.newPage({ locale: 'ja-JP' });
      await shown.clock.install();
      const show = async (body: string) => {
        await shown.route('**/api/v1/live', (route) =>
          route.fulfill({
            contentType: 'text/event-stream',
            body: `event: plant\ndata: ${body}\n\n`,
          }),
        );
        await shown.goto(plant.home);
        await shown.getByTestId('dial-pack-1').waitFor(patience);
      };
      await show(told({ pressureMpa: 1e12, measuredAt: known.at + 3_600_000 }));
      expect(await shown.getByTestId('age-pack-1').textContent()).toMatch(/先の時刻/);
      const wide = await shown.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(wide).toBe(0);
      // Nothing more comes: what was shown becomes old, however large it was.
      await shown.clock.runFor(20_000);
      await state('old', shown);
      await shown.close();
    },
  );

  test('a picture older than the one before is counted and not drawn', limit, async () => {
    const known = JSON.parse(await livePicture(plant.gateway));
    const told = (pressureMpa: number, at: number) => {
      const pack = { ...known.packs[0], pressureMpa, measuredAt: at };
      return `event: plant\ndata: ${JSON.stringify({ ...known, at, packs: [pack] })}\n\n`;
    };
    const body = told(9, known.at) + told(3, known.at - 60_000) + told(8, known.at + 1);
    const shown = await browser.newPage({ locale: 'ja-JP' });
    await shown.route('**/api/v1/live', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body }),
    );
    // Every pressure the dial ever says.
    await shown.addInitScript(`window.said = []; new MutationObserver(() => {
      const dial = document.querySelector('[data-testid="dial-pack-1"]');
      if (dial) said.push(dial.getAttribute('data-pressure-mpa'));
    }).observe(document, { subtree: true, childList: true, attributes: true })`);
    await shown.goto(plant.home);
    await shown.getByTestId('unreadable').waitFor(patience);
    await shown.locator('[data-testid="dial-pack-1"][data-pressure-mpa^="8"]').waitFor(patience);
    const said = await shown.evaluate<(string | null)[]>('said');
    expect(said.filter((pressure) => Number(pressure) === 3)).toEqual([]);
    await shown.close();
  });

  test(
    'a slow network: it says that it waits, then how old things are, and nothing old as new',
    limit,
    async () => {
      const line = await SlowLine.start(plant.gateway.httpPort, 40_000);
      const slow = await browser.newPage({ locale: 'ja-JP' });
      // What the page said of the connection, from its first moment on.
      await slow.addInitScript(`window.said = []; new MutationObserver(() => {
        const shown = document.querySelector('[data-testid="connection"]');
        const dial = document.querySelector('[data-testid="dial-pack-1"]');
        if (shown) said.push(shown.dataset.state + ' ' + (dial?.dataset.state ?? 'none'));
      }).observe(document, { subtree: true, childList: true, attributes: true })`);
      await slow.goto(line.home, patience);
      await state('good', slow);
      expect(await slow.getByTestId('age-pack-1').textContent()).toMatch(/^\d+ 秒前$/);
      const [first] = await slow.evaluate<string[]>('said');
      expect(first).toBe('connecting none');
      // The line stands still and is not cut: nothing fails, nothing comes.
      line.bytesPerSecond = 0;
      await state('old', slow);
      expect(await slow.getByTestId('old').isVisible()).toBe(true);
      line.bytesPerSecond = 1_000_000;
      await state('good', slow);
      line.end();
      await slow.close();
    },
  );

  test(
    'a browser whose clock is wrong by years shows ages and times of the gateway',
    limit,
    async () => {
      const skewed = await browser.newPage({ locale: 'ja-JP' });
      await skewed.clock.install({ time: new Date('2019-01-01T00:00:00Z') });
      await skewed.clock.resume();
      await skewed.goto(plant.home);
      await state('good', skewed);
      expect(await skewed.getByTestId('age-pack-1').textContent()).toMatch(/^\d+ 秒前$/);
      expect(await skewed.locator('.clock-date').textContent()).not.toContain('2019');
      await skewed.close();
    },
  );

  test(
    'a tab that slept for three days shows nothing of then as new, and is live again',
    limit,
    async () => {
      const tab = await browser.newPage({ locale: 'ja-JP' });
      await tab.clock.install();
      await tab.goto(plant.home);
      await tab.clock.resume();
      await state('good', tab);
      await tab.route('**/api/v1/live', (route) => route.abort());
      await tab.clock.fastForward(threeDaysMs);
      await link('no-data', tab);
      await state('old', tab);
      expect(await tab.getByTestId('age-pack-1').textContent()).toContain('3 日前');
      await tab.unroute('**/api/v1/live');
      await tab.clock.runFor(20_000);
      await tab.clock.resume();
      await state('good', tab);
      await tab.close();
    },
  );
});

describeWithPeers('a login that ends, in Chromium', ['chromium'], () => {
  let plant: WirePlant;
  let browser: Browser;
  const token = 'a-token-of-more-than-thirty-two-characters';

  beforeAll(async () => {
    plant = await WirePlant.start({ environment: { KADORU_OPERATOR_TOKEN: token } });
    browser = await startBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  test(
    'is asked for again and leads back without a reload; what was known stays, as old',
    limit,
    async () => {
      const page = await browser.newPage({ locale: 'ja-JP' });
      const signIn = async () => {
        await page.locator('#token').fill(token, patience);
        await page.locator('.sign-in button').click();
        await page.locator('[data-testid="connection"][data-state="live"]').waitFor(patience);
      };
      await page.goto(plant.home);
      await page.locator('.sign-in').waitFor(patience);
      expect(await violationsInBoth(page)).toEqual([]);
      await picture(page, 'login');
      await signIn();
      await page.locator('[data-testid="dial-pack-1"][data-pressure-mpa="12"]').waitFor(patience);
      await page.evaluate('window.before = true');
      // It ends at the gateway, as after its time; the page's own connection is the one that has to find out.
      const cookie = (await page.context().cookies())
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
      await fetch(`${plant.home}api/v1/session`, { method: 'DELETE', headers: { cookie } });
      await page.locator('.sign-in').waitFor(patience);
      expect(await page.getByTestId('old').textContent()).toContain('サインインが必要です');
      await page.locator('[data-testid="dial-pack-1"][data-state="old"]').waitFor(patience);
      expect(await page.title()).toMatch(/^⚠ データ途絶/);
      expect(await page.getByTestId('pack-pack-1').textContent()).toContain('12.0');
      expect(await violationsInBoth(page)).toEqual([]);
      await picture(page, 'login-ended');
      await signIn();
      await page.locator('[data-testid="dial-pack-1"][data-state="good"]').waitFor(patience);
      expect(await page.evaluate('window.before')).toBe(true);
    },
  );
});
