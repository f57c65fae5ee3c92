/** The ledger as CSV (RFC 4180): one line a posting. Text that a spreadsheet would take for a formula is quoted with an apostrophe. */
import { decimal } from './export-hledger.ts';
import type { StoredEntry } from './tables.ts';

const COLUMNS = [
  'sequence',
  'gateway',
  'epoch',
  'number',
  'at',
  'receivedAt',
  'method',
  'action',
  'payment',
  'refersTo',
  'account',
  'amount',
  'currency',
  'operator',
  'memo',
  'hash',
];

const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvHead = (): string => `${COLUMNS.join(',')}\r\n`;

export function csvEntry({ sequence, entry, receivedAt }: StoredEntry): string {
  const lines = entry.postings.length === 0 ? [{ account: entry.account as string, amount: 0n }] : entry.postings;
  return lines
    .map(({ account, amount }) => {
      const free = [entry.operator, entry.memo ?? ''].map(safe);
      const cells = [
        String(sequence),
        entry.gateway,
        entry.epoch,
        String(entry.number),
        new Date(entry.at).toISOString(),
        new Date(receivedAt).toISOString(),
        ...[entry.method, entry.action, entry.paymentId, entry.refersTo ?? ''].map(safe),
        account,
        decimal(amount, entry.currency),
        entry.currency,
        ...free,
        entry.hash,
      ];
      return `${cells.map(quoted).join(',')}\r\n`;
    })
    .join('');
}
