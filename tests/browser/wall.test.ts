import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { everyWidth, picture, startBrowser, violations, violationsInBoth } from './browser.ts';
import { pageFiles, watchFiles } from './page-files.ts';
import { WirePlant } from './wire-plant.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };
/** A page on a wall, and everything that may go wrong around it, over a gateway and a device that speaks the contract. */
describeWithPeers('the page on a wall in Chromium', ['chromium'], () => {
  let plant: WirePlant;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const state = (wanted: string, on = page) =>
    on.locator(`[data-testid="dial-pack-1"][data-state="${wanted}"]`).waitFor(patience);
  const link = (wanted: string, on = page) =>
    on.locator(`[data-testid="connection"][data-state="${wanted}"]`).waitFor(patience);
  const attribute = (name: string, value: string) =>
    page.locator(`[data-testid="${name}"][${value}]`).waitFor(patience);

  const played = async () => Number(await page.getByTestId('sound').getAttribute('data-played'));
  /** It is heard, and again, whatever is done meanwhile. */
  const calls = async (meanwhile = async () => {}) => {
    const before = await played();
    await meanwhile();
    await vi.waitFor(async () => expect(await played()).toBeGreaterThanOrEqual(before + 2), {
      timeout: 90_000,
      interval: 200,
    });
  };

  beforeAll(async () => {
    // A fall that settles need not be waited for.
    plant = await WirePlant.start({ behindSeconds: 120 });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  test('a first visit loads at most 90 kB, forms and history not among them', limit, async () => {
    const visited = watchFiles(page);
    await page.goto(plant.home);
    await state('good');
    await page.getByTestId('trend-pack-1').locator('canvas').waitFor(patience);
    const loaded = visited();
    const bytes = loaded.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThanOrEqual(90_000);
    expect(loaded.length).toBeLessThan(pageFiles().length);
  });

  test(
    'energy: a meter without pulses waits, and what a site made is where it went',
    limit,
    async () => {
      const pv = page.getByTestId('power-pv-1');
      await pv.getByText('待機中').waitFor(patience);
      expect(await pv.textContent()).not.toContain('まだ値がありません');
      await attribute('register-pv-1-generated', 'data-state="good"');
      const energy = page.getByTestId('energy-keihin');
      await energy.getByText('710').waitFor(patience);
      await page.locator('[data-testid="month-keihin"]:not([data-state="bad"])').waitFor(patience);
      expect(await energy.textContent()).toContain('自家消費 = 発電 − 売電');
      expect(await violations(page)).toEqual([]);
      await everyWidth(page, 'energy');
    },
  );

  test(
    'sound is off after every load, is tried, and calls while an urgent alarm stands',
    limit,
    async () => {
      await attribute('sound', 'data-state="off"');
      await page.getByTestId('sound-switch').click();
      await attribute('sound', 'data-state="on"');
      await page.getByTestId('sound-test').click();
      expect(await played()).toBeGreaterThanOrEqual(2);
      plant.pressureMpa = 0.8;
      await plant.pass(40);
      await page.getByTestId('alarm-keihin/pack-1/stop').waitFor(patience);
      await calls();
      expect(await page.title()).toMatch(/^⚠ アラーム \d+ 件｜/);
      await page.reload();
      await attribute('sound', 'data-state="off"');
    },
  );

  test('an alarm that is set aside leaves the badge of its pack', limit, async () => {
    const badge = page.getByTestId('pack-pack-1').locator('.badge-alarms');
    await badge.getByText('件').waitFor(patience);
    const { items }: { items: { id: string }[] } = await (
      await plant.gateway.get('/api/v1/alarms')
    ).json();
    const until = Date.now() + 3_600_000;
    for (const { id } of items)
      await plant.gateway.post('/api/v1/alarms/shelvings', {
        id,
        by: '佐藤',
        until,
        why: '点検中',
      });
    await badge.waitFor({ state: 'detached', ...patience });
    expect(await page.getByTestId('shelved').textContent()).toContain('点検中');
    plant.pressureMpa = 12;
    await state('good');
  });

  test('the day sheet can be read and printed', limit, async () => {
    await page.getByTestId('open-sheet').click();
    await page.getByTestId('sheet-energy').getByText('受電点').first().waitFor(patience);
    await page.getByTestId('sheet-pack-1').waitFor(patience);
    expect(await violationsInBoth(page)).toEqual([]);
    await everyWidth(page, 'day-sheet');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width: 794, height: 1123 });
    expect(await page.locator('.page-header').isVisible()).toBe(false);
    expect(await page.getByTestId('print').isVisible()).toBe(false);
    expect(await page.getByTestId('sheet-pack-1').isVisible()).toBe(true);
    await picture(page, 'day-sheet-paper');
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.keyboard.press('Escape');
  });

  test('a kiosk has nothing to write with, and is larger', limit, async () => {
    const letters = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).fontSize');
    await page.setViewportSize({ width: 3840, height: 2160 });
    const plain = Number.parseFloat(await letters());
    await page.goto(`${plant.home}?kiosk`);
    await state('good');
    expect(Number.parseFloat(await letters())).toBeGreaterThan(plain);
    for (const button of await page.locator('main button, .page-tools button').all())
      expect(await button.isVisible()).toBe(false);
    expect(await violationsInBoth(page)).toEqual([]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await everyWidth(page, `kiosk-${colorScheme}`, [1280, 3840], false);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test(
    'data that stopped is as loud as an alarm: across the page, in the tab, by sound',
    limit,
    async () => {
      await page.goto(plant.home);
      await state('good');
      await page.getByTestId('sound-switch').click();
      await attribute('sound', 'data-state="on"');
      await plant.gateway.program.end('SIGKILL');
      await link('no-data');
      const old = page.getByTestId('old');
      expect(await old.getAttribute('data-priority')).toBe('urgent');
      expect(await old.textContent()).toContain('緊急');
      expect(await page.title()).toMatch(/^⚠ データ途絶/);
      await calls(async () => {
        expect(await violationsInBoth(page)).toEqual([]);
        await everyWidth(page, 'stopped');
        await page.getByTestId('language').click();
        await picture(page, 'stopped-english');
        await page.getByTestId('language').click();
      });
      await plant.again();
      await state('good');
    },
  );

  test('no script failed', () => expect(complaints).toEqual([]));
});
