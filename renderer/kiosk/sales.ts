/**
 * The history of this box, newest first, as far as it was read; new entries and seals arrive by events.
 * Invariants: an entry stands once, by its number; a seal never goes back; at most 1,000 entries are held.
 */
import { signal } from '@preact/signals';
import { type ApiError, api } from '../shared/api.ts';
import type { HistoryBody, HistoryItemBody, SealState } from '../shared/api-types.ts';

export type Marks = { readonly sent: number; readonly settled: number };

export const sales = signal<readonly HistoryItemBody[] | undefined>(undefined);
export const salesError = signal<ApiError | undefined>(undefined);
export const nextBefore = signal<number | undefined>(undefined);
export const marks = signal<Marks>({ sent: 0, settled: 0 });

const PAGE = 60;
const MAX_HELD = 1000;
const order: Readonly<Record<SealState, number>> = { kept: 0, sent: 1, settled: 2 };

export const sealOf = (number: number, seal: SealState, { sent, settled }: Marks): SealState => {
  const reached: SealState = number <= settled ? 'settled' : number <= sent ? 'sent' : 'kept';
  return order[reached] > order[seal] ? reached : seal;
};

/** Both lists as one, newest first, each number once; the later word about an entry wins. */
export const mergeItems = (held: readonly HistoryItemBody[], fresh: readonly HistoryItemBody[]): readonly HistoryItemBody[] => {
  const byNumber = new Map(held.map((item) => [item.entry.number, item]));
  for (const item of fresh) byNumber.set(item.entry.number, item);
  return [...byNumber.values()].sort((a, b) => b.entry.number - a.entry.number).slice(0, MAX_HELD);
};

export const applySeals = (sent: number, settled: number): void => {
  const before = marks.value;
  const next = { sent: Math.max(sent, before.sent), settled: Math.max(settled, before.settled) };
  if (next.sent !== before.sent || next.settled !== before.settled) marks.value = next;
};

/** A new entry; the payment that it refers to has less left to give back, so it is read anew. */
export const mergeSale = (item: HistoryItemBody): void => {
  // Openings and limits are told as events too, but they are no payments.
  if (item.method === 'journal' && item.action !== 'reversal') return;
  sales.value = mergeItems(sales.value ?? [], [item]);
  if (item.refersTo !== undefined) void loadSales();
};

export const loadSales = async (before?: number): Promise<void> => {
  const answer = await api<HistoryBody>(`/v1/payments?limit=${PAGE}${before === undefined ? '' : `&before=${before}`}`);
  if (!answer.ok) {
    salesError.value = answer.error;
    return;
  }
  salesError.value = undefined;
  const isFirstRead = sales.value === undefined;
  sales.value = mergeItems(sales.value ?? [], answer.value.payments);
  if (before !== undefined || isFirstRead) nextBefore.value = answer.value.next;
};

export const saleOf = (id: string): HistoryItemBody | undefined => sales.value?.find((item) => item.id === id);
