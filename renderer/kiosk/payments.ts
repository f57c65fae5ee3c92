/**
 * Asking the box for a payment, until its outcome is known.
 * Invariants: the request is kept before it goes out; while no answer came the same request is repeated with a growing pause (1 to 15 s,
 * at most 200 times, then when a person asks or the page is opened again); an outcome is only what the box said.
 */
import { signal } from '@preact/signals';
import { type ApiError, api } from '../shared/api.ts';
import type { PaymentAnswerBody } from '../shared/api-types.ts';
import { keep } from '../shared/keep.ts';
import { createPaymentStore, type Draft, type PaymentRecord } from './payment-store.ts';

export const store = createPaymentStore(keep);

/** Records of this page's life by id: those asked for here and those resumed. */
export const records = signal<ReadonlyMap<string, PaymentRecord>>(new Map());
/** Called once for each outcome, wherever the person is by then. */
export type OutcomeListener = (record: PaymentRecord) => void;

const TIMEOUT_MS = 12_000;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];
const MAX_TRIES = 200;
const MAX_RECORDS = 100;
const asking = new Map<string, { wake: () => void }>();
const listeners = new Set<OutcomeListener>();

export const onOutcome = (listener: OutcomeListener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const show = (record: PaymentRecord): void => {
  const next = new Map(records.value);
  next.set(record.id, record);
  for (const id of next.keys()) {
    if (next.size <= MAX_RECORDS) break;
    if (!asking.has(id)) next.delete(id);
  }
  records.value = next;
};

/** Whether nobody knows what became of the request: the answer was lost, or something broke while it was made. */
const isUnknown = (error: ApiError): boolean =>
  error.kind === 'unreachable' || (error.status >= 500 && error.status !== 503) || error.status === 401 || error.status === 429;

const pause = (id: string, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    asking.set(id, {
      wake: () => {
        clearTimeout(timer);
        resolve();
      },
    });
  });

const conclude = (record: PaymentRecord): PaymentRecord => {
  store.conclude(record);
  asking.delete(record.id);
  show(record);
  for (const listener of listeners) listener(record);
  return record;
};

const ask = async (record: PaymentRecord): Promise<PaymentRecord> => {
  if (asking.has(record.id)) return record;
  asking.set(record.id, { wake: () => undefined });
  show(record);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answer = await api<PaymentAnswerBody>(record.path, { method: 'POST', body: record.body, timeoutMs: TIMEOUT_MS });
    if (answer.ok && (answer.value.status === 'approved' || answer.value.status === 'declined')) {
      return conclude({ ...record, outcome: { state: 'answered', answer: answer.value } });
    }
    if (!answer.ok && !isUnknown(answer.error)) return conclude({ ...record, outcome: { state: 'refused', error: answer.error } });
    await pause(record.id, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 15_000);
  }
  asking.delete(record.id);
  return record;
};

/** The payment whose button is still under somebody's finger: its own screen comes next, so nobody else need say what became of it. */
export const inHand = { id: undefined as string | undefined };

export type Started = { readonly id: string; readonly answered: Promise<PaymentRecord> };

/** Keeps the payment, then asks for it; undefined where this screen cannot keep it, so that nothing went out. */
export const startPayment = (session: string, draft: Draft): Started | undefined => {
  const record = store.begin(session, draft, new Date().toISOString());
  if (record === undefined) return undefined;
  inHand.id = record.id;
  return { id: record.id, answered: ask(record) };
};

/** Asks at once instead of at the end of the pause; a refused payment is asked for again under its own id. */
export const askNow = (id: string): void => {
  const waiting = asking.get(id);
  if (waiting !== undefined) {
    waiting.wake();
    return;
  }
  const record = records.value.get(id) ?? store.find(id);
  if (record === undefined || record.outcome.state === 'answered') return;
  if (store.reopen(record)) void ask({ ...record, outcome: { state: 'asking' } });
};

/** After a reload: payments whose outcome this screen does not know yet. */
export const resumePayments = (): readonly PaymentRecord[] => {
  const open = store.open();
  for (const record of open) void ask({ ...record, outcome: { state: 'asking' } });
  return open;
};

export const recordOf = (id: string): PaymentRecord | undefined => records.value.get(id) ?? store.find(id);

export const waitingCount = (): number => [...records.value.values()].filter(({ outcome }) => outcome.state === 'asking').length;
