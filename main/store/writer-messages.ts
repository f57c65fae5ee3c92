/** What the two ends of the writer thread say to each other. */

import type { Answer, GroupResult, Order } from './group-commit.ts';
import type { MethodList } from './writer-thread.ts';

export type ToWorker = { readonly type: 'orders'; readonly orders: readonly Order[] } | { readonly type: 'stop' };

export type FromWorker =
  | { readonly type: 'ready'; readonly methods: MethodList }
  /** It cannot start; `exitCode` is what the process should end with. */
  | { readonly type: 'failed'; readonly exitCode: 1 | 3; readonly detail: string }
  | ({ readonly type: 'answers'; readonly answers: readonly Answer[] } & GroupResult)
  | { readonly type: 'stopped' };
