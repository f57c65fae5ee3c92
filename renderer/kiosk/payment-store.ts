/**
 * Payment ids and the payments that this screen asked for, in the browser's storage.
 * Invariants: an id is never given twice for one session; a payment is kept, with its whole request, before it goes out, and stays among
 * the open ones until its outcome is known; what is repeated is the very same request. Where the storage cannot hold it, nothing goes out.
 */
import type { ApiError } from '../shared/api.ts';
import type { PaymentAnswerBody } from '../shared/api-types.ts';
import { type Keep, readJson } from '../shared/keep.ts';
import type { Cart } from './cart.ts';

export type PaymentKind = 'sale' | 'repayment' | 'issue' | 'top-up' | 'cash-out' | 'transfer' | 'energy' | 'refund' | 'reversal';
/** What the screens say about a payment besides the box's answer. */
export type PaymentStory = {
  readonly kind: PaymentKind;
  readonly method: string;
  readonly amount: string;
  readonly lines?: Cart;
  readonly tendered?: string;
  /** The account concerned and its owner's name. */
  readonly account?: string;
  readonly name?: string;
  readonly counterparty?: string;
  readonly counterpartyName?: string;
  readonly refersTo?: string;
  readonly refersToNumber?: number;
  /** Cash that a person hands out or takes back by hand. */
  readonly cash?: 'out' | 'in';
};
export type Outcome =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly answer: PaymentAnswerBody }
  /** The box said that nothing was taken. */
  | { readonly state: 'refused'; readonly error: ApiError };
export type PaymentRecord = {
  readonly id: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly story: PaymentStory;
  readonly openedAt: string;
  readonly outcome: Outcome;
};
export type Draft = {
  /** The request's address and body, from the id. */
  readonly request: (id: string) => { readonly path: string; readonly body: Readonly<Record<string, unknown>> };
  readonly story: PaymentStory;
};

const MAX_OPEN = 50;
const MAX_KEPT = 200;
const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
const isRecord = (value: unknown): value is PaymentRecord => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, path, body, story, outcome } = value as PaymentRecord;
  return (
    typeof id === 'string' &&
    typeof path === 'string' &&
    typeof body === 'object' &&
    typeof story === 'object' &&
    typeof outcome === 'object'
  );
};

export type PaymentStore = {
  /** A new session starts counting; its ids begin at 1. */
  readonly startSession: (session: string) => boolean;
  /** Keeps a payment under a fresh id, or undefined where it cannot be kept: then nothing may go out. */
  readonly begin: (session: string, draft: Draft, now: string) => PaymentRecord | undefined;
  readonly conclude: (record: PaymentRecord) => void;
  /** Puts a refused payment back among the open ones: it is asked for again under its own id. */
  readonly reopen: (record: PaymentRecord) => boolean;
  readonly open: () => readonly PaymentRecord[];
  readonly find: (id: string) => PaymentRecord | undefined;
};

export const createPaymentStore = (keep: Keep): PaymentStore => {
  const counterKey = (session: string): string => `counter.${session}`;
  const openKey = (id: string): string => `open.${id}`;
  const keptKey = (id: string): string => `sale.${id}`;
  const ids = (list: 'open' | 'sales'): string[] => readJson(keep, list, isStrings) ?? [];
  const listOpen = (id: string): boolean => {
    const open = ids('open');
    return open.includes(id) || keep.write('open', JSON.stringify([...open, id]));
  };

  const store: PaymentStore = {
    startSession: (session) => keep.read(counterKey(session)) !== undefined || keep.write(counterKey(session), '0'),

    begin: (session, draft, now) => {
      const counted = keep.read(counterKey(session));
      if (counted === undefined || !/^[0-9]{1,15}$/.test(counted) || ids('open').length >= MAX_OPEN) return undefined;
      const counter = Number(counted) + 1;
      if (!keep.write(counterKey(session), String(counter))) return undefined;
      const id = `${session}.${counter}`;
      const record: PaymentRecord = { id, ...draft.request(id), story: draft.story, openedAt: now, outcome: { state: 'asking' } };
      if (!keep.write(openKey(id), JSON.stringify(record)) || !listOpen(id)) {
        keep.remove(openKey(id));
        return undefined;
      }
      return record;
    },

    conclude: (record) => {
      const kept = [record.id, ...ids('sales').filter((id) => id !== record.id)];
      for (const old of kept.slice(MAX_KEPT)) keep.remove(keptKey(old));
      // The outcome is the box's to keep; this copy only saves a question. Where it cannot be written the payment still is known there.
      if (keep.write(keptKey(record.id), JSON.stringify(record))) keep.write('sales', JSON.stringify(kept.slice(0, MAX_KEPT)));
      keep.write('open', JSON.stringify(ids('open').filter((id) => id !== record.id)));
      keep.remove(openKey(record.id));
    },

    reopen: (record) => keep.write(openKey(record.id), JSON.stringify({ ...record, outcome: { state: 'asking' } })) && listOpen(record.id),

    open: () => ids('open').flatMap((id) => readJson(keep, openKey(id), isRecord) ?? []),

    find: (id) => readJson(keep, openKey(id), isRecord) ?? readJson(keep, keptKey(id), isRecord),
  };
  return store;
};
