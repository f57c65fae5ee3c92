/** Settles entries on head office's signed word (I9). The watermark never falls; a head that is not of this journal's past is no word about it (J4). */
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { SyncState } from './book.ts';
import type { Commands } from './commands.ts';

export function settle(sync: SyncState, request: Commands['settle']['in']): Commands['settle']['out'] {
  const { received, archived, at } = request;
  if (sync.hashAt(received.number) !== received.hash) {
    const detail =
      received.number > sync.head().number
        ? `head office holds ${received.number} entries of this journal, this box ${sync.head().number}`
        : `head office holds another entry ${received.number} than this box`;
    return err({ code: 'fenced', detail });
  }
  const known = sync.watermark();
  const nextReceived = received.number > known.received.number ? received : known.received;
  // Archived means held by head office twice; it cannot be ahead of what is held at all.
  const nextArchived = Math.max(known.archived, Math.min(archived, nextReceived.number));
  if (nextReceived.number > known.received.number || nextArchived > known.archived) sync.raiseWatermark(nextReceived, nextArchived, at);
  return ok({ received: nextReceived.number, archived: nextArchived });
}
