/** Rows as HTTP bodies: amounts as text, times as ISO 8601. */
import { type AccountId, available, kindOf } from '../ledger/account.ts';
import { fingerprint } from '../protocol/ed25519.ts';
import type { LeaseRow, MeterRow } from './lease-tables.ts';
import type { BreakBody, CentreAccountBody, CentreEntryBody, CentreGatewayBody, LeaseBody, MeterBody, VoucherBody } from './schemas.ts';
import type { AccountPosition, AccountRow, Break, Journal, StoredEntry, VoucherRow } from './tables.ts';
import { voucherState } from './vouchers.ts';

export const instant = (atMs: number): string => new Date(atMs).toISOString();

export const entryView = ({ sequence, entry, receivedAt, standing, breaks }: StoredEntry): CentreEntryBody => ({
  sequence,
  gateway: entry.gateway,
  epoch: entry.epoch,
  number: entry.number,
  hash: entry.hash,
  previous: entry.previous,
  method: entry.method,
  action: entry.action,
  paymentId: entry.paymentId,
  ...(entry.refersTo === undefined ? {} : { refersTo: entry.refersTo }),
  account: entry.account,
  amount: entry.amount.toString(),
  currency: entry.currency,
  postings: entry.postings.map(({ account, amount }) => ({ account, amount: amount.toString() })),
  operator: entry.operator,
  ...(entry.memo === undefined ? {} : { memo: entry.memo }),
  at: instant(entry.at),
  receivedAt: instant(receivedAt),
  standing,
  breaks: [...breaks],
});

export const breakView = (found: Break): BreakBody => ({
  id: found.id,
  kind: found.kind,
  gateway: found.gateway,
  epoch: found.epoch,
  number: found.number,
  ...(found.hash === undefined ? {} : { hash: found.hash }),
  rule: found.rule,
  detail: found.detail,
  ...(found.account === undefined ? {} : { account: found.account }),
  ...(found.amount === undefined ? {} : { amount: found.amount.toString() }),
  at: instant(found.at),
  stage: found.stage,
});

/** From the account's own side; a floor belongs to a position, so a total is shown against none. */
const availableOf = (id: AccountId, balance: bigint, floor = 0n): string => available(id, balance, floor).toString();

export const accountView = (row: AccountRow, nowMs: number): CentreAccountBody => ({
  id: row.id,
  kind: kindOf(row.id),
  currency: row.currency,
  balance: row.balance.toString(),
  available: availableOf(row.id, row.balance),
  entries: row.entries,
  asOf: instant(nowMs),
});

export const positionView = (id: AccountId, { name, balance, floor }: AccountPosition) => ({
  gateway: name.gateway,
  epoch: name.epoch,
  balance: balance.toString(),
  available: availableOf(id, balance, floor),
});

export const voucherView = (row: VoucherRow, nowMs: number): VoucherBody => ({
  id: row.id,
  gateway: row.gateway,
  site: row.site,
  state: voucherState(row, nowMs),
  createdAt: instant(row.createdAt),
  expiresAt: instant(row.expiresAt),
  ...(row.used === undefined ? {} : { usedAt: instant(row.used.at), keyFingerprint: fingerprint(row.used.publicKey) }),
});

export type GatewayCounts = { readonly refused: number; readonly breaks: number };

export const lagOf = (journal: Journal): number => Math.max(0, journal.announced - journal.head.number);

export function gatewayState(journal: Journal, nowMs: number, silentAfterMs: number): CentreGatewayBody['state'] {
  if (journal.fenced !== undefined) return 'fenced';
  if (journal.lastContact === undefined) return 'waiting';
  return nowMs - journal.lastContact > silentAfterMs ? 'silent' : 'live';
}

/** `journals`: all epochs of one gateway, the current one last. */
export function gatewayView(
  journals: readonly [Journal, ...Journal[]],
  counts: GatewayCounts,
  nowMs: number,
  silentAfterMs: number,
): CentreGatewayBody {
  const current = journals.at(-1) as Journal;
  const sum = (member: 'entries' | 'batches' | 'bytes') => journals.reduce((total, journal) => total + journal[member], 0);
  return {
    gateway: current.name.gateway,
    site: current.site,
    epoch: current.name.epoch,
    state: gatewayState(current, nowMs, silentAfterMs),
    watermark: current.head.number,
    announced: current.announced,
    lag: lagOf(current),
    ...(current.lastContact === undefined ? {} : { lastContact: instant(current.lastContact) }),
    keyFingerprint: fingerprint(current.publicKey),
    entries: sum('entries'),
    batches: sum('batches'),
    bytes: sum('bytes'),
    ...counts,
  };
}

/** Without its key and starting code. */
export const meterView = (row: MeterRow): MeterBody => ({
  meter: row.meter,
  extended: row.extended,
  restricted: row.restricted,
  mode: row.mode,
  unit: row.unit,
  price: row.price.toString(),
  currency: row.currency,
  lastCount: row.lastCount,
  createdAt: instant(row.createdAt),
});

export const leaseView = (row: LeaseRow): LeaseBody => ({
  number: row.number,
  meter: row.meter,
  gateway: row.gateway,
  epoch: row.epoch,
  from: row.from,
  to: row.to,
  price: row.price.toString(),
  issuedAt: instant(row.issuedAt),
  ...(row.takenOver === undefined ? {} : { takenOver: row.takenOver }),
});

export const waitingGatewayView = (row: VoucherRow, counts: GatewayCounts): CentreGatewayBody => ({
  gateway: row.gateway,
  site: row.site,
  state: 'waiting',
  watermark: 0,
  announced: 0,
  lag: 0,
  entries: 0,
  batches: 0,
  bytes: 0,
  ...counts,
});
