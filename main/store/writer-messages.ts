/** What the two ends of the writer thread say to each other. */

import type { Answer, GroupResult, Order } from './group-commit.ts';
import type { MethodList } from './writer.ts';

export type ToWorker =
  /** Said once and first: the database is free. */
  { readonly type: 'open' } | { readonly type: 'orders'; readonly orders: readonly Order[] } | { readonly type: 'stop' };

export type FromWorker =
  /** Modules and cells are there; the database is opened when it is told to. `timesPath`: where its processor time can be read. */
  | { readonly type: 'loaded'; readonly timesPath?: string | undefined }
  | { readonly type: 'ready'; readonly methods: MethodList; readonly troubles: readonly string[] }
  /** It cannot start; `exitCode` is what the process should end with. */
  | { readonly type: 'failed'; readonly exitCode: 1 | 3; readonly detail: string }
  | ({ readonly type: 'answers'; readonly answers: readonly Answer[]; readonly methods?: MethodList } & GroupResult)
  | { readonly type: 'stopped' };
