/** Effects on their way (E1): due -> started -> done | unsure. `started` is durable before the first byte goes out. */
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { Book, Effects } from './book.ts';
import type { Commands, EffectState } from './commands.ts';

/** started -> due is for a device that said no before any byte went out; after a power cut it is unsure. */
const NEXT: Readonly<Record<EffectState, readonly EffectState[]>> = {
  due: ['started'],
  started: ['done', 'unsure', 'due'],
  done: [],
  unsure: [],
};

export function moveEffect(effects: Effects, request: Commands['effect']['in']): Commands['effect']['out'] {
  const known = effects.effect(request.id);
  if (known === undefined) return err({ code: 'unknown-effect', detail: `there is no effect ${request.id}` });
  if (known.state === request.state) return ok({ id: request.id, state: request.state });
  if (!NEXT[known.state].includes(request.state)) {
    return err({ code: 'bad-transition', detail: `effect ${request.id} is ${known.state}; it cannot become ${request.state}` });
  }
  effects.moveEffect(request.id, request.state, request.at, request.detail?.slice(0, 256));
  return ok({ id: request.id, state: request.state });
}

/** A receipt that may have been printed is printed again marked COPY: every further one has its own effect. */
export function requestPrint(
  book: Pick<Book, 'entryOfPayment' | 'addReceipt'>,
  request: Commands['request-print']['in'],
): Commands['request-print']['out'] {
  if (book.entryOfPayment(request.payment) === undefined) {
    return err({ code: 'unknown-payment', detail: `${request.payment} is not an approved payment of this box` });
  }
  return ok(book.addReceipt(request.payment, request.at));
}
