import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { generatorReductionSchema } from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import { picture, startBrowser, violationsInBoth } from './browser.ts';
import { ages, WirePlant, wireSites } from './wire-plant.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const waiting = { ...patience, interval: 100 };
const limit = { timeout: 240_000 };
const [halfHourMs, dayMs, japanMs] = [1_800_000, 86_400_000, 9 * 3_600_000];
/** What 500 W make in half an hour, Wh, by the all-source factor of the newest fiscal year that ships, 434 g/kWh. */
const kgPerHalfHour = (250 * 434) / 1_000_000;

/** A day of 500 W, read often enough to be metered (at least every 5 minutes), up to the register that the meter shows now. */
const sunnyDay = {
  agesMs: ages(dayMs, 0, 240_000),
  readingsAt: (ageMs: number) => ({
    'pv-1/generated': { value: 123_456 - Math.round((500 * ageMs) / 3_600_000) },
  }),
};

describeWithPeers('figures that follow from what is known, in Chromium', ['chromium'], () => {
  let plant: WirePlant;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const sites = wireSites({ pv: { reduction: { sold: 'none' } } });
    plant = await WirePlant.start({ sites, past: sunnyDay });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    await page.goto(plant.home);
    await page.locator('[data-testid="dial-pack-1"][data-state="good"]').waitFor(patience);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  const kilograms = async () => {
    await page.locator('[data-testid="total-pack-1"][data-state="good"]').waitFor(patience);
    const said = (await page.getByTestId('total-pack-1').textContent()) ?? '';
    return Number(/([\d.]+) *kg/.exec(said)?.[1]);
  };
  const cylinders = (open: number) =>
    page.locator(`[data-testid="cylinders-pack-1"][data-open="${open}"]`);

  test(
    'a pack with closed cylinders is drawn so, and holds what the open ones hold',
    limit,
    async () => {
      await cylinders(30).waitFor(patience);
      const all = await kilograms();
      expect(all).toBeGreaterThan(13);
      const now = Date.now();
      const said = await plant.gateway.post('/api/v1/packs/pack-1/deliveries', {
        by: '佐藤',
        serial: 'K-2048',
        origin: 'yamanashi',
        openCylinders: 21,
        openedAt: now,
        arrival: { at: now, pressureMpa: 12, temperatureC: 20 },
      });
      expect(said.status, await said.text()).toBe(201);
      await cylinders(21).waitFor(patience);
      expect(await cylinders(21).getAttribute('data-closed')).toBe('9');
      expect(await cylinders(21).locator('.cylinder-closed').count()).toBe(9);
      expect(await cylinders(21).locator('.cylinder-open').count()).toBe(21);
      expect(await cylinders(21).textContent()).toMatch(/21.*9/);
      expect(Math.abs((await kilograms()) - (all * 21) / 30)).toBeLessThanOrEqual(0.1);
      // The pressure is the same: it is no fall, and nobody is called.
      expect(await page.getByTestId('dial-pack-1').getAttribute('data-pressure-mpa')).toBe('12');
      expect(await page.locator('[data-testid="alarm-keihin/pack-1/isolated"]').count()).toBe(0);
      await picture(page, 'cylinders-closed');
    },
  );

  test(
    'what was saved is said in kilograms and tonnes, and that it is provisional',
    limit,
    async () => {
      const credited = async () => {
        const body: unknown = await (await plant.gateway.get('/api/v1/generators')).json();
        const { items } = z
          .object({
            items: z.array(
              z.looseObject({ id: z.string(), reduction: generatorReductionSchema.nullable() }),
            ),
          })
          .parse(body);
        const { fiscalYearKg, until } = items.find(({ id }) => id === 'pv-1')?.reduction ?? {};
        if (fiscalYearKg === null || fiscalYearKg === undefined || !until) return undefined;
        return { kg: Number(fiscalYearKg), until };
      };
      await vi.waitFor(async () => expect(await credited()).toBeDefined(), waiting);
      const row = page.getByTestId('reductions-pv-1');
      const known = await credited();
      if (known === undefined) throw new Error('no longer credited');
      const halfHours =
        (known.until - Math.max(Date.now() - dayMs, fiscalYearStart())) / halfHourMs;
      // One is not whole at either end.
      expect(Math.abs(known.kg - halfHours * kgPerHalfHour)).toBeLessThan(2 * kgPerHalfHour);
      await vi.waitFor(async () => {
        const said = (await row.textContent()) ?? '';
        expect(said).toContain(`${known.kg.toFixed(1)} kg`);
        expect(said).toContain(`= ${(known.kg / 1000).toFixed(3)} t`);
        expect(said).toContain('暫定');
      }, waiting);
      expect(await page.getByTestId('reductions-fc-1').textContent()).not.toMatch(/\d kg/);
      expect(await violationsInBoth(page)).toEqual([]);
      await picture(page, 'reductions');
    },
  );
});

/** 1 April, Japan time. */
function fiscalYearStart(): number {
  const now = new Date(Date.now() + japanMs);
  const year = now.getUTCMonth() < 3 ? now.getUTCFullYear() - 1 : now.getUTCFullYear();
  return Date.UTC(year, 3, 1) - japanMs;
}
