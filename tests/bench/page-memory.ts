import { startBrowser } from '../browser/browser.ts';
import { type Held, heldBy, TenPacks } from '../browser/ten-packs.ts';
import type { Row } from './row.ts';

/** Half an hour of one update a second. */
const updates = 1800;

/** Ten packs on a page for half an hour of the plant's time, told as fast as the page draws; the heap after a collection. */
export async function benchPageMemory(): Promise<Row[]> {
  const plant = await TenPacks.start();
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const session = await page.context().newCDPSession(page);
    await page.goto(plant.home);
    await page.getByTestId('trend-pack-10').locator('canvas').waitFor({ timeout: 120_000 });
    await plant.tell(page, 10);
    const start = await heldBy(session);
    const startedMs = performance.now();
    await plant.tell(page, updates / 2);
    const half = await heldBy(session);
    await plant.tell(page, updates / 2);
    const eachMs = (performance.now() - startedMs) / updates;
    const end = await heldBy(session);
    return rows({ start, half, end }, eachMs);
  } finally {
    await browser.close();
    await plant.end();
  }
}

function rows(held: Readonly<Record<'start' | 'half' | 'end', Held>>, eachMs: number): Row[] {
  const told = `10 packs, ${updates} updates`;
  const heap = (when: keyof typeof held) => ({
    name: `page: heap at the ${when}`,
    value: held[when].heapBytes / 1e6,
    unit: 'MB',
    note: `${told}; ${held[when].nodes} nodes, ${held[when].listeners} listeners`,
  });
  const growth = (held.end.heapBytes - held.half.heapBytes) / held.half.heapBytes;
  return [
    heap('start'),
    heap('half'),
    heap('end'),
    { name: 'page: heap, the end beside the half', value: growth * 100, unit: '%', note: told },
    { name: 'page: an update, told and drawn', value: eachMs, unit: 'ms', note: told },
  ];
}
