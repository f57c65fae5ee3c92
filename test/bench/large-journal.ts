/**
 * A gateway's data folder with a journal of many entries, made by the store's own code in large transactions: what a shop has after years.
 * Half cash sales, half wallet sales and top-ups over 1,000 wallets; everything settled but the last entries.
 */

import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { EntryBody } from '../../ledger-sync/ledger/entry.ts';
import { kioskPaymentId, parseEpoch, parseGatewayId, parseSessionId } from '../../ledger-sync/ledger/ids.ts';
import { parseCurrency } from '../../ledger-sync/ledger/money.ts';
import { balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { generateKey, rawPublicKey } from '../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { EnrolmentFile } from '../../main/gateway/compose/enrolment.ts';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { loadIdentity } from '../../main/platform/identity.ts';
import { createDatabase, openDatabase } from '../../main/store/database.ts';
import { fillNewJournal, storeOf } from '../../main/store/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const GATEWAY = must(parseGatewayId('bench'), 'gateway');
const CURRENCY = must(parseCurrency('NPR'), 'currency');
const SESSION = must(parseSessionId('k3f9a2c1d7'), 'session');
const STARTED_AT = Date.UTC(2026, 0, 1);
const WALLETS = 1_000;
export const walletOf = (index: number): AccountId => `wallet:W-${1_000 + (index % WALLETS)}` as AccountId;

const ENTRIES = 1_000_000;
let shared: string | undefined;

/** A folder with 1,000,000 entries: made once a run, because that takes longer than what is measured on it; gone with the process. */
export function largeJournal(): string {
  if (shared === undefined) {
    const directory = temporaryFolder();
    process.stderr.write(`bench: making a journal of ${ENTRIES.toLocaleString('en')} entries\n`);
    makeLargeJournal(directory, ENTRIES);
    shared = directory;
  }
  return shared;
}

/** A folder with a short journal: for what does not depend on its length. */
export function shortJournal(): string {
  const directory = temporaryFolder();
  makeLargeJournal(directory, 10_000);
  return directory;
}

/** Fills `directory` so that `chautari gateway --data directory` starts on it, and `entries` entries are in its journal. */
export function makeLargeJournal(directory: string, entries: number): void {
  loadIdentity(directory);
  const enrolment = new EnrolmentFile(directory, seededEntropy(1), STARTED_AT);
  enrolment.accept({ gateway: GATEWAY, site: 'Bench', centreKey: rawPublicKey(createPublicKey(generateKey())) }, CURRENCY, STARTED_AT);
  const path = join(directory, 'gateway.sqlite');
  const epoch = must(parseEpoch(enrolment.epoch), 'epoch');
  createDatabase(path, (connection) =>
    fillNewJournal(connection, { gateway: GATEWAY, epoch, currency: CURRENCY, site: 'Bench', at: STARTED_AT }),
  );
  const connection = openDatabase(path, 'NORMAL');
  const store = storeOf(connection, sha256Hex, false);
  const bodies = bodiesOf(entries);
  for (let done = 0; done < entries; ) {
    connection.exec('BEGIN');
    for (let inGroup = 0; inGroup < 10_000 && done < entries; inGroup++, done++) {
      const body = bodies.next().value as EntryBody;
      if (body.action === 'open') store.addAccount({ id: body.account, currency: CURRENCY, floor: 0n, open: true }, body.at);
      const entry = store.post(body);
      store.recordApproval(entry, entry.hash, []);
    }
    connection.exec('COMMIT');
  }
  connection.exec('BEGIN');
  const head = store.head();
  store.raiseWatermark({ number: head.number - 10, hash: must(hashAt(store, head.number - 10), 'hash') }, head.number - 10, STARTED_AT);
  connection.exec('COMMIT');
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

function hashAt(store: ReturnType<typeof storeOf>, number: number) {
  const hash = store.hashAt(number);
  return hash === undefined ? ({ ok: false, error: 'no such entry' } as const) : ({ ok: true, value: hash } as const);
}

function* bodiesOf(entries: number): Generator<EntryBody> {
  const site = (kind: string): AccountId => `${kind}:${GATEWAY}` as AccountId;
  const body = (index: number, method: string, action: string, account: AccountId, amount: bigint, postings: Posting[]): EntryBody => ({
    method,
    action,
    paymentId: kioskPaymentId(SESSION, index + 1),
    account,
    amount,
    currency: CURRENCY,
    postings: must(balance(postings), 'postings'),
    operator: SESSION,
    at: STARTED_AT + index * 60_000,
  });
  const opening = (index: number, account: AccountId, amount: bigint): EntryBody =>
    body(index, 'journal', 'open', account, amount, [
      { account: site('opening'), amount },
      { account, amount: -amount },
    ]);
  yield opening(0, site('float'), 10n ** 15n);
  for (let index = 1; index <= WALLETS && index < entries; index++) yield opening(index, walletOf(index - 1), 100_000_000_000n);
  for (let index = WALLETS + 1; index < entries; index++) {
    const amount = BigInt(500 + ((index * 7_919) % 400_000));
    const wallet = walletOf(index);
    if (index % 2 === 0) {
      yield body(index, 'cash', 'sale', site('drawer'), amount, [
        { account: site('drawer'), amount },
        { account: site('sales'), amount: -amount },
      ]);
    } else if (index % 4 === 1) {
      yield body(index, 'wallet', 'sale', wallet, amount, [
        { account: wallet, amount },
        { account: site('takings'), amount: -amount },
      ]);
    } else {
      yield body(index, 'wallet', 'top-up', wallet, amount, [
        { account: site('float'), amount },
        { account: wallet, amount: -amount },
        { account: site('drawer'), amount },
        { account: site('agency'), amount: -amount },
      ]);
    }
  }
}
