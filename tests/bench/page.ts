import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import { hourMeasurement, hourOf, hourRows } from '../../gateway/derive/hour-rows.ts';
import type { DerivedRow } from '../../gateway/store/port.ts';
import { startBrowser } from '../browser/browser.ts';
import { type PageFile, pageFiles, watchFiles } from '../browser/page-files.ts';
import { type GatewayProcess, startGatewayProcess } from '../system/gateway-process.ts';
import { median } from './median.ts';
import type { Row } from './row.ts';

const minuteMs = 60_000;
const minutes = 366 * 24 * 60;
const rounds = 5;

/** Loading the page, and a year of a pack (a row a minute in the store) asked for and drawn in Chromium. */
export async function benchPage(): Promise<Row[]> {
  const gateway = await startGatewayProcess();
  await gateway.program.end();
  await fillYear(gateway);
  const filled = await gateway.again();
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const visited = watchFiles(page);
    const first = await firstFigure(page, filled);
    await page.getByTestId('trend-pack-1').locator('canvas').waitFor({ timeout: 120_000 });
    return [...sizes(visited()), ...first, ...(await yearChart(page))];
  } finally {
    await browser.close();
    await filled.program.end();
  }
}

function sizes(visited: readonly PageFile[]): Row[] {
  const sum = (files: readonly PageFile[]) =>
    files.reduce((all, { gzipBytes }) => all + gzipBytes, 0) / 1000;
  return [
    { name: 'page: a first visit, gzip', value: sum(visited), unit: 'kB', limit: 90 },
    { name: 'page: everything there is, gzip', value: sum(pageFiles()), unit: 'kB' },
  ];
}

async function fillYear({ folder }: GatewayProcess): Promise<void> {
  const store = await openEmbeddedStore({ folder: join(folder, 'data') });
  const from = hourOf(Date.now() - minutes * minuteMs);
  const hours: DerivedRow[] = [];
  const key = { measurement: 'hydrogen', key: 'keihin/pack-1' };
  for (let first = 0; first < minutes; first += 9_600) {
    const rows: DerivedRow[] = [];
    for (let minute = first; minute < Math.min(minutes, first + 9_600); minute += 1)
      rows.push(rowAt(from, minute));
    await store.putDerived(key, rows, []);
    hours.push(...hourRows(rows));
  }
  await store.putDerived({ ...key, measurement: hourMeasurement }, hours, []);
  await store.close();
}

/** A pack that is emptied in nine days and swapped, with the day's warmth in its pressure. */
function rowAt(from: number, minute: number): DerivedRow {
  const left = 1 - (minute % 13_000) / 14_000;
  const warmth = Math.sin((minute / 1440) * 2 * Math.PI);
  return {
    at: from + minute * minuteMs,
    fields: {
      measuredAt: from + minute * minuteMs + 50_000,
      pressureMpa: left * 19 + warmth * 0.3,
      temperatureC: 20 + 8 * warmth,
      totalKg: left * 21.4,
      usableKg: left * 20.1,
      usableBeforeStopKg: left * 19.8,
      expandedUncertaintyKg: 0.3,
      usableExpandedUncertaintyKg: 0.32,
      openCylinders: 30,
      consumption: 'steady',
      kgPerHour: 0.1,
      expandedUncertaintyKgPerHour: 0.01,
      segmentAt: from,
      meteredG: null,
      quality: 'good',
      why: null,
    },
  };
}

/**
 * From the beginning of the navigation until a pack's dial is painted, by the page's own clock, with a processor a quarter
 * as fast: the tools that look on are slowed down, too, and must not be in it.
 */
async function firstFigure(page: Page, gateway: GatewayProcess): Promise<Row[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(`new MutationObserver((_, observer) => {
    if (document.querySelector('[data-testid="dial-pack-1"]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => console.log('painted ' + performance.now())));
  }).observe(document, { childList: true, subtree: true })`);
  const loadedMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.goto('about:blank');
    const [said] = await Promise.all([
      page.waitForEvent('console', {
        predicate: (message) => message.text().startsWith('painted '),
        timeout: 120_000,
      }),
      page.goto(`http://127.0.0.1:${gateway.httpPort}/`),
    ]);
    loadedMs.push(Number(said.text().slice('painted '.length)));
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const [least, most] = [Math.min(...loadedMs), Math.max(...loadedMs)];
  const note = `on loopback, processor throttled to a quarter, median of ${rounds}, ${least.toFixed(0)} to ${most.toFixed(0)} ms`;
  return [
    { name: 'page: first live figure', value: median(loadedMs), unit: 'ms', limit: 1000, note },
  ];
}

async function yearChart(page: Page): Promise<Row[]> {
  await page.getByTestId('history-pack-1').click();
  const chart = page.getByTestId('history-chart');
  await chart.waitFor({ timeout: 120_000 });
  const shown = (minutesApart: number) =>
    page
      .locator(`[data-testid="history-chart"][data-spacing="${minutesApart}"]`)
      .waitFor({ timeout: 120_000 });
  const drawnMs: number[] = [];
  const askedMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.getByTestId('span-day').click();
    await shown(2);
    await page.evaluate('performance.clearMeasures()');
    const startedMs = performance.now();
    await page.getByTestId('span-year').click();
    await shown(480);
    askedMs.push(performance.now() - startedMs);
    const measures =
      "performance.getEntriesByName('kadoru-history-drawn').map((each) => each.duration)";
    drawnMs.push(Math.max(...(await page.evaluate<number[]>(measures))));
  }
  const note = `${minutes} minutes in the store, median of ${rounds}`;
  return [
    { name: 'page: a year chart, drawn', value: median(drawnMs), unit: 'ms', limit: 150, note },
    {
      name: 'page: a year chart, from the touch to the picture',
      value: median(askedMs),
      unit: 'ms',
      note,
    },
  ];
}
