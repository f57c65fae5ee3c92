/** Stops the journal for good: its past differs from what head office holds (J4, P6). The first reason stays. */
import { ok } from '../../ledger-sync/ledger/result.ts';
import type { SyncState } from './book.ts';
import type { Commands } from './commands.ts';

export function fence(sync: SyncState, request: Commands['fence']['in']): Commands['fence']['out'] {
  const known = sync.fenced();
  if (known !== undefined) return ok({ reason: known });
  const reason = request.reason === '' ? 'no reason was given' : request.reason.slice(0, 400);
  sync.fence(reason, request.at);
  return ok({ reason });
}
