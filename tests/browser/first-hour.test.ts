import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { describeWithPeers } from '../peers.ts';
import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { everyWidth, startBrowser, violations, violationsInBoth } from './browser.ts';

const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };

describeWithPeers('the first hour in Chromium, from an empty configuration', ['chromium'], () => {
  let gateway: GatewayProcess;
  let device: WireDevice;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    gateway = await startGatewayProcess({ more: { sites: [] } });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    await page.goto(`http://127.0.0.1:${gateway.httpPort}/`);
  }, 120_000);
  afterAll(async () => {
    await device?.close();
    await browser?.close();
    await gateway?.program.end('SIGKILL');
  });

  const readings = {
    'pack-1/pressure': { value: 12 },
    'pack-1/temperature': { value: 20 },
    'pv-1/generated': { value: 123_456 },
    'grid-1/imported': { value: 7_000 },
    'grid-1/exported': { value: 900 },
  };

  const sent = frame(1, Date.now(), readings);

  test('with nothing at all it says what is needed and what is assumed', limit, async () => {
    await page.getByTestId('guide').getByText('まだ何も届いていません').waitFor(patience);
    expect(await page.getByTestId('assumed').locator('li').count()).toBeGreaterThan(8);
    expect(await page.getByTestId('yaml').textContent()).toContain('cylinderLitres: 50');
    expect(await violationsInBoth(page)).toEqual([]);
    await everyWidth(page, 'first-hour-empty');
  });

  test('what a device sends is found while the page is open', limit, async () => {
    device = await WireDevice.connect(gateway.mqttUrl);
    await device.send('live', sent);
    await page.getByTestId('found').getByText('pack-1（圧力 · 温度）').waitFor(patience);
    const yaml = await page.getByTestId('yaml').textContent();
    expect(yaml).toContain('quantities: [exported, imported]');
    await everyWidth(page, 'first-hour-found');
    await page.getByTestId('language').click();
    await page.getByText('The first hour').waitFor(patience);
    expect(await violations(page)).toEqual([]);
    await everyWidth(page, 'first-hour-english', [1280]);
    await page.getByTestId('language').click();
  });

  test(
    'the lines pasted, a restart, and the first pack is there with its assumed values',
    limit,
    async () => {
      const lines = (await page.getByTestId('yaml').textContent()) ?? '';
      const record = z.record(z.string(), z.unknown());
      const written = record.parse(parse(readFileSync(gateway.config, 'utf8')));
      writeFileSync(gateway.config, stringify({ ...written, ...record.parse(parse(lines)) }));
      await gateway.program.end();
      // What is in no configuration is not acknowledged: the device has it still, and sends it again.
      expect(device.acks).toEqual([]);
      gateway = await gateway.again();
      device = await WireDevice.connect(gateway.mqttUrl);
      await device.send('history', { frames: [sent] });
      await page.getByTestId('pack-pack-1').waitFor(patience);
      await page.getByTestId('register-pv-1-generated').getByText('123.456').waitFor(patience);
      await page.getByTestId('guide').waitFor({ state: 'detached', ...patience });
      const pack = (await page.getByTestId('pack-pack-1').textContent()) ?? '';
      expect(pack).toContain('カードル1');
      expect(pack).toContain('仮定した値');
      await everyWidth(page, 'first-hour-done', [1280]);
    },
  );
});
