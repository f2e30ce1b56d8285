import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import type { GatewayProcess } from '../system/gateway-process.ts';
import { startWholePlant, type WholePlant } from '../system/whole-plant.ts';
import { picture, startBrowser, violations, violationsInBoth } from './browser.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };

describeWithPeers('the page in Chromium, over the whole plant', ['chromium'], () => {
  let plant: WholePlant;
  let revived: GatewayProcess | undefined;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    plant = await startWholePlant({ filled: true });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('request', (request) => {
      if (!request.url().startsWith(`http://127.0.0.1:${plant.gateway.httpPort}/`))
        complaints.push(`outside: ${request.url()}`);
    });
    await page.goto(`http://127.0.0.1:${plant.gateway.httpPort}/`);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await revived?.program.end('SIGKILL');
    await plant?.end();
  });

  const dial = () => page.getByTestId('dial-pack-1');
  const state = (wanted: string) =>
    page.locator(`[data-testid="dial-pack-1"][data-state="${wanted}"]`).waitFor(patience);
  const shownMpa = async () => Number(await dial().getAttribute('data-pressure-mpa'));
  const untilShown = (wanted: (mpa: number) => boolean) =>
    plant.until('the dial', async () => (wanted(await shownMpa()) ? true : undefined));

  test('it opens on a plant that has been running for a day', { timeout: 300_000 }, async () => {
    // The fill's last reading is good for some seconds, too: wait for the device's own.
    const startedMs = Date.now();
    await plant.until('a live reading', async () =>
      ((await plant.gateway.pack()).measuredAt ?? 0) > startedMs ? true : undefined,
    );
    await state('good');
    await page.getByTestId('trend-pack-1').locator('canvas').waitFor(patience);
    // The sun of the plant is the real one: at night its meter is silent, and its power unknown.
    await plant.until('the PV figures', async () => {
      await plant.tell('pulses 3');
      const good = page.locator('[data-testid="power-pv-1"][data-state="good"]');
      return (await good.count()) === 1 ? true : undefined;
    });
    await picture(page, 'desktop-good');
  });

  test('consumption is a number or says why there is none', { timeout: 120_000 }, async () => {
    const consumption = page.getByTestId('consumption-pack-1');
    const state = await consumption.getAttribute('data-consumption');
    expect(['steady', 'calculating', 'not-significant', 'unknown']).toContain(state);
    const said = (await consumption.textContent()) ?? '';
    expect(said).toMatch(
      state === 'steady' ? /\d\.\d\d *kg\/h *± \d/ : /計算中|測れるほどの使用なし|不明/,
    );
    expect(await page.getByTestId('stop-pack-1').textContent()).toMatch(
      /\d\d:\d\d *頃.*続くとして|不明/,
    );
  });

  test(
    'a form is read when it is opened, and left without a trace',
    { timeout: 120_000 },
    async () => {
      await page.getByTestId('gauge-reading-pack-1').click();
      await page.locator('[name="pressureMpa"]').waitFor(patience);
      await page.getByTestId('send').click();
      expect(await page.getByTestId('error-pressureMpa').textContent()).toBe('入力してください。');
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByTestId('work').waitFor({ state: 'detached', ...patience });
    },
  );

  test('the dial shows the pressure and moves with it', { timeout: 120_000 }, async () => {
    await state('good');
    await plant.tell('set pressure 15');
    await untilShown((mpa) => Math.abs(mpa - 15) < 0.02);
    // Upwards: what falls so fast is a closed line first.
    await plant.tell('set pressure 16.5');
    await untilShown((mpa) => Math.abs(mpa - 16.5) < 0.02);
    const needle = await dial().textContent();
    expect(needle).toMatch(/16\.[45]/);
  });

  test(
    'a cut loop turns it to unknown, with the reason; mended, it comes back',
    { timeout: 180_000 },
    async () => {
      await plant.tell('cut pressure');
      await state('bad');
      expect(await dial().getAttribute('data-pressure-mpa')).toBeNull();
      expect(await page.getByTestId('pack-pack-1').textContent()).toContain('不明');
      await page
        .locator('[data-testid="consumption-pack-1"][data-consumption="unknown"]')
        .waitFor(patience);
      expect(await page.getByTestId('stop-pack-1').textContent()).toContain('不明');
      await picture(page, 'desktop-loop-open');
      await plant.tell('mend pressure');
      await state('good');
      await untilShown((mpa) => Math.abs(mpa - 16.5) < 0.02);
    },
  );

  test(
    'a device program that is killed is as loud as an alarm, and met again without a reload',
    { timeout: 240_000 },
    async () => {
      await page.evaluate('window.before = true');
      await page.getByTestId('sound-switch').click();
      await plant.device.end('SIGKILL');
      const problems = page.locator('[data-testid="problems"][data-loud="true"]');
      await problems.getByText('pi-1').first().waitFor(patience);
      await page.locator('[data-testid="sound"]:not([data-played="0"])').waitFor(patience);
      expect(await page.title()).toMatch(/^⚠ データ途絶/);
      // What was measured before it is not the present, and not shown as that.
      await state('stale');
      expect(await dial().getAttribute('data-pressure-mpa')).toBeNull();
      expect(await page.getByTestId('usable-pack-1').textContent()).toContain('不明');
      expect(await violationsInBoth(page)).toEqual([]);
      await picture(page, 'desktop-device-killed');
      plant.deviceAgain();
      await state('good');
      await page
        .locator('[data-testid="problems"][data-loud="false"]')
        .waitFor({ state: 'attached', ...patience });
      expect(await page.title()).not.toContain('データ途絶');
      expect(await page.evaluate('window.before')).toBe(true);
    },
  );

  test('it speaks English when asked, and remembers', { timeout: 120_000 }, async () => {
    await page.getByTestId('language').click();
    await page.locator('html[lang="en"]').waitFor(patience);
    await page.reload();
    await page.locator('html[lang="en"]').waitFor(patience);
    await state('good');
    await picture(page, 'desktop-english');
  });

  test('a phone shows it without scrolling sideways', { timeout: 120_000 }, async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await state('good');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await picture(page, 'phone-good');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test(
    'axe finds no violation of WCAG 2.2 AA, in light and in dark',
    { timeout: 120_000 },
    async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page)).toEqual([]);
      }
      await picture(page, 'desktop-dark');
      await page.emulateMedia({ colorScheme: 'light' });
    },
  );

  test(
    'a gateway that is killed leaves figures marked as old, and a new one is met without a reload',
    { timeout: 240_000 },
    async () => {
      await plant.gateway.program.end('SIGKILL');
      await state('old');
      await picture(page, 'desktop-disconnected');
      revived = await plant.gateway.again();
      await state('good');
      // And goes on: a line that is closed and vented is no empty pack.
      await plant.tell('isolate');
      await state('bad');
      expect(await dial().getAttribute('data-pressure-mpa')).toBeNull();
      await page.locator('[data-testid="notes-pack-1"] [data-note="isolated"]').waitFor(patience);
    },
  );

  test('nothing was asked of the outside, and no script failed', () => {
    expect(
      complaints.filter((complaint) => !complaint.includes(`:${plant.gateway.httpPort}/`)),
    ).toEqual([]);
  });
});
