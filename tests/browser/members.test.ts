import type { Browser, Locator, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  energyIntervalSchema,
  memberCalculationSchema,
  progressSchema,
  pullSchema,
} from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import type { GatewayProcess } from '../system/gateway-process.ts';
import {
  day,
  dayMs,
  deliver,
  enrol,
  frames,
  startOffice,
  waiting,
} from '../system/partner-office.ts';
import { picture, startBrowser, violationsInBoth } from './browser.ts';
import { sideways } from './picture-page.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };
const project = '/api/v1/projects/keihin-pv';
/** What tells of single members (gateway/http/programme/scope.ts). */
const memberRoutes =
  /\/projects\/[^/]+\/(members|intervals|register-readings|activity|calculation)/;

/** In the first days of a fiscal year nothing of it was metered, which is not zero. */
const shownKwh = (of: { wh: number; coveredSeconds: number } | null | undefined): string =>
  of === null || of === undefined || of.coveredSeconds === 0
    ? '不明'
    : `${(of.wh / 1000).toFixed(2)} kWh`;

describeWithPeers('credits by member in Chromium', ['chromium'], () => {
  let office: GatewayProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    office = await startOffice();
    await enrol(office);
    await deliver(office, frames);
    await vi.waitFor(
      async () => {
        // Progress is kept for minutes: it is for the page to ask first.
        const span = `from=${day}&to=${day + dayMs}&resolution=1d`;
        const items = await itemsOf(
          `/api/v1/intervals?meter=keihin/home-1/exported&${span}`,
          energyIntervalSchema,
        );
        if (items[0]?.wh !== 288 * 5) throw new Error('not all is derived yet');
      },
      { ...waiting, interval: 200 },
    );
    browser = await startBrowser();
    page = await visit(asked);
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await office?.program.end('SIGKILL');
  });

  const json = async (path: string): Promise<unknown> => (await office.get(path)).json();
  const itemsOf = async <T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>[]> =>
    z.object({ items: z.array(schema) }).parse(await json(path)).items;
  const visit = async (requests: string[]): Promise<Page> => {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('request', (request: Request) => {
      if (memberRoutes.test(request.url())) requests.push(new URL(request.url()).pathname);
    });
    await tab.goto(`http://127.0.0.1:${office.httpPort}/`);
    return tab;
  };
  const open = async (on: Page) => {
    await on.getByTestId('open-members').click(patience);
    await on.getByTestId('progress-keihin-pv').waitFor(patience);
  };
  const show = (on: Page) => on.locator('.members-ask button').click(patience);
  const looked = async (name: string, at: Locator) => {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await at.evaluate((each) => each.scrollIntoView());
      await picture(page, `${name}-${width}`, false);
      expect(await sideways(page)).toEqual([]);
    }
  };
  const pulls = () => itemsOf(`${project}/pulls`, pullSchema);

  test('nothing of members is asked for before a person says why', limit, async () => {
    await open(page);
    const { energy } = progressSchema.parse(await json(`${project}/progress`));
    const sums = await page.getByTestId('progress-keihin-pv').textContent();
    expect(sums).toContain(`発電${shownKwh(energy?.generated)}`);
    expect(sums).toContain(`売電${shownKwh(energy?.sold)}`);
    await page.getByText('台帳に記録され').waitFor(patience);
    expect(await violationsInBoth(page)).toEqual([]);
    await looked('members-purpose', page.locator('.members-ask'));
    await page.locator('.members [name="purpose"]').fill(' ');
    await show(page);
    await page.locator('.members .field-error').getByText('2〜200').waitFor(patience);
    expect([asked, await pulls()]).toEqual([[], []]);
  });

  test('an operator sees what is answered, and the pull is in the ledger', limit, async () => {
    const purpose = '監査前の確認 2026';
    await page.locator('.members [name="purpose"]').fill(purpose);
    await show(page);
    const row = page.getByTestId('member-home-1');
    await row.waitFor(patience);
    expect(asked).toEqual([`${project}/calculation`]);
    const what = expect.stringContaining(`${project}/calculation`);
    expect(await pulls()).toMatchObject([{ by: 'operator', what, why: purpose }]);

    const path = `${project}/calculation?purpose=test`;
    const [told] = await itemsOf(path, memberCalculationSchema);
    if (told === undefined) throw new Error('no member was answered');
    const { energy, bands, provisional } = told;
    const { generatedWh, elWh, soldWh, coveredSeconds, uncounted } = energy;
    const shown = await row.locator('.energy-cell').allTextContents();
    const kWh = (wh: number) => shownKwh({ wh, coveredSeconds });
    expect(shown.slice(0, 3)).toEqual([kWh(generatedWh), kWh(elWh), kWh(soldWh)]);
    const [band] = bands;
    const kilograms = `${Number(band?.reductionKg).toFixed(1)} kg暫定`;
    expect(shown[4]).toBe(band === undefined ? '算定なし' : kilograms);
    const said = await row
      .locator('[data-reason]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-reason')));
    const doubts = [...provisional, ...bands.flatMap((each) => each.provisional)];
    expect(said).toEqual([...new Set([...uncounted, ...doubts].map(({ reason }) => reason))]);
    await row.getByText('方法論が未確認').waitFor(patience);

    expect(await violationsInBoth(page)).toEqual([]);
    await looked('members', row);
  });

  test('whoever is not allowed sees the sums, and is told so', limit, async () => {
    const requests: string[] = [];
    const before = await pulls();
    const other = await visit(requests);
    await other.route(memberRoutes, (route) => route.fulfill({ status: 403, body: '{}' }));
    await open(other);
    await show(other);
    await other.getByText('許可された人だけが見られます').waitFor(patience);
    const sums = await other.getByTestId('progress-keihin-pv').textContent();
    expect(sums).toContain('登録会員1 人');
    expect(await other.getByTestId('member-home-1').count()).toBe(0);
    expect(await violationsInBoth(other)).toEqual([]);
    expect(requests).toEqual([`${project}/calculation`]);
    expect(await pulls()).toEqual(before);
  });

  test('no script failed', () => expect(complaints).toEqual([]));
});
