// The technician's page as built, in a browser, before a stand-in gateway: a voucher typed as hands type, the wait, both answers.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { requireTool } from '../support/require.ts';
import { FakeGateway } from './fake-gateway.ts';
import { type BuiltPage, buildPage, openPage, screenFaults } from './pages.ts';

const chromiumPath = requireTool('chromium');

describe.skipIf(chromiumPath === undefined)('the field page', () => {
  let built: BuiltPage;
  let browser: Browser;
  let box: FakeGateway;
  let url: string;

  beforeAll(async () => {
    built = await buildPage('field');
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });
  beforeEach(async () => {
    box = new FakeGateway({ pages: { field: built.folder } });
    url = await box.start();
  });
  afterEach(() => box.stop());

  const enterVoucher = async (page: Page): Promise<void> => {
    await page.goto(`${url}/field/#pair=${box.code}`);
    await page.locator('.vform input').fill('k7qf 2m9d xh4t oil0 1234');
    await page.locator('.vform [type=submit]').click();
    await page.locator('.fcard').waitFor();
  };

  it('asks with the voucher that was meant, waits without the link, and shows the shop', async () => {
    const { page, faults, close } = await openPage(browser, {});
    box.setLink('off');
    await enterVoucher(page);
    expect(box.requests.find(({ path, method }) => path === '/v1/enrolment' && method === 'POST')?.body).toEqual({
      voucher: 'K7QF-2M9D-XH4T-0110-1234',
    });
    await page.getByText('The link is off. The request waits in the box').waitFor();
    expect(await page.locator('.words').first().locator('li').count()).toBe(6);
    box.setEnrolment({ state: 'enrolled', gateway: 'thangpal', site: 'Thangpal Kirana', centreFingerprint: '5c'.repeat(32) });
    await page.getByRole('heading', { name: 'Head office has accepted this box' }).waitFor();
    await page.getByText('Thangpal Kirana').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('takes a lease of a meter, and says what is wrong with what is none', async () => {
    const { page, faults, close } = await openPage(browser, {});
    await enterVoucher(page);
    box.setEnrolment({ state: 'enrolled', gateway: 'thangpal', site: 'Thangpal Kirana', centreFingerprint: '5c'.repeat(32) });
    await page.locator('.lform input').fill('7507-28MC');
    await page.getByRole('button', { name: 'Take the lease' }).click();
    await page.getByText('That is no whole lease.').waitFor();
    await page.locator('.lform input').fill('CL1:0400');
    await page.getByRole('button', { name: 'Take the lease' }).click();
    await page.getByText('Meter M-204: 10 tokens can be sold.').waitFor();
    expect(await page.locator('.lform input').inputValue()).toBe('');
    expect(faults).toEqual([]);
    await close();
  });

  it('says why it was refused and takes another voucher', async () => {
    const { page, faults, close } = await openPage(browser, {});
    await enterVoucher(page);
    box.setEnrolment({ state: 'refused', reason: 'the voucher was used before' });
    await page.getByText('the voucher was used before').waitFor();
    await page.getByRole('button', { name: 'Try another voucher' }).click();
    await page.locator('.vform input').fill('UUU');
    await page.getByText('That has characters that no voucher has').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('is typed on its own keys', async () => {
    const { page, close } = await openPage(browser, { size: { width: 1024, height: 600 } });
    await page.goto(`${url}/field/#pair=${box.code}`);
    for (const key of 'K7QF2') await page.locator('.vkeys').getByRole('button', { name: key, exact: true }).click();
    expect(await page.locator('.vform input').inputValue()).toBe('K7QF-2');
    await close();
  });

  it.each([
    ['en', { width: 1024, height: 600 }, 'sunlight'],
    ['ne', { width: 390, height: 844 }, 'sunlight'],
    ['ne', { width: 1024, height: 600 }, 'evening'],
    ['en', { width: 390, height: 844 }, 'evening'],
  ] as const)('has no screen with a fault in %s at %o, %s', async (language, size, theme) => {
    const { page, faults: errors, close } = await openPage(browser, { language, size, theme });
    const faults: string[] = [];
    const look = async (name: string): Promise<void> => void faults.push(...(await screenFaults(page, name)));
    await page.goto(`${url}/field/`);
    await page.locator('.pad').waitFor();
    await look('pair');
    await page.goto(`${url}/field/?again#pair=${box.code}`);
    await page.locator('.vform').waitFor();
    await look('voucher');
    box.setEnrolment({ state: 'asking' });
    await page.locator('.fcard .note').waitFor();
    await look('asking');
    box.setEnrolment({ state: 'refused', reason: 'the voucher was used before' });
    await page.locator('.note--care').waitFor();
    await look('refused');
    box.setEnrolment({ state: 'enrolled', gateway: 'thangpal', site: 'Thangpal Kirana', centreFingerprint: '5c'.repeat(32) });
    await page.locator('.fcard__ok').waitFor();
    await look('ready');
    expect(faults).toEqual([]);
    expect(errors).toEqual([]);
    await close();
  });
});
