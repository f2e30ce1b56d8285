import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPeers } from '../peers.ts';
import { startBrowser, violations } from './browser.ts';
import { PicturePlant } from './picture-plant.ts';
import { type Scene, scenes, type Width } from './picture-scenes.ts';
import { keepPicture, show, sideways } from './picture-page.ts';

/** Generous: it only ends what hangs. */
const limit = { timeout: 900_000 };
const languages = ['ja', 'en'] as const;

/** Every path of the page, to be looked at by people; and what no picture should be needed for. */
describeWithPeers('pictures of every page in Chromium', ['chromium'], () => {
  let plant: PicturePlant;
  let browser: Browser;

  beforeAll(async () => {
    plant = await PicturePlant.start();
    browser = await startBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await plant?.end();
  });

  const open = async (language: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript(`localStorage.setItem('kadoru-language', '${language}')`);
    return page;
  };
  const take = async (page: Page, { name, accessible }: Scene, widths: readonly Width[]) => {
    const wrong: string[] = [];
    for (const width of widths) {
      await keepPicture(page, name, width);
      for (const what of await sideways(page)) wrong.push(`${name} at ${width}: ${what}`);
      if (accessible === true && width !== 3840)
        for (const what of await violations(page)) wrong.push(`${name} at ${width}: ${what}`);
    }
    return wrong;
  };

  test.each(languages)('nothing is wider than its screen, in %s', limit, async (language) => {
    const page = await open(language);
    const wrong: string[] = [];
    for (const scene of scenes) {
      await show(page, plant.lens, scene);
      // What axe judges is the same in both languages, but for the words.
      const accessible = scene.accessible === true && language === 'ja';
      const named = { ...scene, accessible, name: `${scene.name}-${language}` };
      wrong.push(...(await take(page, named, scene.widths ?? [360, 1280])));
    }
    await page.close();
    expect(wrong).toEqual([]);
  });

  test('asked to sign in, and with the gateway gone', limit, async () => {
    const wrong: string[] = [];
    const pages = await Promise.all(languages.map(open));
    plant.lens.signedOut = true;
    for (const [index, page] of pages.entries()) {
      await page.goto(plant.lens.home);
      await page.locator('.sign-in').waitFor({ timeout: 90_000 });
      const name = `sign-in-${languages[index]}`;
      wrong.push(...(await take(page, { name, accessible: true }, [360, 1280])));
    }
    plant.lens.signedOut = false;
    for (const page of pages) await show(page, plant.lens, { name: '', packs: ['good'] });
    plant.lens.end();
    for (const [index, page] of pages.entries()) {
      await page.getByTestId('old').waitFor({ timeout: 90_000 });
      const name = `gone-${languages[index]}`;
      wrong.push(...(await take(page, { name, accessible: true }, [360, 1280, 3840])));
    }
    expect(wrong).toEqual([]);
  });
});
