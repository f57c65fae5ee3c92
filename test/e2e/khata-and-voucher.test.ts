/**
 * Shop credit and vouchers as a shopkeeper meets them: a sale goes on khata, a part is paid back, the limit is raised, a voucher is sold and
 * redeemed. Real processes, real cells, a real browser; head office finds no break in it.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VillageState } from '../../main/village/schemas.ts';
import { launchChromium } from '../support/chromium.ts';
import { requireTool } from '../support/require.ts';
import { startVillage, type TestVillage } from '../support/village.ts';

const executablePath = requireTool('chromium');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Where pictures of each step go, for whoever wants to look. */
const pictures = process.env.CHAUTARI_PICTURES;

describe.skipIf(executablePath === undefined)('khata and vouchers', () => {
  let village: TestVillage;
  let browser: Browser;
  let kiosk: Page;
  const faults: string[] = [];

  /** No fault for a reader of the screen, in both languages; and a picture of each for whoever wants to look. */
  const look = async (name: string): Promise<void> => {
    for (const language of ['en', 'ne'] as const) {
      await kiosk.locator('.lang').click();
      await kiosk.locator(`html[lang=${language === 'en' ? 'ne' : 'en'}]`).waitFor({ state: 'attached' });
      await kiosk.addScriptTag({ path: AXE });
      const found = await kiosk.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      });
      expect(found, `${name}, after ${language}`).toEqual([]);
      if (pictures === undefined) continue;
      mkdirSync(pictures, { recursive: true });
      await kiosk.screenshot({ path: join(pictures, `${name}.${language === 'en' ? 'ne' : 'en'}.png`) });
    }
  };
  const fill = async (tiles: readonly number[]): Promise<void> => {
    await kiosk.evaluate(() => {
      location.hash = '#/sell';
    });
    await kiosk.locator('.tile').first().waitFor();
    for (const tile of tiles) await kiosk.locator('.tile').nth(tile).click();
  };
  const go = (hash: string): Promise<void> =>
    kiosk.evaluate((to) => {
      location.hash = to;
    }, hash);

  beforeAll(async () => {
    village = await startVillage(1);
    browser = await launchChromium(executablePath as string);
    const context = await browser.newContext({ viewport: { width: 1024, height: 600 }, bypassCSP: true });
    kiosk = await context.newPage();
    kiosk.on('pageerror', (fault) => faults.push(fault.message));
    kiosk.on('console', (message) => {
      if (message.type() === 'error' && !/status of 401/.test(message.text())) faults.push(message.text());
    });
    const state = (await (await fetch(`${village.url}/village/state`)).json()) as VillageState;
    await kiosk.goto(state.processes.find((process) => process.kind === 'gateway')?.openUrl ?? '');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    const code = await village?.stop();
    village?.remove();
    expect(code).toBe(0);
    expect(faults).toEqual([]);
  }, 60_000);

  it('puts a sale on khata, takes a part back, shows it in the statement', { timeout: 120_000 }, async () => {
    await fill([0, 0, 3, 4]);
    await kiosk.locator('.tbar__row button', { hasText: 'Khata' }).click();
    await kiosk.locator('.prow', { hasText: 'Kamala Thapa' }).click();
    await kiosk.locator('.where__here--owed').waitFor();
    await look('tender-khata');
    await kiosk.getByRole('button', { name: 'Put on khata' }).click();
    await kiosk.getByRole('heading', { name: 'Paid' }).waitFor();
    await look('paid-khata');

    await go('#/customers');
    await kiosk.locator('.prow', { hasText: 'Kamala Thapa' }).click();
    await kiosk.getByRole('heading', { name: 'Khata statement' }).waitFor();
    await kiosk.locator('.stmt tbody tr').nth(1).waitFor();
    await look('customer');
    await kiosk.getByRole('link', { name: 'Khata repayment' }).click();
    await kiosk.locator('.pad').waitFor();
    await kiosk.keyboard.type('100');
    await look('repayment');
    await kiosk.getByRole('button', { name: 'Take Rs 100' }).click();
    await kiosk.getByRole('heading', { name: 'Done' }).waitFor();

    await go('#/customers/khata:W-1042');
    await kiosk.locator('.stmt tbody tr', { hasText: 'Khata repayment' }).waitFor();
    expect(await kiosk.locator('.stmt').first().locator('tbody tr').count()).toBe(3);
    await kiosk.getByRole('link', { name: 'Change limit' }).click();
    await kiosk.locator('.pad').waitFor();
    await kiosk.keyboard.type('7500');
    await look('limit');
    await kiosk.getByRole('button', { name: 'Set limit to Rs 7,500' }).click();
    await kiosk.locator('.stmt tbody tr', { hasText: 'Limit raised' }).waitFor();
    await look('customer-khata');
  });

  it('opens a khata for a customer who has none', { timeout: 60_000 }, async () => {
    await go('#/customers/wallet:W-1046');
    await kiosk.getByRole('link', { name: 'Open a khata' }).click();
    await kiosk.locator('.quick button').first().click();
    await look('open-khata');
    await kiosk.getByRole('button', { name: 'Set limit to Rs 2,000' }).click();
    await kiosk.getByRole('heading', { name: 'Khata statement' }).waitFor();
  });

  it('declines beyond the limit, with the ways to go on', { timeout: 60_000 }, async () => {
    await fill(Array.from({ length: 25 }, () => 0));
    await kiosk.locator('.tbar__row button', { hasText: 'Khata' }).click();
    await kiosk.locator('.prow', { hasText: 'Sita Gurung' }).click();
    await kiosk.getByText('That is more than the limit').waitFor();
    await look('over-limit');
    await kiosk.getByRole('button', { name: 'Put on khata' }).click();
    await kiosk.getByRole('heading', { name: 'Over the limit' }).waitFor();
    await look('declined-khata');
    await kiosk
      .getByRole('link', { name: /Back to the cart/ })
      .first()
      .click();
    await kiosk.locator('.cart button', { hasText: 'Empty' }).click();
  });

  it('sells a voucher, and redeems one of paper', { timeout: 60_000 }, async () => {
    await go('#/services');
    await kiosk.getByRole('link', { name: /Sell a voucher/ }).click();
    await kiosk.locator('.quick button').first().click();
    await look('issue');
    await kiosk.getByRole('button', { name: 'Take Rs 500, make voucher' }).click();
    await kiosk.getByText('Code:').waitFor();
    await look('issued');
    const code = /([0-9A-Z]{4}-){2}[0-9A-Z]{4}/.exec(await kiosk.locator('.vcode').innerText())?.[0] ?? '';
    expect(code).toHaveLength(14);

    await fill([3]);
    await kiosk.locator('.tbar__row button', { hasText: 'Voucher' }).click();
    await kiosk.getByPlaceholder('Code of the voucher').fill(code.toLowerCase().replaceAll('-', ''));
    await kiosk.keyboard.press('Enter');
    await kiosk.getByText('Worth here').waitFor();
    await look('tender-voucher');
    await kiosk.getByRole('button', { name: 'Take from voucher' }).click();
    await kiosk.getByRole('heading', { name: 'Paid' }).waitFor();
    await look('paid-voucher');
  });

  it('head office agrees with every entry', { timeout: 60_000 }, async () => {
    const signIn = await fetch(`${village.office}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: village.password }),
    });
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const ask = async (path: string): Promise<Record<string, unknown>> =>
      (await (await fetch(`${village.office}${path}`, { headers: { cookie } })).json()) as Record<string, unknown>;
    await expect.poll(async () => JSON.stringify(await ask('/v1/accounts/khata:W-1042')), { timeout: 30_000 }).toContain('khata:W-1042');
    await expect.poll(async () => JSON.stringify(await ask('/v1/entries?limit=100')), { timeout: 30_000 }).toContain('limit-raise');
    expect(await ask('/v1/breaks')).toMatchObject({ breaks: [] });
  });
});
