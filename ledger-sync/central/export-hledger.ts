/**
 * The ledger as an hledger journal: commodities and accounts declared first, then every canonical entry in the centre's order. Deterministic:
 * the same entries give the same bytes. An entry's code is `gateway#number`; its hash, payment and time stand as tags.
 */
import { type Currency, exponentOf, parseCurrency } from '../ledger/money.ts';
import type { StoredEntry } from './tables.ts';

/** Exact, with all digits of the currency: 12500 paisa are 125.00. */
export function decimal(amount: bigint, currency: string): string {
  const known = parseCurrency(currency);
  const digits = known.ok ? exponentOf(known.value as Currency) : 2;
  const text = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  const sign = amount < 0n ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** hledger ends a comment's tag at a comma and a description at a semicolon. */
const plain = (text: string): string => text.replace(/[\p{Cc};|,]+/gu, ' ').trim();

/** hledger reads years of four digits; a clock that is beyond them stands in the tag `at` alone. */
const dateOf = (iso: string): string => (/^[0-9]{4}-/.test(iso) ? iso.slice(0, 10) : '9999-12-31');

export function hledgerHead(currencies: readonly string[], accounts: Iterable<string>): string {
  const lines = ['; The ledger of a Chautari centre. Debits are positive.', ''];
  for (const currency of currencies) lines.push(`commodity ${decimal(1_000n, currency)} ${currency}`);
  lines.push('');
  for (const account of accounts) lines.push(`account ${account}`);
  return `${lines.join('\n')}\n\n`;
}

export function hledgerEntry({ sequence, entry, breaks }: StoredEntry): string {
  const at = new Date(entry.at).toISOString();
  const description = plain(`${entry.method} ${entry.action}${entry.memo === undefined ? '' : ` ${entry.memo}`}`);
  const lines = [
    `${dateOf(at)} (${entry.gateway}#${entry.number}) ${description}  ; sequence:${sequence}`,
    `    ; hash:${entry.hash}`,
    `    ; payment:${entry.paymentId}, at:${at}${entry.refersTo === undefined ? '' : `, refers:${entry.refersTo}`}`,
  ];
  if (breaks.length > 0) lines.push(`    ; breaks:${breaks.join(' ')}`);
  // An account that was opened with nothing has no line; hledger wants one, and a zero changes nothing.
  if (entry.postings.length === 0) lines.push(`    ${entry.account}  ${decimal(0n, entry.currency)} ${entry.currency}`);
  for (const { account, amount } of entry.postings) lines.push(`    ${account}  ${decimal(amount, entry.currency)} ${entry.currency}`);
  return `${lines.join('\n')}\n\n`;
}
