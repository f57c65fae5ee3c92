/** Asks the village that started this box to change its link. Loopback only: a village is one machine. */
import { err, ok, type Result } from '../../../ledger-sync/ledger/result.ts';
import type { FaceFault } from '../../api/face.ts';

const TIMEOUT_MS = 3_000;

export function villageLink(villageUrl: string, gateway: () => string | undefined) {
  return async (state: 'up' | 'bad' | 'cut'): Promise<Result<void, FaceFault>> => {
    try {
      const answer = await fetch(`${villageUrl}/village/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ gateway: gateway() ?? '', state }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (answer.ok) return ok(undefined);
      return err({ code: 'village', detail: `The village answered ${answer.status}; the link stays as it is.` });
    } catch {
      return err({ code: 'village', detail: 'The village does not answer; the link stays as it is.' });
    }
  };
}
