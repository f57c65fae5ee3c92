/** The village's page in a real browser over a small village: orders go out, the money can fail in public, both languages are sound. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BuiltPage,
  buildPage,
  faultsOf,
  gzippedScriptBytes,
  type Served,
  servePage,
  sidewaysPixels,
} from '../../test/renderer/page-on-chromium.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { requireTool } from '../../test/support/require.ts';
import { createFakeVillage, type FakeVillage } from './testing/fake-village.ts';

const chromium = requireTool('chromium');

describe.skipIf(chromium === undefined)('the village in a browser', () => {
  let built: BuiltPage;
  let browser: Browser;
  let served: Served;
  let fake: FakeVillage;

  beforeAll(async () => {
    built = await buildPage(import.meta.dirname, join(import.meta.dirname, '../../vite.config.ts'));
    browser = await launchChromium(chromium ?? '');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const open = async (locale: string): Promise<Page> => {
    await served?.close();
    fake = createFakeVillage(Date.now);
    served = await servePage(built, '/', (request) => fake.answer(request));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale });
    const page = await context.newPage();
    await page.goto(served.url);
    await page.waitForSelector('.whole');
    return page;
  };

  test('its scripts stay small', async () => {
    expect(await gzippedScriptBytes(built)).toBeLessThan(40_000);
  });

  test('cutting, selling, killing and mending walk the list; every order goes out', async () => {
    const page = await open('en-US');
    const syabru = page.getByRole('article', { name: 'Syabru' });
    await page.getByRole('group', { name: 'Link of Syabru' }).getByRole('button', { name: 'Cut' }).click();
    await page.getByText('cut 2 minutes ago').waitFor();
    fake.sell('syabru');
    await syabru.getByText('1 kept, waiting').waitFor();
    await syabru.getByRole('button', { name: 'kill -9 Syabru' }).click();
    await syabru.getByText('killed once').waitFor();
    await page.getByRole('button', { name: 'All links up' }).click();
    await page.getByText('Nothing was lost. Try another way.').waitFor();
    await page.getByRole('button', { name: 'kill -9 Broker' }).click();
    await page.getByText('killed 6 times').waitFor();
    await page.getByRole('button', { name: 'Let it rain' }).click();
    await page.getByRole('button', { name: 'Stop the rain' }).waitFor();
    expect(fake.orders()).toEqual([
      '/village/link {"gateway":"syabru","state":"cut"}',
      '/village/kill {"process":"syabru"}',
      '/village/link {"gateway":"syabru","state":"up"}',
      '/village/link {"gateway":"briddim","state":"up"}',
      '/village/kill {"process":"broker"}',
      '/village/rain {"on":true}',
    ]);
    expect(await syabru.getByRole('link').getAttribute('href')).toContain('/kiosk/#pair=');
    await page.context().close();
  });

  test('it fails in public when a payment is lost', async () => {
    const page = await open('en-US');
    await page.getByRole('heading', { name: 'The money is whole' }).waitFor();
    fake.lose();
    await page.getByRole('heading', { name: 'The money does not add up' }).waitFor();
    await page.getByRole('alert').getByText('7qk3v9d2ma.12 was approved and is in no journal').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  test.each(['en-US', 'ne-NP'])('no fault for readers and no sideways scroll, %s', async (locale) => {
    const page = await open(locale);
    for (const width of [1440, 1200, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await sidewaysPixels(page), `${width}`).toBe(0);
      expect(await faultsOf(page), `${width}`).toEqual([]);
    }
    await page.context().close();
  });
});
