/** A meter and the head office that leases its counts: for tests of everything around the energy cell. */
import { signerFromPem } from '../../../ledger-sync/protocol/ed25519.ts';
import { encodeLease, type Lease } from '../../../ledger-sync/protocol/lease.ts';
import type { Signer } from '../../../ledger-sync/protocol/signing.ts';
import type { Commands, TakePayment } from '../../../main/gateway/commands.ts';
import { accountId, NEW_JOURNAL, opening, payment } from './test-store.ts';

/** The first test key of RFC 8032: the head office that a test's box was enrolled by. */
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(SEED, 'hex')]);
export const headOffice: Signer = signerFromPem(`-----BEGIN PRIVATE KEY-----\n${PKCS8.toString('base64')}\n-----END PRIVATE KEY-----\n`);

export const METER = accountId('energy:M-204');
export const PRICE = 1_500n;

export const lease = (changes: Partial<Lease> = {}): Lease => ({
  number: 7,
  gateway: NEW_JOURNAL.gateway,
  epoch: NEW_JOURNAL.epoch,
  meter: 'M-204',
  from: 2,
  to: 22,
  key: 'bc41ec9530f6dac86b1a29ab82edc5fb',
  startingCode: 516_959_010,
  extended: false,
  restricted: false,
  mode: 'add-time',
  unit: 'day',
  price: Number(PRICE),
  currency: 'NPR',
  issuedAt: 1_000,
  ...changes,
});
export const leaseText = (changes: Partial<Lease> = {}, by: Signer = headOffice): string => encodeLease(lease(changes), by);

export const takeLease = (changes: Partial<Lease> = {}): Commands['take-lease']['in'] => ({
  lease: lease(changes),
  operator: 'office',
  at: 1_600,
});

/** Units of energy for the meter. */
export const energySale = (counter: number, units = 1n, changes: Partial<TakePayment> = {}): TakePayment =>
  payment(counter, { method: 'energy', account: METER, amount: units * PRICE, ...changes });

export const float = opening(`float:${NEW_JOURNAL.gateway}`, 1_000_000_000n);
