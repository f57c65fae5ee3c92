/**
 * Over the real processes: the catalogue changed on both sides while the link was cut comes together after it; a voucher enrols one box and
 * no second; a stranger's batches are refused and listed; a payment waits out a cut link and settles.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { EntryBody } from '../../ledger-sync/ledger/entry.ts';
import { kioskPaymentId, parseEpoch, parseGatewayId, parseSessionId } from '../../ledger-sync/ledger/ids.ts';
import { append, EMPTY_HEAD } from '../../ledger-sync/ledger/journal.ts';
import { parseCurrency } from '../../ledger-sync/ledger/money.ts';
import { balance } from '../../ledger-sync/ledger/posting.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { encodeBatch } from '../../ledger-sync/protocol/batch.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { CatalogueBody, EnrolmentBody, StatusBody } from '../../main/api/schemas.ts';
import { makeToken } from '../../main/api/tokens.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { openDataFolder } from '../../main/platform/data-folder.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { Child } from '../../main/village/child.ts';
import { Client } from '../../main/village/client.ts';
import { CLI, sitePlans } from '../../main/village/plan.ts';
import { type Site, World } from '../../main/village/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'chautari-link-'));
const rice = {
  id: 'rice',
  name: { en: 'Rice', ne: 'चामल' },
  unit: { en: '1 kg', ne: '१ केजी' },
  price: '11000',
  category: 'grain',
  icon: 'wheat',
};
const WITHIN = { timeout: 45_000, interval: 200 };

describe('a village whose link is cut and whose vouchers are tried twice', () => {
  let world: World;
  let site: Site;
  const boxes: Child[] = [];

  beforeAll(async () => {
    world = await World.start({
      dataDirectory: join(folder, 'village'),
      sites: sitePlans(1),
      clock: systemClock,
      entropy: systemEntropy,
      villageUrl: () => 'http://127.0.0.1:9',
    });
    site = world.sites[0] as Site;
  }, 90_000);
  afterAll(async () => {
    for (const box of boxes) await box.stop();
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const here = (): Promise<CatalogueBody> => site.client.get('/v1/catalogue');
  const there = (): Promise<CatalogueBody> => world.office.get('/v1/catalogue');
  const status = (): Promise<StatusBody> => site.client.get('/v1/status');

  it('merges the catalogue that both sides changed while apart', { timeout: 120_000 }, async () => {
    await world.office.patch('/v1/catalogue', { items: [rice, { ...rice, id: 'sugar', name: { en: 'Sugar', ne: 'चिनी' } }] });
    await expect.poll(async () => (await here()).items.length, WITHIN).toBe(2);
    world.setLink('syabru', 'cut');
    await site.client.patch('/v1/catalogue', { items: [{ id: 'rice', price: '12000' }] });
    await world.office.patch('/v1/catalogue', {
      items: [
        { id: 'rice', name: { en: 'Jira rice', ne: 'जिरा चामल' } },
        { ...rice, id: 'salt' },
      ],
      remove: ['sugar'],
    });
    expect((await here()).items.find(({ id }) => id === 'rice')?.name.en).toBe('Rice');
    world.setLink('syabru', 'up');
    const merged = [{ id: 'rice', price: '12000', name: { en: 'Jira rice', ne: 'जिरा चामल' } }, { id: 'salt' }];
    await expect.poll(async () => (await here()).items, WITHIN).toMatchObject(merged);
    await expect.poll(async () => (await there()).items, WITHIN).toMatchObject(merged);
  });

  it('keeps a payment while the link is cut and settles it afterwards', { timeout: 120_000 }, async () => {
    world.setLink('syabru', 'cut');
    const paid = await site.client.post<{ status: string; seal: string }>('/v1/payments', {
      id: 'cut-1',
      method: 'cash',
      action: 'sale',
      amount: '500',
      currency: 'NPR',
    });
    expect(paid).toMatchObject({ status: 'approved', seal: 'kept' });
    await expect.poll(async () => (await status()).link.state, WITHIN).toBe('off');
    world.setLink('syabru', 'up');
    await expect.poll(async () => (await site.client.get<{ seal: string }>('/v1/payments/cut-1')).seal, WITHIN).toBe('settled');
  });

  it('enrols one box with a voucher and refuses the second, which takes no money', { timeout: 120_000 }, async () => {
    const voucher = await world.office.post<{ code: string }>('/v1/vouchers', { gateway: 'langtang', site: 'Langtang' });
    const start = async (name: string): Promise<Client> => {
      const data = openDataFolder(join(folder, name));
      const token = makeToken(data, 'test', ['admin'], systemEntropy);
      const args = [CLI, 'gateway', '--data', data, '--http', '127.0.0.1:0', '--mqtt', world.broker.ready?.mqtt ?? ''];
      const box = new Child({ name, now: systemClock.now, logPath: join(folder, `${name}.log`), args: () => args });
      boxes.push(box);
      await box.start();
      return new Client(() => box.ready?.http, token);
    };
    const first = await start('box-one');
    const second = await start('box-two');
    const before = await second.send('POST', '/v1/payments', { id: 'x', method: 'cash', action: 'sale', amount: '1', currency: 'NPR' });
    expect(before).toMatchObject({ status: 503, body: { code: 'not-enrolled' } });
    await first.post('/v1/enrolment', { voucher: voucher.code.toLowerCase() });
    await expect.poll(async () => (await first.get<EnrolmentBody>('/v1/enrolment')).state, WITHIN).toBe('enrolled');
    await second.post('/v1/enrolment', { voucher: voucher.code });
    await expect
      .poll(async () => await second.get<EnrolmentBody>('/v1/enrolment'), WITHIN)
      .toMatchObject({ state: 'refused', reason: 'used' });
    expect(await second.send('GET', '/healthz')).toMatchObject({ status: 503 });
    const again = await first.send('POST', '/v1/enrolment', { voucher: voucher.code });
    expect(again).toMatchObject({ status: 409, body: { code: 'enrolled-already' } });
    const wrong = await second.send('POST', '/v1/enrolment', { voucher: 'nonsense' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'bad-voucher' } });
  });

  it('refuses the batches of a box that was never enrolled, and lists them', { timeout: 60_000 }, async () => {
    const signer = signerFromPem(generateKey());
    const name = { gateway: must(parseGatewayId('stranger'), 'gateway'), epoch: must(parseEpoch('00000000000000aa'), 'epoch') };
    const body: EntryBody = {
      method: 'cash',
      action: 'sale',
      paymentId: kioskPaymentId(must(parseSessionId('k3f9a2c1d7'), 'session'), 1),
      account: 'drawer:stranger' as AccountId,
      amount: 100n,
      currency: must(parseCurrency('NPR'), 'currency'),
      postings: must(
        balance([
          { account: 'drawer:stranger' as AccountId, amount: 100n },
          { account: 'sales:stranger' as AccountId, amount: -100n },
        ]),
        'postings',
      ),
      operator: 'x',
      at: 1,
    };
    const entry = append(name, EMPTY_HEAD, body, sha256Hex);
    const bytes = encodeBatch({ name, after: EMPTY_HEAD, entries: [entry], fullHead: true, announced: 1 }, signer);
    const client = await mqtt.connectAsync(world.broker.ready?.mqtt ?? '', { protocolVersion: 4 });
    await client.publishAsync('u/stranger', Buffer.from(bytes));
    await client.publishAsync('u/syabru', Buffer.from(bytes));
    await client.endAsync();
    type Refused = { refused: { topic: string; count: number }[] };
    await expect
      .poll(async () => (await world.office.get<Refused>('/v1/refused')).refused.map(({ topic }) => topic), WITHIN)
      .toEqual(expect.arrayContaining(['u/stranger', 'u/syabru']));
    const { entries } = await world.office.get<{ entries: { gateway: string }[] }>('/v1/entries?limit=500');
    expect(entries.some(({ gateway }) => gateway === 'stranger')).toBe(false);
  });
});
