import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { startWholePlant, type WholePlant } from '../system/whole-plant.ts';
import { everyWidth, startBrowser, violations } from './browser.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 120_000 };
const limit = { timeout: 420_000 };

describeWithPeers('looking back in Chromium, over the whole plant', ['chromium'], () => {
  let plant: WholePlant;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    plant = await startWholePlant({ filled: true });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => complaints.push(error.message));
    const hourAgo = Date.now() - 3_600_000;
    const arrival = { at: hourAgo, pressureMpa: 14.7, temperatureC: 20 };
    const delivery = { by: '佐藤', openedAt: hourAgo, serial: 'K-2048', origin: 'yamanashi' };
    const path = '/api/v1/packs/pack-1/deliveries';
    const said = await plant.gateway.post(path, { ...delivery, openCylinders: 30, arrival });
    if (said.status !== 201) throw new Error(await said.text());
    await page.goto(`http://127.0.0.1:${plant.gateway.httpPort}/`);
    await page.getByTestId('dial-pack-1').waitFor(patience);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  const chart = () => page.getByTestId('history-chart');
  const apart = (minutes: number) =>
    page.locator(`[data-testid="history-chart"][data-spacing="${minutes}"]`).waitFor(patience);
  const period = async () => (await page.getByTestId('history-period').textContent()) ?? '';
  const changed = async (act: () => Promise<void>): Promise<string> => {
    const before = await period();
    await act();
    await plant.until('another period', async () =>
      (await period()) === before ? undefined : true,
    );
    return period();
  };
  const saved = async (): Promise<string[]> => {
    const [download] = await Promise.all([
      page.waitForEvent('download', patience),
      page.getByTestId('history-csv').click(),
    ]);
    return readFileSync(await download.path(), 'utf8').split('\r\n');
  };

  test('a day of a pack is drawn with what happened in it', limit, async () => {
    await page.getByTestId('history-pack-1').click();
    await apart(2);
    expect(Number(await chart().getAttribute('data-points'))).toBeGreaterThan(600);
    await page.getByTestId('history-events').getByText('受け入れ K-2048（山梨）').waitFor(patience);
    expect(await period()).toContain('日本時間');
    expect(await violations(page)).toEqual([]);
    await everyWidth(page, 'history');
  });

  test(
    'what is shown is saved: the same points, in Japan time, and the events',
    limit,
    async () => {
      const points = Number(await chart().getAttribute('data-points'));
      const lines = await saved();
      expect(lines[0]).toMatch(/^\uFEFFfrom,to,pressureMpa,/);
      const [rows, events] = [lines.slice(1, points + 1), lines.slice(points + 1, -1)];
      expect(rows.every((row) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+09:00,/.test(row))).toBe(true);
      expect(events.some((row) => row.includes('K-2048'))).toBe(true);
    },
  );

  test('buttons, keys, wheel, mouse and fingers choose the time', limit, async () => {
    await page.getByTestId('span-hour').click();
    await apart(1);
    await everyWidth(page, 'history-hour', [1280]);
    await page.getByTestId('span-year').click();
    await apart(480);
    await page.getByTestId('span-week').click();
    await apart(10);
    const plot = page.locator('.history-chart');
    await plot.focus();
    await changed(() => page.keyboard.press('ArrowLeft'));
    await changed(() => page.keyboard.press('+'));
    const over = page.locator('.history-chart .u-over');
    const box = await over.boundingBox();
    if (box === null) throw new Error('no plot');
    const at = (part: number) => [box.x + box.width * part, box.y + box.height / 2] as const;
    await page.mouse.move(...at(0.3));
    await changed(() => page.mouse.wheel(0, -300));
    await changed(async () => {
      await page.mouse.down();
      await page.mouse.move(...at(0.5), { steps: 4 });
      await page.mouse.up();
    });
    await changed(() => drag(page, at(0.5), at(0.7)));
    await changed(() => pinch(page, [at(0.4), at(0.6)], [at(0.2), at(0.8)]));
    await page.getByTestId('span-day').click();
    await apart(2);
  });

  test('a time without values is hatched and said', limit, async () => {
    await page.keyboard.press('Escape');
    await plant.tell('cut pressure');
    await page.locator('[data-testid="dial-pack-1"][data-state="bad"]').waitFor(patience);
    await page.getByTestId('history-pack-1').click();
    await page.getByTestId('span-hour').click();
    await page.getByTestId('history-events').getByText('継続中').first().waitFor(patience);
    // A minute has to end, to be derived, and to be asked for.
    await vi.waitFor(
      async () =>
        expect((await saved()).some((line) => line.includes(',bad,loop-open,'))).toBe(true),
      { timeout: 270_000, interval: 2_000 },
    );
    await everyWidth(page, 'history-gap', [1280]);
    await page.keyboard.press('Escape');
    await plant.tell('mend pressure');
  });

  test('what a register counted, in half hours, days and months', limit, async () => {
    await page.getByTestId('history-pv-1').click();
    await page.locator('[data-testid="history-chart"]:not([data-points="0"])').waitFor(patience);
    expect(await page.getByTestId('history-total').textContent()).toMatch(/合計 [\d,.]+ kWh/);
    expect(await violations(page)).toEqual([]);
    await everyWidth(page, 'history-meter');
    for (const length of ['1mo', '1d'] as const) {
      await page.getByTestId(`bars-${length}`).click();
      await page.locator('[data-testid="history-chart"]:not([data-points="0"])').waitFor(patience);
    }
    const [header, row] = await saved();
    expect(header).toContain('wh,unallocatedWh');
    expect(row).toMatch(/T00:00:00\+09:00,.*T00:00:00\+09:00,\d+,/);
    await page.keyboard.press('Escape');
  });

  test('all of it in English, and in the dark', limit, async () => {
    await page.getByTestId('language').click();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByTestId('history-pack-1').click();
    await page
      .getByTestId('history-events')
      .getByText('Delivery K-2048 (Yamanashi)')
      .waitFor(patience);
    await apart(2);
    expect(await violations(page)).toEqual([]);
    await everyWidth(page, 'history-english');
  });

  test('no script failed', () => expect(complaints).toEqual([]));
});

type Point = readonly [x: number, y: number];

const touchPoints = (points: readonly Point[]) => points.map(([x, y], id) => ({ x, y, id }));

/** One finger, over the debugging protocol: a page without a touch screen has none. */
async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await pinch(page, [from], [to]);
}

async function pinch(page: Page, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints(points) });
  await send('touchStart', from);
  await send('touchMove', to);
  await send('touchEnd', []);
  await session.detach();
}
