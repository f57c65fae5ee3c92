/** The kiosk's history: payments newest first, each with its seal and what can still be given back of it. */
import type { HistoryBody, HistoryItemBody } from '../api/schemas.ts';
import type { HistoryRow, Reader } from '../store/reader.ts';
import { isoTime, type SealMarks, sealOf } from './seal.ts';
import { counterpartyOf } from './take-payment.ts';

export function readHistory(
  reader: Pick<Reader, 'history' | 'watermark'>,
  page: { readonly before?: number; readonly limit: number },
  sent: number,
): HistoryBody {
  const marks = { sent, received: reader.watermark().received.number };
  const rows = reader.history(page);
  const last = rows.at(-1)?.entry.number;
  return {
    payments: rows.map((row) => historyItemBody(row, marks)),
    ...(last !== undefined && rows.length === page.limit && last > 1 ? { next: last } : {}),
  };
}

export function historyItemBody({ entry, receipt, remaining, prints }: HistoryRow, marks: SealMarks): HistoryItemBody {
  const counterparty = counterpartyOf(entry);
  return {
    id: entry.paymentId,
    entry: { gateway: entry.gateway, epoch: entry.epoch, number: entry.number, hash: entry.hash },
    method: entry.method,
    action: entry.action,
    account: entry.account,
    ...(counterparty === undefined ? {} : { counterparty }),
    amount: entry.amount.toString(),
    currency: entry.currency,
    at: isoTime(entry.at),
    seal: sealOf(entry.number, marks),
    ...(entry.refersTo === undefined ? {} : { refersTo: entry.refersTo }),
    refundable: remaining.toString(),
    receipt: receipt.map(({ name, value }) => ({ name, value })),
    prints,
    ...(entry.memo === undefined ? {} : { memo: entry.memo }),
  };
}
