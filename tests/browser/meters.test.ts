import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  correctionSchema,
  meterReadingSchema,
  meterSchema,
  registerEventSchema,
} from '#gateway/contract';
import { describeWithPeers } from '../peers.ts';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { type Program, runKadoru, temporaryFolder } from '../system/program.ts';
import { picture, startBrowser, violations } from './browser.ts';

/** Generous: it only ends what hangs. */
const patience = { timeout: 90_000 };
const limit = { timeout: 240_000 };
const gridImported = 'keihin/grid-1/imported';

const sites = [
  {
    id: 'keihin',
    generators: [
      {
        id: 'fc-1',
        name: '燃料電池',
        kind: 'fuel-cell',
        device: 'pi-1',
        meters: {
          generated: { evidence: { kind: 'specified', markExpires: '2020-03-31' } },
          imported: {},
        },
      },
    ],
    meters: [
      { id: 'grid-1', name: '受電点', device: 'pi-1', quantities: ['imported', 'exported'] },
      { id: 'hall-1', name: '集会所', quantities: ['consumed'] },
    ],
  },
];

/** A line of Modbus meters, the device that polls it, and the gateway, each a process as in the field. */
describeWithPeers('registers in Chromium, from Modbus meters to the page', ['chromium'], () => {
  let gateway: GatewayProcess;
  let line: Program;
  let device: Program;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    gateway = await startGatewayProcess({ more: { sites } });
    const folder = temporaryFolder();
    line = runKadoru('simulate', [
      'modbus',
      '--listen',
      'tcp://127.0.0.1:0',
      '--protocol',
      'tcp',
      '--meters',
      '1=sdm230,2=sdm230',
    ]);
    const { port } = z
      .object({ port: z.string() })
      .parse(JSON.parse(await line.said(/"event":"listening"/)));
    for (const command of ['1 imported 1234567', '1 exported 4000', '2 imported 98765432'])
      line.child.stdin?.write(`${command}\n`);
    const config = join(folder, 'device.yaml');
    writeFileSync(config, JSON.stringify(deviceConfig(gateway.mqttUrl, port)));
    device = runKadoru('device', ['--config', config]);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'ja-JP' });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${gateway.httpPort}/`);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([device, line, gateway?.program].map((program) => program?.end('SIGKILL')));
  });

  const items = async <T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>[]> => {
    const body: unknown = await (await gateway.get(`/api/v1/${path}`)).json();
    return z.object({ items: z.array(schema) }).parse(body).items;
  };
  const fill = async (values: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, value] of Object.entries(values))
      await page.locator(`.work [name="${name}"]`).fill(value, patience);
  };
  const send = async (): Promise<void> => {
    await page.getByTestId('send').click();
    const refused = page.getByTestId('complaints').locator('p');
    await page.getByTestId('done').or(refused).first().waitFor(patience);
    expect(await refused.allTextContents()).toEqual([]);
  };
  const leave = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.getByTestId('work').waitFor({ state: 'detached', ...patience });
  };
  const pictures = async (name: string): Promise<void> => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await picture(page, `${name}-${width}`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  const bothLanguages = async (name: string): Promise<void> => {
    await pictures(name);
    await page.getByTestId('language').dispatchEvent('click');
    await page.locator('html[lang="en"]').waitFor(patience);
    await pictures(`${name}-english`);
    await page.getByTestId('language').dispatchEvent('click');
    await page.locator('html[lang="ja"]').waitFor(patience);
  };

  test(
    'registers are shown where they hang, with what is wrong with the evidence',
    limit,
    async () => {
      await page.getByTestId('register-grid-1-imported').getByText('1,234.567').waitFor(patience);
      await page.getByTestId('register-fc-1-generated').getByText('98,765.4').waitFor(patience);
      await page.locator('[data-note="mark-expired"]').waitFor(patience);
      await page.getByTestId('month-grid-1-exported').waitFor(patience);
      expect(await violations(page)).toEqual([]);
      await bothLanguages('meters');
    },
  );

  test(
    'a display is read, photographed and compared with the metered register',
    limit,
    async () => {
      await page.getByTestId('meter-reading-grid-1').click();
      await page.locator(`.work [name="meter"][value="${gridImported}"]`).check(patience);
      await fill({ wh: '1234.5', by: '山田' });
      const photo = Buffer.from('not really a photograph, but bytes');
      await page
        .locator('.work [name="photoSha256"]')
        .setInputFiles({ name: 'display.jpg', mimeType: 'image/jpeg', buffer: photo });
      const photoSha256 = createHash('sha256').update(photo).digest('hex');
      await page.getByTestId('photo-hash').getByText(photoSha256).waitFor(patience);
      expect(await violations(page)).toEqual([]);
      await pictures('meter-reading');
      await send();
      // Its minute may have begun before the device was started: then there is nothing to compare with.
      expect(await page.getByTestId('metered').textContent()).toMatch(
        /計測した積算値 1,234\.567 kWh。差 −67 Wh|照合できる計測値はありません/,
      );
      const [stored] = await items(`meter-readings?meter=${gridImported}`, meterReadingSchema);
      expect(stored).toMatchObject({ wh: 1_234_500, by: '山田', photoSha256 });
      await leave();
    },
  );

  test('a table with mistakes is refused row by row, mended it is taken whole', limit, async () => {
    await page.getByTestId('reading-table-hall-1').click();
    const upload = async (rows: readonly string[]) => {
      const buffer = Buffer.from(['meter,time,wh,by', ...rows].join('\n'));
      await page
        .locator('.work [name="table"]')
        .setInputFiles({ name: 'readings.csv', mimeType: 'text/csv', buffer }, patience);
      await page.getByTestId('send').click();
    };
    const meter = 'keihin/hall-1/consumed';
    const good = `${meter},2026-04-01T09:00:00+09:00,1000,佐藤`;
    await upload([good, `${meter},2026-04-02T09:00:00+09:00,1.5,佐藤`, `nowhere,x,3,`]);
    const refused = page.getByTestId('complaints');
    await refused.getByText('3 行目 wh: 0 以上の整数').waitFor(patience);
    await refused.getByText('4 行目 time: 時刻として読めません').waitFor(patience);
    await pictures('reading-table-refused');
    expect(await items(`meter-readings?meter=${meter}`, meterReadingSchema)).toEqual([]);
    await upload([good, `${meter},2026-04-02T09:00:00+09:00,1500,佐藤`]);
    await page.getByTestId('taken').getByText('2 行を記録しました').waitFor(patience);
    expect(await items(`meter-readings?meter=${meter}`, meterReadingSchema)).toHaveLength(2);
    await leave();
  });

  test('a register that is reset is told, shown and explained', limit, async () => {
    line.child.stdin?.write('1 reset\n1 power 90000\n');
    await page.getByTestId('resolve-grid-1').click(patience);
    await page.getByTestId('register-events').getByText('未確認').first().waitFor(patience);
    await pictures('register-events');
    const row = page.locator(`[data-testid^="event-keihin.grid-1.imported."]`).first();
    await row.getByRole('button', { name: '何が起きたかを記録' }).click();
    await page.locator('.work [name="kind"][value="reset-to-zero"]').check(patience);
    await fill({ finalWh: '1240', why: '交換前の表示を確認した' });
    expect(await violations(page)).toEqual([]);
    await bothLanguages('register-resolution');
    await send();
    const events = await items(`register-events?meter=${gridImported}`, registerEventSchema);
    expect(events.map(({ resolution }) => resolution)).toEqual([
      expect.objectContaining({ kind: 'reset-to-zero', finalWh: 1_240_000, by: '山田' }),
    ]);
    await leave();
  });

  test('a reading is found by its time and corrected; the stored one stays', limit, async () => {
    await page.getByTestId('correction-grid-1').click();
    await page.locator(`.work [name="meter"][value="${gridImported}"]`).check(patience);
    await page.getByTestId('send').click();
    await page.getByTestId('reading-list').locator('li button').first().click(patience);
    await page.locator('.work [name="outcome"][value="value"]').check(patience);
    await fill({ after: '1234.568', why: '検針票の値' });
    await pictures('correction');
    await send();
    await leave();
    const [correction] = await items(`corrections?meter=${gridImported}`, correctionSchema);
    expect(correction).toMatchObject({ after: 1_234_568, by: '山田', why: '検針票の値' });
    const meters = await items('meters', meterSchema);
    expect(meters.map(({ meter }) => meter)).toContain(gridImported);
  });

  test('no script failed', () => expect(complaints).toEqual([]));
});

function deviceConfig(mqttUrl: string, address: string) {
  const meter = { kind: 'modbus', bus: 'house', profile: 'sdm230', sampleSeconds: 1 };
  return {
    site: 'keihin',
    device: 'pi-1',
    data: './device-data',
    mqtt: { url: mqttUrl },
    clock: { trust: 'system' },
    buses: [{ id: 'house', kind: 'modbus-tcp', address }],
    meters: [
      { id: 'grid-1', unit: 1, ...meter },
      {
        id: 'fc-1',
        unit: 2,
        ...meter,
        quantities: { generated: 'imported', imported: 'exported', power: 'power' },
      },
    ],
  };
}
