/**
 * The messages by direction, as a runner sees them. `openDown` is all that a gateway reads; the centre calls `openBatch`, `openEnrol` and
 * `openDocumentPart` itself, because each needs other keys. POSITION, TELEMETRY, COMMAND and RESULT have their numbers and are not there yet.
 */
import { err, type Result } from '../ledger/result.ts';
import { type Ack, openAck } from './ack.ts';
import { type DocumentPart, openDocumentPart } from './document-message.ts';
import type { WireFault } from './fault.ts';
import { type Gap, openGap } from './gap.ts';
import { KIND, kindOfMessage } from './header.ts';
import { openReject, type Reject } from './reject.ts';

export type DownMessage =
  | { readonly kind: 'ack'; readonly ack: Ack }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'reject'; readonly reject: Reject }
  | { readonly kind: 'document'; readonly part: DocumentPart & { readonly packed: boolean } };

/** Opens what came on `d/<gateway>`: the centre's signature is checked first (W2). */
export function openDown(bytes: Uint8Array, centreKey: Uint8Array): Result<DownMessage, WireFault> {
  const kind = kindOfMessage(bytes);
  if (!kind.ok) return kind;
  switch (kind.value) {
    case KIND.ack: {
      const ack = openAck(bytes, centreKey);
      return ack.ok ? { ok: true, value: { kind: 'ack', ack: ack.value } } : ack;
    }
    case KIND.gap: {
      const gap = openGap(bytes, centreKey);
      return gap.ok ? { ok: true, value: { kind: 'gap', gap: gap.value } } : gap;
    }
    case KIND.reject: {
      const reject = openReject(bytes, centreKey);
      return reject.ok ? { ok: true, value: { kind: 'reject', reject: reject.value } } : reject;
    }
    case KIND.document: {
      const part = openDocumentPart(bytes, (_gateway, direction) => (direction === 'down' ? centreKey : undefined));
      return part.ok ? { ok: true, value: { kind: 'document', part: part.value } } : part;
    }
    default:
      return err({ code: 'unexpected-kind', kind: kind.value });
  }
}
