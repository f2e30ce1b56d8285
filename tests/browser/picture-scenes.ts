import type { Page } from 'playwright-core';
import type { View } from './lens.ts';

export type Width = 360 | 1280 | 3840;

/** One thing a person may look at, and how to get there. */
export interface Scene extends Partial<View> {
  readonly name: string;
  /** Beside the page as it opens: `?kiosk`. */
  readonly address?: string;
  readonly open?: (page: Page) => Promise<void>;
  readonly widths?: readonly Width[];
  readonly dark?: boolean;
  /** As it is printed, on A4. */
  readonly paper?: boolean;
  /** Looked at by axe, too. */
  readonly accessible?: boolean;
}

const patience = { timeout: 90_000 };
const phone: readonly Width[] = [360];
const narrow: readonly Width[] = [360, 1280];
const every: readonly Width[] = [360, 1280, 3840];

const press = (id: string) => async (page: Page) => {
  const button = page.getByTestId(id);
  await button.waitFor({ state: 'attached', ...patience });
  // A form may be behind a fold: what opens it is asked for by name.
  await button.dispatchEvent('click');
};
const form = (id: string) => async (page: Page) => {
  await press(id)(page);
  await page.getByTestId('send').waitFor(patience);
};
/** Sent empty: every field that is needed says so. */
const refused = (id: string) => async (page: Page) => {
  await form(id)(page);
  await page.getByTestId('send').click();
  await page.locator('.field-error:not(:empty)').first().waitFor(patience);
};
const drawn = (page: Page) =>
  page.locator('[data-testid="history-chart"]:not([data-points="0"])').waitFor(patience);
const history =
  (asset: string, ...buttons: readonly string[]) =>
  async (page: Page) => {
    await press(`history-${asset}`)(page);
    await drawn(page);
    for (const button of buttons) {
      await page.getByTestId(button).click();
      await drawn(page);
    }
  };

const packsInTrouble = ['faulty', 'stale', 'manual', 'uncertain', 'stop', 'closed', 'unread'];
const ten = ['good', ...packsInTrouble, 'full', 'half'];

/** In the order of a walk through the page; those of one view beside each other, so that it is loaded once. */
export const scenes: readonly Scene[] = [
  { name: 'live', packs: ['good'], energy: true, widths: every, accessible: true },
  {
    name: 'live-unfolded',
    packs: ['good'],
    energy: true,
    widths: [360],
    open: unfold,
    accessible: true,
  },
  { name: 'live-dark', packs: ['good'], energy: true, widths: every, dark: true },
  { name: 'ten', packs: ten, widths: every, accessible: true },
  ...packsInTrouble.map((name) => ({ name: `pack-${name}`, packs: [name], widths: narrow })),
  { name: 'energy', packs: [], energy: true, widths: every },
  { name: 'wall', packs: ['good'], energy: true, address: '?kiosk', widths: [1280, 3840] },
  { name: 'wall-four', packs: ten.slice(0, 4), address: '?kiosk', widths: [3840], dark: true },
  { name: 'first-hour', packs: [], widths: every, accessible: true },
  { name: 'history-hour', packs: ['good'], open: history('good', 'span-hour'), widths: phone },
  { name: 'history-day', packs: ['good'], open: history('good', 'span-day'), widths: every },
  { name: 'history-year', packs: ['good'], open: history('good', 'span-year'), widths: phone },
  { name: 'meter-halfhours', energy: true, open: history('pv-1'), widths: every },
  { name: 'meter-days', energy: true, open: history('pv-1', 'bars-1d'), widths: phone },
  { name: 'meter-months', energy: true, open: history('grid-1', 'bars-1mo') },
  { name: 'alarm-list', packs: ten, open: openAlarmList },
  { name: 'shelve', packs: ['stop'], open: shelve },
  ...['gauge-reading', 'delivery', 'draw', 'batch', 'calibration'].map((kind) => ({
    name: `form-${kind}`,
    packs: ['good'],
    open: refused(`${kind}-good`),
    widths: kind === 'delivery' ? narrow : phone,
  })),
  { name: 'form-return', packs: ['good'], open: refused('return-good'), widths: phone },
  { name: 'form-changes', packs: ['good'], open: press('changes-good'), widths: phone },
  { name: 'form-meter-reading', energy: true, open: refused('meter-reading-grid-1') },
  { name: 'form-reading-table', energy: true, open: wrongTable, accessible: true },
  {
    name: 'form-register-events',
    energy: true,
    open: press('register-events-grid-1'),
    widths: phone,
  },
  { name: 'form-correction', energy: true, open: form('correction-grid-1'), widths: phone },
  { name: 'day-sheet', packs: ['good', 'faulty'], energy: true, open: sheet, widths: narrow },
  {
    name: 'day-sheet-paper',
    packs: ['good', 'faulty'],
    energy: true,
    open: sheet,
    paper: true,
    widths: [1280],
  },
];

async function unfold(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByTestId('devices').waitFor(patience);
  // A fold may hold another one.
  for (let depth = 0; depth < 2; depth += 1)
    await page.evaluate(
      "document.querySelectorAll('details').forEach((each) => (each.open = true))",
    );
}

async function openAlarmList(page: Page): Promise<void> {
  await page.locator('.alarms-head button').click(patience);
  await page.getByTestId('alarm-list').locator('.alarm').first().waitFor(patience);
}

async function shelve(page: Page): Promise<void> {
  await page.locator('.alarm-actions button').nth(1).click(patience);
  await page.getByTestId('send').waitFor(patience);
  await page.getByTestId('send').click();
  await page.locator('.field-error:not(:empty)').first().waitFor(patience);
}

async function wrongTable(page: Page): Promise<void> {
  await form('reading-table-hall-1')(page);
  const meter = 'keihin/hall-1/consumed';
  const rows = [
    'meter,time,wh,by',
    `${meter},2026-04-01T09:00:00+09:00,1000,佐藤`,
    `${meter},2026-04-02T09:00:00+09:00,1.5,佐藤`,
    'nowhere,x,3,',
  ];
  const buffer = Buffer.from(rows.join('\n'));
  const file = { name: 'readings.csv', mimeType: 'text/csv', buffer };
  await page.locator('.work [name="table"]').setInputFiles(file, patience);
  await page.getByTestId('send').click();
  await page.getByTestId('complaints').locator('p').nth(1).waitFor(patience);
}

async function sheet(page: Page): Promise<void> {
  await press('open-sheet')(page);
  await page.getByTestId('sheet-energy').locator('td').first().waitFor(patience);
}
