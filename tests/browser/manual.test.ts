import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { picture, startBrowser, violations } from './browser.ts';

const patience = { timeout: 60_000 };
const limit = { timeout: 120_000 };
const sites = [
  {
    id: 'keihin',
    packs: [{ id: 'pack-1', name: '京浜島カードル1号', cylinders: 30, cylinderLitres: 50 }],
  },
];

describeWithPeers('the page of a pack that only people read, in Chromium', ['chromium'], () => {
  let gateway: GatewayProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    gateway = await startGatewayProcess({ more: { sites } });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    await page.goto(`http://127.0.0.1:${gateway.httpPort}/`);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.program.end('SIGKILL');
  });

  const pack = () => page.getByTestId('pack-pack-1');

  test('nothing was read yet: nothing is shown, and the way to change that', limit, async () => {
    await pack().waitFor(patience);
    expect(await page.getByTestId('dial-pack-1').getAttribute('data-pressure-mpa')).toBeNull();
    expect(await page.getByTestId('usable-pack-1').textContent()).toContain('不明');
    expect(await page.getByTestId('why-pack-1').textContent()).toContain('ゲージの値');
  });

  test('what a person read is shown as that, with the larger uncertainty', limit, async () => {
    await page.getByTestId('gauge-reading-pack-1').click();
    for (const [name, value] of [
      ['pressureMpa', '10'],
      ['temperatureC', '20'],
      ['by', '山田'],
    ])
      await page.locator(`.work [name="${name}"]`).fill(value ?? '', patience);
    await page.getByTestId('send').click();
    await page.getByTestId('kilograms').waitFor(patience);
    await page.keyboard.press('Escape');
    await page.locator('[data-testid="dial-pack-1"][data-state="good"]').waitFor(patience);
    expect(await pack().getAttribute('data-source')).toBe('manual');
    expect(await page.getByTestId('dial-pack-1').getAttribute('data-pressure-mpa')).toBe('10');
    expect(await page.getByTestId('total-pack-1').textContent()).toMatch(/11\.8 *kg± 0\.[5-9] kg/);
    expect(await pack().textContent()).toContain('目視');
    expect(await page.getByTestId('alarms').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await picture(page, `manual-${width}`);
    }
  });
});
