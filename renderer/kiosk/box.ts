/**
 * What the screens know of the box: its status, its catalogue, whether it answers; kept fresh by its events and, where they stop, by asking.
 * Invariants: an answer that never came changes nothing shown but `reach`; one request of a kind at a time.
 */
import { signal } from '@preact/signals';
import { type ApiError, api } from '../shared/api.ts';
import type { CatalogueBody, CatalogueEditBody, EnrolmentBody, GatewayEvent, HistoryItemBody, StatusBody } from '../shared/api-types.ts';
import { listenLive } from '../shared/live.ts';
import { customers } from './customers.ts';
import { applySeals, loadSales, mergeSale } from './sales.ts';
import { forgetSession } from './session.ts';

export const status = signal<StatusBody | undefined>(undefined);
export const catalogue = signal<CatalogueBody | undefined>(undefined);
export const reach = signal<'asking' | 'yes' | 'no'>('asking');
export const lastError = signal<ApiError | undefined>(undefined);
export const now = signal(Date.now());
/** What the printer said about the receipt of a payment, by payment id. */
export type Printing = { readonly state: 'due' | 'started' | 'done' | 'unsure' | 'refused'; readonly reason?: string };
export const printing = signal<ReadonlyMap<string, Printing>>(new Map());

const POLL_MS = 15_000;
const POLL_SILENT_MS = 3000;
const MAX_PRINTING = 50;
let isReading = false;

const isOurs = (error: ApiError): boolean => error.kind === 'problem' && error.status === 401;

export const readStatus = async (): Promise<void> => {
  if (isReading) return;
  isReading = true;
  const answer = await api<StatusBody>('/v1/status', { timeoutMs: 6000 });
  isReading = false;
  if (answer.ok) {
    status.value = answer.value;
    reach.value = 'yes';
    lastError.value = undefined;
    applySeals(answer.value.sent, answer.value.watermark.received);
    if (catalogue.value === undefined) await readCatalogue();
    return;
  }
  if (isOurs(answer.error)) {
    forgetSession();
    return;
  }
  lastError.value = answer.error;
  reach.value = 'no';
};

export const readCatalogue = async (): Promise<void> => {
  const answer = await api<CatalogueBody>('/v1/catalogue');
  if (answer.ok) catalogue.value = answer.value;
};

/** Saves changed members of one item. */
export const editCatalogue = async (edit: CatalogueEditBody): Promise<ApiError | undefined> => {
  const answer = await api<CatalogueBody>('/v1/catalogue', { method: 'PATCH', body: edit });
  if (!answer.ok) return answer.error;
  catalogue.value = answer.value;
  return undefined;
};

const notePrinting = (payment: string, value: Printing): void => {
  const next = new Map(printing.value);
  next.delete(payment);
  next.set(payment, value);
  for (const old of next.keys()) {
    if (next.size <= MAX_PRINTING) break;
    next.delete(old);
  }
  printing.value = next;
};

export type PrinterListener = (payment: string, printed: Printing) => void;
let onPrinter: PrinterListener = () => undefined;

const take = (event: GatewayEvent): void => {
  const before = status.value;
  switch (event.type) {
    case 'payment':
      mergeSale(event.data as HistoryItemBody);
      customers.forget(event.data.account);
      void readStatus();
      return;
    case 'seal':
      applySeals(event.data.sent, event.data.settled);
      void readStatus();
      return;
    case 'link':
      if (before !== undefined) status.value = { ...before, link: event.data };
      void readStatus();
      return;
    case 'document':
      void readCatalogue();
      return;
    case 'effect': {
      const { payment, state, reason } = event.data;
      const printed = reason === undefined ? { state } : { state, reason };
      notePrinting(payment, printed);
      onPrinter(payment, printed);
      void readStatus();
      return;
    }
    case 'enrolment':
      if (before !== undefined) status.value = { ...before, accepted: (event.data as EnrolmentBody).state === 'enrolled' };
      return;
  }
};

/** Starts following the box; the returned function ends it. */
export const followBox = (printerListener: PrinterListener): (() => void) => {
  onPrinter = printerListener;
  const readAll = (): void => {
    void readStatus();
    void readCatalogue();
    void loadSales();
  };
  readAll();
  const stopLive = listenLive({
    url: '/v1/events',
    events: ['payment', 'seal', 'link', 'document', 'effect', 'enrolment'],
    onEvent: (type, data) => take({ type, data } as GatewayEvent),
    onReopen: readAll,
    onState: (isOpen) => {
      if (isOpen) reach.value = 'yes';
      else void readStatus();
    },
  });
  let polled = Date.now();
  const timer = setInterval(() => {
    const time = Date.now();
    if (Math.floor(time / 60_000) !== Math.floor(now.value / 60_000)) now.value = time;
    if (time - polled < (reach.value === 'no' ? POLL_SILENT_MS : POLL_MS)) return;
    polled = time;
    void readStatus();
  }, 1000);
  return () => {
    stopLive();
    clearInterval(timer);
  };
};
