/** Rows as SQLite gives them, and what they mean. Integers are read as bigint where an amount is among them. */
import type { AccountId } from '../../ledger/account.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { EntryHash, EntryNumber, Epoch, GatewayId, PaymentId } from '../../ledger/ids.ts';
import type { Currency } from '../../ledger/money.ts';
import type { Balanced, Posting } from '../../ledger/posting.ts';
import type { Break, BreakKind, Journal, StoredEntry } from '../tables.ts';

export const hexOf = (bytes: Uint8Array): EntryHash =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') as EntryHash;
export const bytesOf = (hash: string): Buffer => Buffer.from(hash, 'hex');

export type JournalRecord = {
  id: number;
  gateway: string;
  site: string;
  epoch: string;
  public_key: Buffer;
  enrolled_at: number;
  number: number;
  hash: Buffer;
  announced: number;
  last_contact: number | null;
  fenced_at: number | null;
  fence_reason: string | null;
  currency: string | null;
  entries: number;
  batches: number;
  bytes: number;
};

export const JOURNAL_COLUMNS = `j.id, g.name AS gateway, g.site, j.epoch, j.public_key, j.enrolled_at, j.number, j.hash, j.announced,
  j.last_contact, j.fenced_at, j.fence_reason, j.currency, j.entries, j.batches, j.bytes
  FROM journal j JOIN gateway g ON g.id = j.gateway`;

export const journalOf = (row: JournalRecord): Journal => ({
  id: row.id,
  name: { gateway: row.gateway as GatewayId, epoch: row.epoch as Epoch },
  site: row.site,
  publicKey: new Uint8Array(row.public_key),
  head: { number: row.number, hash: hexOf(row.hash) },
  announced: row.announced,
  enrolledAt: row.enrolled_at,
  lastContact: row.last_contact ?? undefined,
  fenced: row.fenced_at === null ? undefined : { at: row.fenced_at, reason: row.fence_reason ?? '' },
  currency: row.currency ?? undefined,
  entries: row.entries,
  batches: row.batches,
  bytes: row.bytes,
});

export type BreakRecord = {
  id: bigint;
  kind: string;
  gateway: string;
  epoch: string;
  number: bigint;
  hash: Buffer | null;
  rule: string;
  detail: string;
  account: string | null;
  amount: bigint | null;
  at: bigint;
  stage: string;
};

export const BREAK_COLUMNS = `b.id, b.kind, g.name AS gateway, j.epoch, b.number, b.hash, b.rule, b.detail, b.account, b.amount, b.at, b.stage
  FROM break b JOIN journal j ON j.id = b.journal JOIN gateway g ON g.id = j.gateway`;

export const breakOf = (row: BreakRecord): Break => ({
  id: Number(row.id),
  kind: row.kind as BreakKind,
  gateway: row.gateway as GatewayId,
  epoch: row.epoch as Epoch,
  number: Number(row.number),
  hash: row.hash === null ? undefined : hexOf(row.hash),
  rule: row.rule,
  detail: row.detail,
  account: (row.account as AccountId | null) ?? undefined,
  amount: row.amount ?? undefined,
  at: Number(row.at),
  stage: row.stage as Break['stage'],
});

export type EntryRecord = {
  sequence: bigint;
  gateway: string;
  epoch: string;
  number: bigint;
  hash: Buffer;
  previous: Buffer;
  method: string;
  action: string;
  payment: string;
  refers_to: string | null;
  account: string;
  amount: bigint;
  currency: string;
  operator: string;
  memo: string | null;
  at: bigint;
  received_at: bigint;
  standing: bigint;
};

/** `e` is the entry's table or a join that contains it. */
export const ENTRY_COLUMNS = `e.sequence, g.name AS gateway, j.epoch, e.number, e.hash, e.previous, wm.text AS method, wa.text AS action, e.payment,
  e.refers_to, a.name AS account, e.amount, wc.text AS currency, wo.text AS operator, e.memo, e.at, e.received_at, e.standing`;
export const ENTRY_JOINS = `JOIN journal j ON j.id = e.journal JOIN gateway g ON g.id = j.gateway JOIN word wm ON wm.id = e.method
  JOIN word wa ON wa.id = e.action JOIN account a ON a.id = e.account JOIN word wc ON wc.id = e.currency JOIN word wo ON wo.id = e.operator`;

export function entryOf(row: EntryRecord, postings: readonly Posting[], breaks: readonly number[]): StoredEntry {
  // The row was written from a sealed entry, so the brand is kept, not minted.
  const entry = {
    gateway: row.gateway as GatewayId,
    epoch: row.epoch as Epoch,
    number: Number(row.number) as EntryNumber,
    previous: hexOf(row.previous),
    hash: hexOf(row.hash),
    method: row.method,
    action: row.action,
    paymentId: row.payment as PaymentId,
    ...(row.refers_to === null ? {} : { refersTo: row.refers_to as PaymentId }),
    account: row.account as AccountId,
    amount: row.amount,
    currency: row.currency as Currency,
    postings: postings as Balanced,
    operator: row.operator,
    ...(row.memo === null ? {} : { memo: row.memo }),
    at: Number(row.at),
  } as unknown as Entry;
  return {
    sequence: Number(row.sequence),
    entry,
    receivedAt: Number(row.received_at),
    standing: row.standing === 0n ? 'canonical' : 'forked',
    breaks,
  };
}
