import { startBrowser } from './browser/browser.ts';
import { heldBy, TenPacks } from './browser/ten-packs.ts';
const plant = await TenPacks.start();
const browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const session = await page.context().newCDPSession(page);
await page.goto(plant.home);
await page.getByTestId('trend-pack-10').locator('canvas').waitFor({ timeout: 120_000 });
for (let i = 0; i < 7; i += 1) { console.log(i*900, JSON.stringify(await heldBy(session)), await page.evaluate('performance.getEntries().length')); await plant.tell(page, 900); }
console.log('end', JSON.stringify(await heldBy(session)));
await browser.close(); await plant.end(); process.exit(0);
