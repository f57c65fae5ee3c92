/** The office in a real browser over a small centre: signing in, the screens, the keyboard, the live list, vouchers, prices. */
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
import { createFakeCentre, type FakeCentre, PASSWORD } from './testing/fake-centre.ts';

const chromium = requireTool('chromium');

describe.skipIf(chromium === undefined)('the office in a browser', () => {
  let built: BuiltPage;
  let browser: Browser;
  let served: Served;
  let fake: FakeCentre;

  beforeAll(async () => {
    built = await buildPage(import.meta.dirname, join(import.meta.dirname, '../../vite.config.ts'));
    browser = await launchChromium(chromium ?? '');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const open = async (locale = 'en-US'): Promise<Page> => {
    await served?.close();
    fake = createFakeCentre(Date.now());
    served = await servePage(built, '/office/', (request) => fake.answer(request));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale });
    return context.newPage();
  };
  const enter = async (page: Page, place = ''): Promise<void> => {
    await page.goto(`${served.url}${place}`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.oside').waitFor();
  };

  test('its scripts stay small', async () => {
    expect(await gzippedScriptBytes(built)).toBeLessThan(60_000);
  });

  test('without the password nothing is shown; with it the address that was asked for', async () => {
    const page = await open();
    await page.goto(`${served.url}#/breaks/2`);
    await page.locator('input[type=password]').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('That is not the password').waitFor();
    expect(await page.locator('.oside').count()).toBe(0);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'A rule was broken' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('input[type=password]').waitFor();
    await page.context().close();
  });

  test('the keyboard walks the ledger, opens an entry, closes it and comes back to its row', async () => {
    const page = await open();
    await enter(page, '#/ledger');
    await page.locator('.ot--rows').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByText('Sum is zero').waitFor();
    const first = await page.locator('#drawer-title').innerText();
    await page.keyboard.press('j');
    await page.waitForFunction((before) => document.querySelector('#drawer-title')?.textContent !== before, first);
    const hash = await page.evaluate(() => location.hash.split('/').at(-1));
    await page.keyboard.press('Escape');
    await page.waitForFunction((of) => (document.activeElement as HTMLElement | null)?.dataset.hash === of, hash);
    expect(await page.locator('.drawer').count()).toBe(0);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('osearch');
    await page.keyboard.type('gatlang #1035');
    await page.keyboard.press('Enter');
    await page.locator('#drawer-title').getByText('Gatlang #1035').waitFor();
    await page.context().close();
  });

  test('an entry that comes in stands at the top with a quiet mark; older ones come by cursor', async () => {
    const page = await open();
    await enter(page, '#/ledger');
    await page.locator('.ot--rows tbody tr').nth(49).waitFor();
    await page.getByRole('status').getByText('Live').waitFor();
    const made = fake.sell();
    const row = page.locator('.ot--rows tbody tr').first();
    await row.getByText('new', { exact: true }).waitFor();
    expect(await row.locator('a').getAttribute('data-hash')).toBe(made.hash);
    await page.getByRole('button', { name: 'Older entries' }).click();
    await page.locator('.ot--rows tbody tr').nth(60).waitFor();
    await page.context().close();
  });

  test('filters narrow the list; removing them can be undone', async () => {
    const page = await open();
    await enter(page, '#/ledger');
    await page.getByLabel('Shop', { exact: true }).selectOption('gatlang');
    await page.getByText('40 entries shown').waitFor();
    await page.getByLabel('Kind').selectOption('wallet.top-up');
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('50 entries shown').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Remove all' }).waitFor();
    await page.context().close();
  });

  test('a voucher is made and its code shown in groups of four with a code to scan', async () => {
    const page = await open();
    await enter(page, '#/gateways');
    await page.getByRole('cell', { name: '11 or more' }).waitFor();
    await page.getByRole('button', { name: 'New voucher' }).click();
    await page.getByLabel('Name of the shop').fill('Tipling');
    await page.getByLabel('Short name of the box').fill('7');
    await page.getByRole('button', { name: 'Make the voucher' }).click();
    await page.getByRole('alert').getByText('a letter first').waitFor();
    await page.getByLabel('Short name of the box').fill('tipling');
    await page.getByRole('button', { name: 'Make the voucher' }).click();
    await page.locator('.vch__code').waitFor();
    expect(await page.locator('.vch__code span').allInnerTexts()).toEqual(['7K2M', '9QD4', 'W3XZ', 'H8TN', '5RCV']);
    await page.getByRole('img', { name: 'The same code to scan' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.waitForFunction(() => document.activeElement?.id === 'gw-new');
    await page.context().close();
  });

  test('a lease of a meter is given as a code to scan; of a meter that another shop has, with the reason', async () => {
    const page = await open();
    await enter(page, '#/gateways');
    const give = async (): Promise<void> => {
      await page.getByRole('button', { name: 'New lease' }).click();
      await page.locator('.form select').first().selectOption('M-204');
      await page.locator('.form select').nth(1).selectOption({ index: 1 });
      await page.getByRole('button', { name: 'Give the lease' }).click();
    };
    await page.getByRole('button', { name: 'New lease' }).waitFor();
    await give();
    await page.getByRole('img', { name: 'The lease to scan at the box' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.waitForFunction(() => document.activeElement?.id === 'lease-new');
    await page.getByRole('cell', { name: '2–21' }).waitFor();
    await give();
    await page.getByRole('alert').getByText('Another shop has this meter').waitFor();
    await page.getByLabel('Why, and who says so').fill('the shop closed: Maya');
    await page.getByRole('button', { name: 'Give the lease' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: '22–41' }).waitFor();
    await page.context().close();
  });

  test('a price is changed in place, a bad one is not sent, and undo puts it back', async () => {
    const page = await open();
    await enter(page, '#/documents');
    const price = page.getByLabel('Jira rice: Price, NPR');
    await price.fill('0');
    await price.press('Enter');
    await page.getByRole('alert').getByText('more than zero').waitFor();
    expect(fake.items()[0]?.price).toBe('11000');
    await price.fill('115.50');
    await price.press('Enter');
    await page.getByText('Jira rice: saved').waitFor();
    expect(fake.items()[0]?.price).toBe('11550');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.cell--price input')?.value === '110');
    expect(fake.items()[0]?.price).toBe('11000');
    await page.getByRole('button', { name: 'Remove Matches' }).click();
    await page.getByText('Matches was removed').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByLabel('Matches: Name, English').waitFor();
    await page.context().close();
  });

  test.each(['en-US', 'ne-NP'])(
    'no fault for readers and no sideways scroll on any screen, %s',
    async (locale) => {
      const page = await open(locale);
      await page.goto(served.url);
      await page.locator('input[type=password]').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await enter(page);
      const places = [
        'today',
        'ledger',
        'ledger/trial',
        'ledger/accounts',
        'accounts/wallet%3AW-1021',
        'breaks/2',
        'gateways',
        'documents',
        'exports',
      ];
      for (const place of places) {
        await page.goto(`${served.url}#/${place}`);
        await page.locator('h1').waitFor();
        await page.locator('.card:not(:has(.skel))').first().waitFor();
        for (const width of [1440, 1200, 1024]) {
          await page.setViewportSize({ width, height: 900 });
          expect(await sidewaysPixels(page), `${place} ${width}`).toBe(0);
        }
        expect(await faultsOf(page), place).toEqual([]);
      }
      // Below 1200 px the drawer is a dialog over the table.
      await page.goto(`${served.url}#/ledger`);
      await page.locator('.ot--rows a').first().click();
      await page.getByRole('dialog').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.context().close();
    },
    120_000,
  );
});
