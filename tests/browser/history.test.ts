import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { everyWidth, startBrowser, violations, violationsInBoth } from './browser.ts';
import { ages, WirePlant } from './wire-plant.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 120_000 };
const waiting = { ...patience, interval: 100 };
/** A page from which ten files a second are saved does nothing else. */
const savingNowAndThen = { ...patience, interval: 5_000 };
const limit = { timeout: 420_000 };
const [hourMs, dayMs] = [3_600_000, 86_400_000];
/** How far the device is behind, so that a minute can end without being waited for. */
const behindSeconds = 600;

/** Twelve days by the hour, the last day by the minute: a pack from which 6 MPa a day are drawn, and 500 W of sun. */
const twelveDays = {
  agesMs: [...ages(12 * dayMs, dayMs, hourMs), ...ages(dayMs, behindSeconds * 1000, 60_000)],
  readingsAt: (ageMs: number) => ({
    'pack-1/pressure': { value: 12 + 6 * ((ageMs % (2 * dayMs)) / dayMs) },
    'pack-1/temperature': { value: 20 },
    'pv-1/generated': { value: 1_000_000 - Math.round((500 * ageMs) / hourMs) },
  }),
};

describeWithPeers('looking back in Chromium', ['chromium'], () => {
  let plant: WirePlant;
  let browser: Browser;
  let page: Page;
  /** A second tab, in which somebody left a chart open. */
  let leftOpen: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    plant = await WirePlant.start({ behindSeconds, past: twelveDays });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    leftOpen = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    for (const tab of [page, leftOpen])
      tab.on('pageerror', (error) => complaints.push(error.message));
    const hourAgo = Date.now() - 3_600_000;
    const arrival = { at: hourAgo, pressureMpa: 14.7, temperatureC: 20 };
    const delivery = { by: '佐藤', openedAt: hourAgo, serial: 'K-2048', origin: 'yamanashi' };
    const path = '/api/v1/packs/pack-1/deliveries';
    const said = await plant.gateway.post(path, { ...delivery, openCylinders: 30, arrival });
    if (said.status !== 201) throw new Error(await said.text());
    const derived = async () => {
      if (!(await lastHour()).includes('"good"'))
        throw new Error('nothing derived of the last hour');
    };
    await vi.waitFor(derived, waiting);
    for (const tab of [page, leftOpen]) await tab.goto(plant.home);
    await page.getByTestId('dial-pack-1').waitFor(patience);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  const chart = () => page.getByTestId('history-chart');
  const apart = (minutes: number) =>
    page.locator(`[data-testid="history-chart"][data-spacing="${minutes}"]`).waitFor(patience);
  const cut = expect.stringContaining(',bad,loop-open,');
  const lookAtHour = async (on: Page) => {
    await on.getByTestId('history-pack-1').click();
    await on.getByTestId('span-hour').click();
    await on.locator('[data-testid="history-chart"][data-spacing="1"]').waitFor(patience);
  };
  const lastHour = async () => {
    const [from, to] = [Date.now() - hourMs, Date.now()];
    return (await plant.gateway.get(`/api/v1/packs/pack-1/history?from=${from}&to=${to}`)).text();
  };
  const period = async () => (await page.getByTestId('history-period').textContent()) ?? '';
  const changed = async (act: () => Promise<void>): Promise<string> => {
    const before = await period();
    await act();
    await vi.waitFor(async () => expect(await period()).not.toBe(before), waiting);
    return period();
  };
  const saved = async (on = page): Promise<string[]> => {
    const [download] = await Promise.all([
      on.waitForEvent('download', patience),
      on.getByTestId('history-csv').click(),
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
      expect(rows.filter((row) => row.includes(',good,')).length).toBeGreaterThan(600);
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

  test('a year is drawn from the days there are, and says which there are not', limit, async () => {
    await page.getByTestId('span-year').click();
    await apart(480);
    const points = Number(await chart().getAttribute('data-points'));
    const rows = (await saved()).slice(1, points + 1);
    expect(rows.length).toBeGreaterThan(1_000);
    // Eleven whole days of three points each; nothing is drawn into the months before.
    const known = rows.filter((row) => row.includes(',good,'));
    expect(known.length).toBeGreaterThanOrEqual(33);
    expect(known.length).toBeLessThanOrEqual(38);
    expect(rows.filter((row) => row.includes(',,bad,no-data,0,480,')).length).toBe(
      rows.length - known.length,
    );
    expect(await violationsInBoth(page)).toEqual([]);
    await everyWidth(page, 'history-year');
    await page.getByTestId('span-day').click();
    await apart(2);
  });

  test('a time without values is hatched and said', limit, async () => {
    await page.keyboard.press('Escape');
    await lookAtHour(leftOpen);
    plant.pressureMpa = null;
    await plant.pass(180);
    await page.locator('[data-testid="dial-pack-1"][data-state="bad"]').waitFor(patience);
    await page.getByTestId('alarm-keihin/pack-1/sensor-fault').waitFor(patience);
    await vi.waitFor(async () => expect(await lastHour()).toContain('loop-open'), waiting);
    await lookAtHour(page);
    await page.getByTestId('history-events').getByText('継続中').first().waitFor(patience);
    await vi.waitFor(async () => expect(await saved()).toContainEqual(cut), savingNowAndThen);
    await everyWidth(page, 'history-gap', [1280]);
    await page.keyboard.press('Escape');
    plant.pressureMpa = 12;
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

  test('a chart that was left open has gone on by itself', limit, async () => {
    await vi.waitFor(
      async () => expect(await saved(leftOpen)).toContainEqual(cut),
      savingNowAndThen,
    );
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
