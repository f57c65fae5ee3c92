/**
 * The ids of entries that the box writes by itself. Whoever used one first would keep an account from being opened, so nobody else may make
 * ids that begin like these.
 */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { PaymentId } from '../../ledger-sync/ledger/ids.ts';
import type { JournalName } from '../../ledger-sync/ledger/journal.ts';

const OPENING = 'open:';
const LIMIT = 'limit:';
export const OWN_PREFIXES: readonly string[] = [OPENING, LIMIT];

const encoder = new TextEncoder();
const ownId = (prefix: string, text: string, hashHex: HashHex): PaymentId =>
  `${prefix}${hashHex(encoder.encode(text)).slice(0, 40)}` as PaymentId;

/** One opening an account and gateway: made from both, so that a repeated request finds the first. */
export const openingIdOf = (gateway: string, account: string, hashHex: HashHex): PaymentId =>
  ownId(OPENING, `${gateway} ${account}`, hashHex);

/** Of the entry that comes next in a journal: no two limits share one (K5). */
export const limitIdOf = ({ gateway, epoch }: JournalName, number: number, hashHex: HashHex): PaymentId =>
  ownId(LIMIT, `${gateway} ${epoch} ${number}`, hashHex);
