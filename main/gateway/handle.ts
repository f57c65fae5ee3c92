/** Every command by its use case: the one place that knows them all. */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { Book, CellSwitches, Effects, Papers, Sessions, SyncState } from './book.ts';
import type { Cells } from './cells.ts';
import type { CommandName, Commands } from './commands.ts';
import { declineUnrun } from './decline-unrun.ts';
import { saveDocument, saveSetting } from './documents.ts';
import { moveEffect, requestPrint } from './effects.ts';
import { fence } from './fence.ts';
import { takeLease } from './lease.ts';
import { nameAccount } from './name-account.ts';
import { openAccount } from './open-account.ts';
import { pair, revoke } from './pair.ts';
import { reversePayment } from './reverse-payment.ts';
import { setLimit } from './set-limit.ts';
import { settle } from './settle.ts';
import { takePayment } from './take-payment.ts';
import { useCell } from './use-cell.ts';

export type Store = Book & SyncState & Effects & Sessions & Papers & CellSwitches;

export type Handlers = { readonly [C in CommandName]: (input: Commands[C]['in']) => Commands[C]['out'] };

export const handlersOf = (store: Store, cells: Cells, hashHex: HashHex): Handlers => ({
  'take-payment': (input) => takePayment(store, cells, hashHex, input),
  'decline-unrun': (input) => declineUnrun(store, cells, hashHex, input),
  'reverse-payment': (input) => reversePayment(store, hashHex, input),
  'open-account': (input) => openAccount(store, hashHex, input),
  'set-limit': (input) => setLimit(store, hashHex, input),
  'take-lease': (input) => takeLease(store, hashHex, input),
  'name-account': (input) => nameAccount(store, input),
  settle: (input) => settle(store, input),
  fence: (input) => fence(store, input),
  pair: (input) => pair(store, input),
  revoke: (input) => revoke(store, input),
  effect: (input) => moveEffect(store, input),
  'request-print': (input) => requestPrint(store, input),
  'use-cell': (input) => useCell(store, cells, input),
  'save-document': (input) => saveDocument(store, input),
  'save-setting': (input) => saveSetting(store, input),
});
