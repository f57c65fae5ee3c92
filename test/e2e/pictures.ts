/**
 * Draws the pictures of the README on a real village: `node test/e2e/pictures.ts`. Sales are made over HTTP, the link of one box is cut, and
 * the kiosk, the office and the village page are photographed in headless Chromium into docs/pictures.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeToken } from '../../main/api/tokens.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { Client } from '../../main/village/client.ts';
import type { VillageState } from '../../main/village/schemas.ts';
import { launchChromium } from '../support/chromium.ts';
import { findTool } from '../support/require.ts';
import { startVillage } from '../support/village.ts';

const PICTURES = join(import.meta.dirname, '../../docs/pictures');
const village = await startVillage(3);
const browser = await launchChromium(findTool('chromium') ?? 'chromium');
try {
  const state = async (): Promise<VillageState> => (await (await fetch(`${village.url}/village/state`)).json()) as VillageState;
  const gateways = (await state()).processes.filter((process) => process.kind === 'gateway');
  for (const [site, gateway] of gateways.entries()) {
    const client = new Client(() => gateway.url, makeToken(join(village.folder, gateway.id), 'pictures', ['pay', 'read'], systemEntropy));
    const wallet = `wallet:W-${1042 + site * 100}`;
    for (let sale = 0; sale < 18; sale++) {
      const amount = String(2_500 + ((sale * 7_919 + site * 101) % 60_000));
      const body =
        sale % 3 === 0
          ? { method: 'wallet', action: 'sale', account: wallet }
          : sale % 7 === 0
            ? { method: 'wallet', action: 'top-up', account: wallet }
            : { method: 'cash', action: 'sale' };
      await client.post('/v1/payments', { id: `picture-${site}-${sale}`, amount, currency: 'NPR', ...body });
    }
    client.close();
  }
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${village.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await post('/village/link', { gateway: gateways[0]?.id, state: 'cut' });
  await post('/village/link', { gateway: gateways[2]?.id, state: 'bad' });

  const shoot = async (
    url: string,
    name: string,
    width: number,
    height: number,
    prepare: (page: import('playwright-core').Page) => Promise<void>,
  ): Promise<void> => {
    const page = await (await browser.newContext({ viewport: { width, height } })).newPage();
    await page.goto(url);
    await prepare(page);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };
  const kioskUrl = (await state()).processes.find((process) => process.id === gateways[0]?.id)?.openUrl ?? '';
  await shoot(kioskUrl, 'kiosk', 1280, 800, async (page) => {
    await page.locator('.tile').first().waitFor();
    for (const tile of [0, 0, 3, 4, 9, 9, 9]) await page.locator('.tile').nth(tile).click();
  });
  await shoot(`${village.office}/office/`, 'office', 1440, 900, async (page) => {
    await page.locator('input[type=password]').fill(readFileSync(join(village.folder, 'central/office-password'), 'utf8').trim());
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ledger' }).first().click();
    await page.getByRole('table').getByText('Wallet sale').first().click();
  });
  await shoot(`${village.url}/`, 'village', 1440, 900, async (page) => {
    await page.getByText('Syabru').first().waitFor();
  });
} finally {
  await browser.close();
  await village.stop();
  village.remove();
}
