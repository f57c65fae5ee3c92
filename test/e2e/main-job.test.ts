/**
 * The main job, as a newcomer does it: open the kiosk of a village, cut its link, take a payment, restore the link, and see the entry
 * settle at head office, with the receipt printed. Real processes, a real browser, a byte-level printer.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VillageState } from '../../main/village/schemas.ts';
import { launchChromium } from '../support/chromium.ts';
import { requireTool } from '../support/require.ts';
import { startVillage, type TestVillage } from '../support/village.ts';

const executablePath = requireTool('chromium');
describe.skipIf(executablePath === undefined)('the village takes payments', () => {
  let village: TestVillage;
  let browser: Browser;
  const faults: string[] = [];

  const open = async (url: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (fault) => faults.push(fault.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 401/.test(message.text())) faults.push(message.text());
    });
    await page.goto(url);
    return page;
  };
  const state = async (): Promise<VillageState> => (await (await fetch(`${village.url}/village/state`)).json()) as VillageState;
  const kioskUrl = async (): Promise<string> => (await state()).processes.find((process) => process.kind === 'gateway')?.openUrl ?? '';

  beforeAll(async () => {
    village = await startVillage(1);
    browser = await launchChromium(executablePath as string);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    const code = await village?.stop();
    village?.remove();
    expect(code).toBe(0);
  }, 60_000);

  it('sells with the link cut, settles when it is back, prints the receipt', { timeout: 180_000 }, async () => {
    const kiosk = await open(await kioskUrl());
    await kiosk.locator('.tile').first().waitFor();
    await kiosk.locator('.chip').first().click();
    await kiosk.getByRole('button', { name: 'Cut' }).click();
    await kiosk.getByText('Link off').first().waitFor();
    await kiosk.keyboard.press('Escape');

    await kiosk.locator('.tile').nth(0).click();
    await kiosk.locator('.tile').nth(1).click();
    await kiosk.locator('.tbar button').first().click();
    await kiosk.getByRole('button', { name: 'Payment taken' }).click();
    await kiosk.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await kiosk.locator('[aria-current="step"]').innerText()).toContain('Kept');

    const before = await state();
    const gateway = before.processes.find((process) => process.kind === 'gateway');
    expect(gateway?.pending).toBeGreaterThan(0);

    const switched = await fetch(`${village.url}/village/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ gateway: gateway?.id, state: 'up' }),
    });
    expect(switched.status).toBe(200);
    await kiosk.locator('[aria-current="step"]', { hasText: 'Settled' }).waitFor({ timeout: 60_000 });

    const office = await open(`${village.office}/office/`);
    await office.locator('input[type=password]').fill(village.password);
    await office.keyboard.press('Enter');
    await office.getByRole('link', { name: 'Ledger' }).first().click();
    await office.getByRole('table').getByText('Cash sale').first().waitFor();

    await expect
      .poll(() => readdirSync(join(village.folder, 'receipts')).filter((name) => name.endsWith('.png')).length, { timeout: 30_000 })
      .toBe(1);
    await expect
      .poll(async () => (await state()).money, { timeout: 30_000 })
      .toMatchObject({ ok: true, tally: { lost: 0, doubled: 0, takenBack: 0, approved: 1, atCentre: 1 } });
    expect(faults).toEqual([]);
  });

  it('keeps a payment whose gateway is killed while it is asked for, and answers it again', { timeout: 120_000 }, async () => {
    const kiosk = await open(await kioskUrl());
    await kiosk.locator('.tile').first().waitFor();
    await kiosk.locator('.tile').nth(2).click();
    await kiosk.locator('.tbar button').first().click();
    const gateway = (await state()).processes.find((process) => process.kind === 'gateway');
    const killed = await fetch(`${village.url}/village/kill`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ process: gateway?.id }),
    });
    expect(killed.status).toBe(200);
    await kiosk.getByRole('button', { name: 'Payment taken' }).click();
    await kiosk.getByRole('heading', { name: 'Paid' }).waitFor({ timeout: 60_000 });
    await expect
      .poll(async () => (await state()).money, { timeout: 60_000 })
      .toMatchObject({ ok: true, tally: { lost: 0, doubled: 0, takenBack: 0, approved: 2, atCentre: 2 } });
  });
});
