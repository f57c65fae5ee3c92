/**
 * A receipt as plain data: what the gateway knows of a payment, before anybody decides how it looks on paper. Amounts are decimal strings
 * of minor units, as everywhere outside the ledger. Nothing here depends on a device.
 */
export type ReceiptLanguage = 'en' | 'ne' | 'both';

/** One thing named in both languages; an empty member falls back to the other. */
export type ReceiptName = { readonly en: string; readonly ne: string };

export type ReceiptLine = {
  readonly name: ReceiptName;
  /** As a person says it: `5`, `1.5`. Left out for a line that is no item (a top-up, a transfer). */
  readonly quantity?: string;
  /** The line's amount, not the price of one. */
  readonly amountMinor: string;
};

export type ReceiptAction = 'sale' | 'refund' | 'top-up' | 'cash-out' | 'transfer' | 'repayment' | 'issue' | 'open';
export type ReceiptTender = 'cash' | 'wallet' | 'khata' | 'voucher';
export type ReceiptSeal = 'kept' | 'sent' | 'settled';

export type ReceiptCurrency = {
  /** ISO 4217: `NPR`. */
  readonly code: string;
  readonly decimals: number;
};

export type Receipt = {
  readonly action: ReceiptAction;
  readonly siteName: ReceiptName;
  readonly place?: ReceiptName;
  readonly gateway: string;
  readonly entryNumber: number;
  /** The entry's hash, shortened to be read over the phone: `7F3A-91C0-2E4D`. */
  readonly shortCode: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The day in Bikram Sambat as `2083-02-08`, where the caller has a calendar. */
  readonly dayBikramSambat?: string;
  readonly operator?: string;
  readonly currency: ReceiptCurrency;
  readonly lines: readonly ReceiptLine[];
  readonly totalMinor: string;
  readonly tender: ReceiptTender;
  /** What the customer handed over, where that was counted. */
  readonly receivedMinor?: string;
  readonly changeMinor?: string;
  /** The payer's account: `W-1042`. */
  readonly payerAccount?: string;
  /** The other customer of a transfer. */
  readonly payeeAccount?: string;
  /** What a meter is fed with: digits in groups with a blank between them, printed large. */
  readonly token?: { readonly meter: string; readonly groups: string };
  /** Of a khata: what is owed after this, and what may still be taken on it. */
  readonly owedMinor?: string;
  readonly creditLeftMinor?: string;
  /** The code that is worth money, what is left on it, and the last day on which it pays. */
  readonly voucher?: { readonly code: string; readonly leftMinor: string; readonly lastDay?: string; readonly single: boolean };
  /** For a refund: the entry that it gives back. */
  readonly refundOfEntry?: number;
  readonly seal: ReceiptSeal;
  /** 0 is the original; 1 and more are headed COPY, because the earlier one may lie in somebody's hand. */
  readonly copy: number;
  readonly language: ReceiptLanguage;
  /** Headed PRACTICE: nothing was paid. */
  readonly practice?: boolean;
};

export const MAX_RECEIPT_LINES = 200;
/** Longer texts are a defect of the caller's; they are cut so that no name can fill the paper. */
export const MAX_RECEIPT_TEXT = 120;
