/**
 * A receipt as rows, before it is decided whether the printer's own font or a picture carries them. Words are those of the kiosk's pages.
 * The Bikram Sambat day comes first, the ISO day beside it; entry numbers, codes, account ids and ISO days stay in Latin digits.
 */
import { MAX_RECEIPT_LINES, MAX_RECEIPT_TEXT, type Receipt, type ReceiptName } from '../ports/receipt.ts';
import { amountInWords, figures, nepaliDigits, type Spoken } from './words.ts';

export type RowSize = 'small' | 'normal' | 'large';
export type Row =
  | { readonly kind: 'text'; readonly text: string; readonly align: 'left' | 'center'; readonly size: RowSize; readonly isBold: boolean }
  /** A name and its value at the right edge. `isAmount`: the digits stand in columns. */
  | {
      readonly kind: 'pair';
      readonly left: string;
      readonly right: string;
      readonly size: RowSize;
      readonly isBold: boolean;
      readonly isAmount: boolean;
    }
  /** White on black across the paper: what must not be overlooked. */
  | { readonly kind: 'banner'; readonly text: string }
  | { readonly kind: 'rule' };

type Word = readonly [en: string, ne: string];
const WORDS = {
  sale: ['Receipt', 'रसिद'],
  refund: ['Refund', 'रकम फिर्ता'],
  'top-up': ['Top up', 'रकम थप्ने'],
  'cash-out': ['Cash out', 'नगद झिक्ने'],
  transfer: ['Transfer', 'रकम सार्ने'],
  repayment: ['Khata paid back', 'उधारो चुक्ता'],
  issue: ['Voucher', 'भौचर'],
  open: ['New account', 'नयाँ खाता'],
  refundOf: ['Refund of', 'फिर्ता भएको बिक्री'],
  total: ['Total', 'जम्मा'],
  cash: ['Cash', 'नगद'],
  wallet: ['Wallet', 'वालेट'],
  khata: ['On khata', 'उधारोमा'],
  voucher: ['Voucher', 'भौचर'],
  owed: ['Owed now', 'अब तिर्न बाँकी'],
  creditLeft: ['Can still take', 'अझै लिन मिल्ने'],
  left: ['Left on it', 'यसमा बाँकी'],
  lastDay: ['Pays until', 'यो दिनसम्म चल्छ'],
  single: ['Used once, as a whole', 'एकैपटक, पूरै चलाउने'],
  change: ['Change', 'फिर्ता'],
  customer: ['Customer', 'ग्राहक'],
  payee: ['To', 'पाउने'],
  meter: ['Meter', 'मिटर'],
  token: ['Token', 'टोकन'],
  inWords: ['In words', 'अक्षरेपी'],
  seal: ['Seal', 'छाप'],
  kept: ['Kept', 'राखियो'],
  sent: ['Sent', 'पठाइयो'],
  settled: ['Settled', 'पक्का भयो'],
  copy: ['COPY', 'प्रतिलिपि'],
  practice: ['PRACTICE', 'अभ्यास'],
  nothingPaid: ['Nothing was paid', 'केही तिरिएको छैन'],
} as const satisfies Record<string, Word>;

/** Kathmandu, UTC+05:45. */
export const DEFAULT_ZONE_MINUTES = 345;

export function receiptRows(receipt: Receipt, zoneMinutes: number = DEFAULT_ZONE_MINUTES): Row[] {
  if (receipt.lines.length > MAX_RECEIPT_LINES) throw new Error(`a receipt has at most ${MAX_RECEIPT_LINES} lines`);
  const { language, currency } = receipt;
  const word = (key: keyof typeof WORDS): string => {
    const [en, ne] = WORDS[key];
    return language === 'both' ? `${ne} / ${en}` : language === 'ne' ? ne : en;
  };
  // Both languages share one figure, in the digits that everybody reads.
  const digits: Spoken = language === 'ne' ? 'ne' : 'en';
  const amount = (minor: string): string => figures(BigInt(minor), currency, digits);
  const symbol = currency.code === 'NPR' ? (language === 'ne' ? 'रु' : 'Rs') : currency.code;
  const count = (text: string): string => (language === 'ne' ? nepaliDigits(text) : text);
  const name = (given: ReceiptName): string => nameIn(given, language);

  const rows: Row[] = [];
  if (receipt.practice === true) rows.push({ kind: 'banner', text: word('practice') }, text(word('nothingPaid'), 'small', 'center'));
  if (receipt.copy > 0) rows.push({ kind: 'banner', text: `${word('copy')} ${count(String(receipt.copy))}` });
  for (const line of headingLines(receipt.siteName, language)) rows.push({ ...text(line, 'large', 'center'), isBold: true });
  if (receipt.place !== undefined) rows.push(text(name(receipt.place), 'small', 'center'));
  if (receipt.action !== 'sale') rows.push({ ...text(word(receipt.action), 'normal', 'center'), isBold: true });
  rows.push({ kind: 'rule' }, ...headRows(receipt, count, zoneMinutes));
  if (receipt.refundOfEntry !== undefined) rows.push(pair(word('refundOf'), `#${receipt.refundOfEntry}`, 'small'));
  rows.push({ kind: 'rule' });
  for (const line of receipt.lines) {
    const quantity = line.quantity === undefined ? '' : `\u00a0×\u00a0${count(clean(line.quantity))}`;
    rows.push(amountPair(`${name(line.name)}${quantity}`, amount(line.amountMinor)));
  }
  if (receipt.lines.length > 0) rows.push({ kind: 'rule' });
  rows.push({ ...amountPair(word('total'), `${symbol} ${amount(receipt.totalMinor)}`), size: 'large', isBold: true });
  rows.push(amountPair(word(receipt.tender), amount(receipt.receivedMinor ?? receipt.totalMinor)));
  if (receipt.changeMinor !== undefined) rows.push(amountPair(word('change'), amount(receipt.changeMinor)));
  if (receipt.payerAccount !== undefined) rows.push(pair(word('customer'), clean(receipt.payerAccount), 'normal'));
  if (receipt.payeeAccount !== undefined) rows.push(pair(word('payee'), clean(receipt.payeeAccount), 'normal'));
  if (receipt.owedMinor !== undefined) rows.push(amountPair(word('owed'), amount(receipt.owedMinor)));
  if (receipt.creditLeftMinor !== undefined) rows.push(amountPair(word('creditLeft'), amount(receipt.creditLeftMinor)));
  if (receipt.voucher !== undefined) rows.push(...voucherRows(receipt.voucher, word, amount));
  if (receipt.token !== undefined) rows.push(...tokenRows(receipt.token, word('meter'), word('token')));
  rows.push({ kind: 'rule' });
  for (const spoken of language === 'both' ? (['ne', 'en'] as const) : [language]) {
    const said = amountInWords(BigInt(receipt.totalMinor), currency, spoken);
    if (said !== undefined) rows.push(text(`${WORDS.inWords[spoken === 'en' ? 0 : 1]}: ${said}`, 'small', 'left'));
  }
  rows.push(pair(word('seal'), word(receipt.seal), 'small'));
  rows.push(pair(clean(`${receipt.gateway} #${receipt.entryNumber}`), clean(receipt.shortCode), 'small'));
  return rows;
}

type WordOf = (key: keyof typeof WORDS) => string;

/** Large, because the code is what the paper is for. */
function voucherRows(voucher: NonNullable<Receipt['voucher']>, word: WordOf, amount: (minor: string) => string): Row[] {
  const rows: Row[] = [{ kind: 'rule' }, { ...text(clean(voucher.code), 'large', 'center'), isBold: true }];
  rows.push(amountPair(word('left'), amount(voucher.leftMinor)));
  if (voucher.lastDay !== undefined) rows.push(pair(word('lastDay'), clean(voucher.lastDay), 'normal'));
  if (voucher.single) rows.push(text(word('single'), 'small', 'left'));
  return rows;
}

/** So many groups of a token stand in a line, that the largest letters carry them on the narrowest paper. */
const GROUPS_A_LINE = 3;

/** In Latin digits in every language: those are what a meter's buttons show. */
function tokenRows(token: { readonly meter: string; readonly groups: string }, meter: string, title: string): Row[] {
  const groups = clean(token.groups).split(' ');
  const rows: Row[] = [{ kind: 'rule' }, pair(meter, clean(token.meter), 'normal'), text(title, 'small', 'center')];
  for (let first = 0; first < groups.length; first += GROUPS_A_LINE) {
    rows.push({ ...text(groups.slice(first, first + GROUPS_A_LINE).join(' '), 'large', 'center'), isBold: true });
  }
  return rows;
}

function headRows(receipt: Receipt, count: (text: string) => string, zoneMinutes: number): Row[] {
  const local = new Date(receipt.at + zoneMinutes * 60_000).toISOString();
  const iso = `${local.slice(0, 10)} ${local.slice(11, 16)}`;
  const number = `#${receipt.entryNumber}`;
  const operator = receipt.operator === undefined ? '' : clean(receipt.operator);
  if (receipt.dayBikramSambat === undefined) {
    const first = pair(iso, number, 'small');
    return operator === '' ? [first] : [first, text(operator, 'small', 'left')];
  }
  const day = clean(receipt.dayBikramSambat);
  return [pair(receipt.language === 'ne' ? count(day) : `${day} BS`, number, 'small'), pair(iso, operator, 'small')];
}

const text = (value: string, size: RowSize, align: 'left' | 'center') =>
  ({ kind: 'text', text: value, align, size, isBold: false }) as const;
const pair = (left: string, right: string, size: RowSize) => ({ kind: 'pair', left, right, size, isBold: false, isAmount: false }) as const;
const amountPair = (left: string, right: string) => ({ kind: 'pair', left, right, size: 'normal', isBold: false, isAmount: true }) as const;

function nameIn(given: ReceiptName, language: Receipt['language']): string {
  const en = clean(given.en);
  const ne = clean(given.ne);
  if (language === 'both' && en !== '' && ne !== '' && en !== ne) return `${ne} / ${en}`;
  return language === 'en' ? en || ne : ne || en;
}

/** The shop's name in both languages takes a line each. */
const headingLines = (given: ReceiptName, language: Receipt['language']): string[] =>
  language === 'both' ? [...new Set([nameIn(given, 'ne'), nameIn(given, 'en')])] : [nameIn(given, language)];

/** One line without control and direction marks, which could hide or reorder what stands there, and no longer than a name can be. */
export function clean(value: string): string {
  const line = value.normalize('NFC').replace(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return [...line.replace(/ +/g, ' ').trim()].slice(0, MAX_RECEIPT_TEXT).join('');
}
