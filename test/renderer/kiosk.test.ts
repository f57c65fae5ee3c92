// The kiosk page as built, in a browser, before a stand-in gateway: selling, the ways when it is declined, giving back, services, and
// what happens to a payment whose answer is lost.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { requireTool } from '../support/require.ts';
import { FakeGateway } from './fake-gateway.ts';
import { type BuiltPage, buildPage, openPage, screenFaults } from './pages.ts';

const chromiumPath = requireTool('chromium');
const MAX_SCRIPT_BYTES = 60_000;

describe.skipIf(chromiumPath === undefined)('the kiosk', () => {
  let built: BuiltPage;
  let browser: Browser;
  let box: FakeGateway;
  let url: string;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;

  beforeAll(async () => {
    built = await buildPage('kiosk');
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  beforeEach(async () => {
    box = new FakeGateway({ pages: { kiosk: built.folder } });
    url = await box.start();
    opened = await openPage(browser, {});
    page = opened.page;
  });
  afterEach(async () => {
    expect(opened.faults).toEqual([]);
    await opened.close();
    await box.stop();
  });

  const pair = async (on = page): Promise<void> => {
    await on.goto(`${url}/kiosk/#pair=${box.code}`);
    await on.locator('.tile').first().waitFor();
  };
  const go = (hash: string, on = page): Promise<void> =>
    on.evaluate((to) => {
      location.hash = to;
    }, hash);
  const tile = (name: string) => page.locator('.tile', { hasText: name }).click();
  const posts = () => box.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/payments').map(({ body }) => body);

  it('weighs less than 60 kB of script before it can sell', async () => {
    const html = await readFile(join(built.folder, 'index.html'), 'utf8');
    const names = (await readdir(join(built.folder, 'assets'))).filter((name) => name.endsWith('.js') && html.includes(name));
    expect(names).toHaveLength(1);
    const sizes = await Promise.all(names.map(async (name) => gzipSync(await readFile(join(built.folder, 'assets', name))).length));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_SCRIPT_BYTES);
  });

  it('is paired by the code, typed on its keys, and says when it is wrong', async () => {
    await page.goto(`${url}/kiosk/`);
    await page.locator('.pad').waitFor();
    await page.keyboard.type('11111111');
    await page.keyboard.press('Enter');
    await page.getByText('That is not the code').waitFor();
    for (const digit of box.code) await page.getByRole('button', { name: digit, exact: true }).click();
    await page.getByRole('button', { name: 'Pair', exact: true }).click();
    await page.locator('.tile').first().waitFor();
    expect(page.url()).not.toContain('pair');
  });

  it('sells for cash in three touches; the seal goes on while one looks', async () => {
    await pair();
    await tile('Jira rice');
    await page.getByRole('button', { name: 'Cash' }).click();
    await page.getByRole('button', { name: 'Payment taken' }).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(posts()).toMatchObject([{ method: 'cash', action: 'sale', amount: '11000', fields: { tendered: '11000' } }]);
    expect(await page.locator('[aria-current=step]').innerText()).toContain('Kept');
    box.settle();
    await page.locator('[aria-current=step]', { hasText: 'Settled' }).waitFor();
    await page.getByText('Printed.').waitFor();
    await page.getByRole('link', { name: 'Next sale' }).click();
    await page.getByText('Touch an item to begin').waitFor();
  });

  it('loses none of two touches that come before the next drawing', async () => {
    await pair();
    await page.locator('.tile').evaluateAll((tiles) => {
      for (const index of [0, 1, 1]) (tiles[index] as HTMLElement).click();
    });
    await page.locator('.cline').nth(1).waitFor();
    expect(await page.locator('.cline__q').allInnerTexts()).toEqual(['1', '2']);
  });

  it('reckons the change from what is typed', async () => {
    await pair();
    await tile('Sugar');
    await go('#/pay/cash');
    await page.locator('.pad').waitFor();
    await page.keyboard.type('100');
    await page.getByText('That is less than there is to pay.').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('50');
    await page.locator('.take').click();
    await page.locator('.giveback', { hasText: 'Rs 45.00' }).waitFor();
  });

  it('takes from a wallet, and offers ways when too little is here', async () => {
    await pair();
    await tile('Eggs');
    await page.getByRole('button', { name: 'Wallet' }).click();
    await page.getByRole('searchbox').fill('kamala');
    await page.getByRole('button', { name: /Kamala Thapa/ }).click();
    await page.getByRole('button', { name: 'Take from the wallet' }).click();
    await page.locator('.giveback', { hasText: 'Rs 1,940.00' }).waitFor();
    await page.getByRole('link', { name: 'Next sale' }).click();

    await tile('Eggs');
    await tile('Mustard oil');
    await page.getByRole('button', { name: 'Wallet' }).click();
    await page.getByRole('button', { name: /Dorje Lama/ }).click();
    await page.getByRole('button', { name: 'Take from the wallet' }).click();
    await page.getByRole('heading', { name: 'Not enough here' }).waitFor();
    await page.getByText('Nothing was taken.').waitFor();
    expect(box.ledger.head).toBe(1);
    expect(await page.locator('.need__row--short').innerText()).toContain('30.00');
    await page.getByRole('link', { name: /All in cash/ }).click();
    await page.getByRole('button', { name: 'Payment taken' }).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(box.ledger.head).toBe(2);
  });

  it('gives back a part, then the rest, and never more', async () => {
    await pair();
    await tile('Eggs');
    await go('#/pay/cash');
    await page.locator('.take').click();
    await page.getByRole('link', { name: 'Refund…' }).click();
    await page.locator('.pad').waitFor();
    await page.keyboard.type('600');
    await page.locator('.take[aria-disabled=true]').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('100');
    await page.getByRole('button', { name: 'Hand out Rs 100' }).click();
    await page.locator('.giveback--out', { hasText: 'Rs 100.00' }).waitFor();
    const sale = box.ledger.history[0];
    expect(posts()[1]).toMatchObject({ action: 'refund', method: 'cash', amount: '10000', refersTo: sale?.id });
    await go(`#/sales/${sale?.id}/refund`);
    await page.getByRole('button', { name: 'Hand out Rs 410' }).click();
    await page.locator('.giveback--out', { hasText: 'Rs 410.00' }).waitFor();
    expect(box.ledger.history[0]?.refundable).toBe('0');
  });

  it('sells electricity: the token stands large, and a meter without tokens says who helps', async () => {
    await pair();
    await go('#/services');
    await page.getByRole('link', { name: /Electricity/ }).click();
    await page.getByRole('button', { name: /M-307.*One token is left/ }).click();
    await page.getByRole('button', { name: '30 days' }).click();
    await page.getByRole('button', { name: 'Take in Rs 450' }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    await page.locator('.done .token', { hasText: 'M-307' }).waitFor();
    expect((await page.locator('.done .token__digits').innerText()).replace(/\s+/g, ' ').trim()).toBe('177 073 015');
    expect(posts().at(-1)).toMatchObject({ method: 'energy', action: 'sale', account: 'energy:M-307', amount: '45000' });
    await go(`#/sales/${box.ledger.history.at(-1)?.id}`);
    await page.locator('.hdetail .token, .token').first().waitFor();
    await go('#/services/energy/energy:M-307');
    await page.getByText('Ask head office for a new lease.').first().waitFor();
  });

  it('tops up, hands out cash, moves money, and undoes a slip', async () => {
    await pair();
    await go('#/services/top-up');
    await page.getByRole('button', { name: /Kamala Thapa/ }).click();
    await page.locator('.pad').waitFor();
    await page.keyboard.type('1500');
    await page.getByRole('button', { name: 'Take in Rs 1,500' }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(box.ledger.wallets.get('wallet:W-1042')?.here).toBe(395_000n);

    await go('#/services/cash-out/wallet:W-1042');
    await page.locator('.pad').waitFor();
    await page.keyboard.type('500');
    await page.getByRole('button', { name: 'Hand out Rs 500' }).click();
    await page.locator('.giveback--out').waitFor();

    await go('#/services/transfer/wallet:W-1042');
    await page.getByRole('button', { name: /Hari Karki/ }).click();
    await page.locator('.pad').waitFor();
    await page.keyboard.type('200');
    await page.getByRole('button', { name: 'Transfer Rs 200' }).click();
    await page.getByText('Kamala Thapa → Hari Karki').waitFor();
    expect(box.ledger.wallets.get('wallet:W-1045')?.here).toBe(20_000n);

    await go(`#/sales/${box.ledger.history[0]?.id}/reversal`);
    await page.getByRole('button', { name: 'Hand out Rs 1,500' }).click();
    await page.getByRole('heading', { name: 'Done' }).waitFor();
    expect(box.ledger.history.at(-1)).toMatchObject({ action: 'reversal', amount: '150000' });
  });

  it('asks again with the very same request when an answer is lost', async () => {
    await pair();
    await tile('Milk');
    box.losesAnswers = 2;
    await go('#/pay/cash');
    await page.locator('.take').click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor({ timeout: 15_000 });
    expect(box.ledger.head).toBe(1);
    expect(posts().length).toBe(3);
    expect(new Set(posts().map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('goes on asking after the page was opened again, and shows what became of it', async () => {
    await pair();
    await tile('Milk');
    await go('#/pay/cash');
    await page.locator('.take').waitFor();
    box.isSilent = true;
    await page.locator('.take').click();
    await page.getByRole('heading', { name: 'Not answered yet' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Not answered yet' }).waitFor();
    box.isSilent = false;
    await page.getByRole('button', { name: 'Ask again now' }).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(box.ledger.head).toBe(1);
    expect(posts().map((body) => (body as { id: string }).id)).toEqual([expect.stringMatching(/\.1$/)]);
  });

  it('lets one go on selling while a payment is not answered, and tells when it is', async () => {
    await pair();
    await tile('Milk');
    await go('#/pay/cash');
    await page.locator('.take').waitFor();
    box.isSilent = true;
    await page.locator('.take').click();
    await page.getByRole('button', { name: /Go on selling/ }).click();
    await page.getByText('Touch an item to begin').waitFor();
    await page.getByRole('button', { name: /1 sale not answered/ }).waitFor();
    box.isSilent = false;
    await page.getByText('Rs 50.00 is taken and kept.').waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
  });

  it('says that nothing was taken when the box cannot write, and tries again under the same number', async () => {
    await pair();
    await tile('Milk');
    box.refusesPayments = 1;
    await go('#/pay/cash');
    await page.locator('.take').click();
    await page.getByRole('heading', { name: 'The box cannot write just now' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(new Set(posts().map((body) => (body as { id: string }).id)).size).toBe(1);
  });

  it('stays calm when the box is silent from the start', async () => {
    await pair();
    box.isSilent = true;
    await page.reload();
    await page.getByText('The box does not answer').waitFor();
    box.isSilent = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.tile').first().waitFor();
  });

  it('asks for the code again when the box no longer knows it', async () => {
    await pair();
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole('heading', { name: 'Pair this screen with the box' }).waitFor();
  });

  it('cuts its link in a village, sells on, and shows what waits', async () => {
    await pair();
    await page.getByRole('button', { name: /Link on/ }).click();
    await page.getByRole('button', { name: 'Cut' }).click();
    await page.getByRole('heading', { name: 'Link off' }).waitFor();
    await page.keyboard.press('Escape');
    await tile('Matches');
    await go('#/pay/cash');
    await page.locator('.take').click();
    await page.getByText('when the link is back').waitFor();
    await page.locator('.chip__n', { hasText: '1' }).waitFor();
  });

  it('says what the printer lacks without a doubt about the sale', async () => {
    box.printer = { state: 'paper-out', waiting: 1 };
    await pair();
    await tile('Matches');
    await go('#/pay/cash');
    await page.locator('.take').click();
    await page.getByText('The paper is out. The sale is kept.').waitFor();
    await page.getByRole('heading', { name: 'Paid' }).waitFor();
  });

  it('changes an item’s price and sends only that', async () => {
    await pair();
    await go('#/items/jira-rice');
    await page.getByLabel('Price, NPR').fill('११५');
    await page.getByRole('button', { name: 'Save the item' }).click();
    await page.getByText('Jira rice is saved.').waitFor();
    const edit = box.requests.find(({ method }) => method === 'PATCH');
    expect(edit?.body).toEqual({ items: [{ id: 'jira-rice', price: '11500' }] });
  });

  it('takes a line out with a way back, also by keyboard', async () => {
    await pair();
    await tile('Noodles');
    await tile('Milk');
    await page.locator('.cline__main').first().click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Noodles removed').waitFor();
    await page.keyboard.press('Control+z');
    await page.locator('.cline').nth(1).waitFor();
    await page.reload();
    await page.locator('.cline').nth(1).waitFor();
    expect(await page.locator('.cline').count()).toBe(2);
    await page.getByRole('button', { name: 'All', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Grain');
  });

  describe.each([
    ['en', { width: 1280, height: 800 }, 'sunlight'],
    ['ne', { width: 1024, height: 600 }, 'evening'],
    ['en', { width: 390, height: 844 }, 'evening'],
    ['ne', { width: 390, height: 844 }, 'sunlight'],
  ] as const)('in %s at %o, %s', (language, size, theme) => {
    it('has no screen with a fault', { timeout: 120_000 }, async () => {
      const one = await openPage(browser, { language, size, theme });
      const faults: string[] = [];
      const look = async (name: string): Promise<void> => void faults.push(...(await screenFaults(one.page, name)));
      const at = (hash: string) => go(hash, one.page);
      await one.page.goto(`${url}/kiosk/`);
      await one.page.locator('.pad').waitFor();
      await look('pair');
      await one.page.goto(`${url}/kiosk/?again#pair=${box.code}`);
      await one.page.locator('.tile').first().waitFor();
      await look('sell, empty');
      for (const index of [0, 0, 6, 4, 2]) await one.page.locator('.tile').nth(index).click();
      await at('#/cart');
      await one.page.locator('.cline__main').first().click();
      await look('cart');
      await at('#/amount');
      await one.page.locator('.pad').waitFor();
      await look('by amount');
      await at('#/pay/wallet');
      await one.page.locator('.prow').first().waitFor();
      await look('wallet, whose');
      await one.page.locator('.prow').nth(3).click();
      await one.page.locator('.where').waitFor();
      await look('wallet');
      await one.page.locator('.take').click();
      await one.page.locator('.declined').waitFor();
      await look('declined');
      await at('#/pay/cash');
      await one.page.locator('.quick').waitFor();
      await look('cash');
      await one.page.locator('.take').click();
      await one.page.locator('.approved').waitFor();
      await look('paid');
      box.setLink('off');
      const id = box.ledger.history.at(-1)?.id ?? '';
      for (const [hash, sign] of [
        ['#/sales', '.hrow'],
        [`#/sales/${id}`, '.hdetail__a'],
        [`#/sales/${id}/refund`, '.pad'],
        [`#/sales/${id}/reversal`, '.choice'],
        ['#/customers', '.prow'],
        ['#/customers/wallet:W-1042', '.where'],
        ['#/services', '.way'],
        ['#/services/top-up/wallet:W-1042', '.pad'],
        ['#/services/transfer/wallet:W-1042', '.prow'],
        ['#/services/energy', '.prow'],
        ['#/services/energy/energy:M-307', '.pad'],
        ['#/items', '.prow'],
        ['#/items/jira-rice', '.form'],
        ['#/more', '.facts'],
      ] as const) {
        await at(hash);
        await one.page.locator(sign).first().waitFor();
        await look(hash);
      }
      await one.page.locator('.kbar .chip').first().click();
      await one.page.locator('dialog[open]').waitFor();
      await look('link sheet');
      await one.page.keyboard.press('Escape');
      expect(faults).toEqual([]);
      expect(one.faults).toEqual([]);
      await one.close();
    });
  });
});
