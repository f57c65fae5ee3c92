/** Leases over HTTP: entered by their text, believed by their signature, and shown without the meter's key. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Epoch, GatewayId } from '../../ledger-sync/ledger/ids.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import { lease, leaseText } from '../../test/support/store/meter.ts';

let box: TestBox;
let admin: Ask;
beforeEach(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin', 'pay', 'read');
});
afterEach(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const enter = (text: string, by: Ask = admin) => by('POST', '/v1/leases', { body: { lease: text } });
/** As a kiosk does: 503 says that nothing was changed, so the same is asked again (a machine under load). */
async function buy(id: string, amount: string, by: Ask = admin): ReturnType<Ask> {
  const body = { id, method: 'energy', action: 'sale', account: 'energy:M-204', amount, currency: 'NPR' };
  for (let tries = 1; ; tries++) {
    const answer = await by('POST', '/v1/payments', { body });
    if (answer.status !== 503 || tries === 20) return answer;
  }
}

describe('a lease', () => {
  it('is taken once, shown without the key, and sells tokens to whoever may take payments', async () => {
    await admin('POST', '/v1/accounts', { body: { id: 'float:syabru', currency: 'NPR', opening: '1000000' } });
    const text = leaseText();
    const kiosk = await box.kiosk();
    const taken = await enter(text, kiosk.ask);
    const shown = {
      number: 7,
      account: 'energy:M-204',
      from: 2,
      to: 22,
      tokensLeft: 10,
      mode: 'add-time',
      unit: 'day',
      price: '1500',
      currency: 'NPR',
      takenAt: expect.any(String),
    };
    expect([taken.status, taken.body]).toEqual([201, shown]);
    expect((await enter(`${text.slice(0, 40)} \n${text.slice(40).toLowerCase()}`)).status).toBe(200);
    const sold = await buy(`${kiosk.session}.1`, '7500', kiosk.ask);
    expect(sold.status).toBe(201);
    const receipt = (sold.body as { receipt: { name: string; value: string }[] }).receipt;
    expect(receipt).toContainEqual({ name: 'token', value: '177 073 015' });
    expect(await buy(`${kiosk.session}.1`, '7500', kiosk.ask)).toMatchObject({ status: 200, body: { receipt } });
    const history = (await kiosk.ask('GET', '/v1/payments?limit=1')).body;
    expect(history).toMatchObject({ payments: [{ method: 'energy', refundable: '0' }] });
    const list = await kiosk.ask('GET', '/v1/leases');
    expect(list.body).toEqual({ leases: [{ ...shown, tokensLeft: 9 }] });
    expect(JSON.stringify(list.body)).not.toContain(lease().key);
  });

  it('is refused with what to do: of another office, box or life, cut, changed, or no lease at all', async () => {
    await box.refuses(() => enter(leaseText(), box.token('till', 'pay', 'read')), 403, 'scope');
    await box.refuses(() => enter(leaseText({}, signerFromPem(generateKey()))), 403, 'bad-signature');
    await box.refuses(() => enter(leaseText().slice(0, 120)), 403, 'bad-signature');
    await box.refuses(() => enter(leaseText().slice(0, 40)), 422, 'not-a-lease');
    await box.refuses(() => enter('7507-28MC'), 422, 'not-a-lease');
    await box.refuses(() => enter('x'.repeat(1_025)), 422, 'invalid-body');
    await box.refuses(() => enter(leaseText({ gateway: 'gatlang' as GatewayId })), 409, 'other-lease');
    await box.refuses(() => enter(leaseText({ epoch: 'f'.repeat(16) as Epoch })), 409, 'other-lease');
    await enter(leaseText({ number: 8, from: 22, to: 42 }));
    await box.refuses(() => enter(leaseText()), 409, 'lease-conflict');
    expect((await admin('GET', '/v1/leases')).body).toMatchObject({ leases: [{ number: 8 }] });
  });

  it('that is not there, or is used up, declines with words for the counter', async () => {
    await admin('POST', '/v1/accounts', { body: { id: 'energy:M-204', currency: 'NPR' } });
    await admin('POST', '/v1/accounts', { body: { id: 'float:syabru', currency: 'NPR', opening: '1000000' } });
    expect(await buy('a-1', '1500')).toMatchObject({
      body: { status: 'declined', reason: { code: 'not-allowed', detail: expect.stringContaining('no lease') } },
    });
    await enter(leaseText({ to: 4 }));
    expect((await buy('a-2', '1500')).status).toBe(201);
    expect(await buy('a-3', '1500')).toMatchObject({
      body: { reason: { code: 'not-allowed', detail: expect.stringContaining('used up: ask head office') } },
    });
    expect((await admin('GET', '/v1/leases')).body).toMatchObject({ leases: [{ tokensLeft: 0 }] });
  });
});

it('a box that is not enrolled takes no lease', async () => {
  const bare = await TestBox.open({ enrolled: false });
  const asked = bare.token('office', 'admin');
  expect(await asked('GET', '/v1/leases')).toMatchObject({ status: 200, body: { leases: [] } });
  expect(await asked('POST', '/v1/leases', { body: { lease: leaseText() } })).toMatchObject({
    status: 503,
    body: { code: 'not-enrolled' },
  });
  await bare.close();
});
