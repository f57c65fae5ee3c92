/** A payment of the journal as the receipt that is printed for it. Pure: what is not in the journal comes as facts. */
import bikramSambat from 'bikram-sambat';
import type { Receipt, ReceiptAction, ReceiptLanguage, ReceiptLine, ReceiptSeal, ReceiptTender } from '../../../hardware/ports/receipt.ts';
import { nameOf, parseAccountId } from '../../../ledger-sync/ledger/account.ts';
import { type Currency, exponentOf } from '../../../ledger-sync/ledger/money.ts';
import type { HistoryRow } from '../../store/reader.ts';

/** UTC+05:45. */
const KATHMANDU_OFFSET_MS = 345 * 60_000;

export type ReceiptFacts = {
  readonly site: string;
  readonly copy: number;
  readonly language: ReceiptLanguage;
  readonly seal: ReceiptSeal;
  readonly refundOfEntry?: number;
};

const TITLES: Readonly<Record<string, { readonly en: string; readonly ne: string }>> = {
  sale: { en: 'Sale', ne: 'बिक्री' },
  refund: { en: 'Refund', ne: 'रकम फिर्ता' },
  reversal: { en: 'Undone', ne: 'उल्टाइयो' },
  'top-up': { en: 'Top up', ne: 'रकम थपियो' },
  'cash-out': { en: 'Cash out', ne: 'नगद झिकियो' },
  transfer: { en: 'Transfer', ne: 'रकम पठाइयो' },
  repayment: { en: 'Khata paid back', ne: 'उधारो चुक्ता' },
  issue: { en: 'Voucher', ne: 'भौचर' },
};

/** What the journal knows of a payment, as a receipt. */
export function receiptOf(row: HistoryRow, facts: ReceiptFacts): Receipt {
  const { entry } = row;
  const field = (name: string): string | undefined => row.receipt.find((line) => line.name === name)?.value;
  const received = field('tendered');
  const change = field('change');
  const items = itemsOf(row);
  const payee = accountName(field('paid-to'));
  const isWallet = entry.account.startsWith('wallet:');
  const token = field('token');
  const owed = field('owed-after');
  const creditLeft = field('credit-left');
  const voucher = entry.method === 'voucher' ? voucherOf(nameOf(entry.account), field) : undefined;
  return {
    action: (entry.action === 'reversal' ? 'refund' : entry.action) as ReceiptAction,
    siteName: { en: facts.site, ne: facts.site },
    gateway: entry.gateway,
    entryNumber: entry.number,
    shortCode: shortCode(entry.hash),
    at: entry.at,
    operator: entry.operator,
    currency: { code: entry.currency, decimals: exponentOf(entry.currency as Currency) },
    lines: items.length > 0 ? items : [ownLine(row)],
    totalMinor: entry.amount.toString(),
    tender: tenderOf(entry.method, entry.action),
    ...(received === undefined ? {} : { receivedMinor: received }),
    ...(change === undefined ? {} : { changeMinor: change }),
    ...(isWallet || entry.method === 'khata' ? { payerAccount: nameOf(entry.account) } : {}),
    ...(payee === undefined || entry.action !== 'transfer' ? {} : { payeeAccount: payee }),
    ...(owed === undefined ? {} : { owedMinor: owed }),
    ...(creditLeft === undefined ? {} : { creditLeftMinor: creditLeft }),
    ...(voucher === undefined ? {} : { voucher }),
    ...(token === undefined ? {} : { token: { meter: nameOf(entry.account), groups: token } }),
    ...(facts.refundOfEntry === undefined ? {} : { refundOfEntry: facts.refundOfEntry }),
    ...dayOf(entry.at),
    seal: facts.seal,
    copy: facts.copy,
    language: facts.language,
  };
}

/** A repayment and a voucher's issue are paid in cash. */
function tenderOf(method: string, action: string): ReceiptTender {
  if (action === 'repayment' || action === 'issue') return 'cash';
  return method === 'wallet' || method === 'khata' || method === 'voucher' ? method : 'cash';
}

/** What a voucher's holder has to know; none for what undoes its issue, after which the code is worth nothing. */
function voucherOf(code: string, field: (name: string) => string | undefined): Receipt['voucher'] {
  const leftMinor = field('balance-here');
  if (leftMinor === undefined) return undefined;
  const expiresAt = Number(field('expires-at') ?? '0');
  // The last moment at which it pays, by the calendar of the shop; a time that no calendar has is no day.
  const lastDay = expiresAt > 0 && expiresAt < 8e15 ? new Date(expiresAt - 1 + KATHMANDU_OFFSET_MS).toISOString().slice(0, 10) : undefined;
  return { code, leftMinor, single: field('single') === 'yes', ...(lastDay === undefined ? {} : { lastDay }) };
}

const UNITS: Readonly<Record<string, { readonly en: string; readonly ne: string }>> = {
  day: { en: 'Electricity, days', ne: 'बिजुली, दिन' },
  hour: { en: 'Electricity, hours', ne: 'बिजुली, घण्टा' },
  kwh: { en: 'Electricity, kWh', ne: 'बिजुली, kWh' },
  unit: { en: 'Electricity, units', ne: 'बिजुली, युनिट' },
};

/** The line of a payment that has no items: what was done, and of energy how much was bought. */
function ownLine({ entry, receipt }: HistoryRow): ReceiptLine {
  const amountMinor = entry.amount.toString();
  const value = (name: string): string | undefined => receipt.find((line) => line.name === name)?.value;
  const unit = UNITS[value('unit') ?? ''];
  const quantity = value('units');
  if (unit !== undefined && quantity !== undefined) return { name: unit, quantity, amountMinor };
  return { name: TITLES[entry.action] ?? { en: entry.action, ne: entry.action }, amountMinor };
}

/** Kathmandu's day in Bikram Sambat. The library's tables end some day; then the receipt has the other date alone. */
function dayOf(at: number): { readonly dayBikramSambat?: string } {
  try {
    const kathmandu = new Date(at + KATHMANDU_OFFSET_MS).toISOString().slice(0, 10);
    const { year, month, day } = bikramSambat.toBik(kathmandu);
    return { dayBikramSambat: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` };
  } catch {
    return {};
  }
}

/** The kiosk's lines, as it sent them: `item.1` = `quantity|amount|English|Nepali`. What does not read as such is left out. */
function itemsOf(row: HistoryRow): readonly ReceiptLine[] {
  const lines: ReceiptLine[] = [];
  for (const { name, value } of row.receipt) {
    if (!name.startsWith('item.')) continue;
    const [quantity, amountMinor, en, ne] = value.split('|');
    if (quantity === undefined || amountMinor === undefined || en === undefined || !/^[0-9]{1,15}$/.test(amountMinor)) continue;
    lines.push({ name: { en, ne: ne ?? en }, quantity, amountMinor });
  }
  return lines;
}

function accountName(text: string | undefined): string | undefined {
  const id = text === undefined ? undefined : parseAccountId(text);
  return id?.ok ? nameOf(id.value) : undefined;
}

/** The first 48 bits of the entry's hash, in groups, to be read over the phone: `5C1E-08B4-A97D`. */
export const shortCode = (hash: string): string => (hash.slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join('-');
