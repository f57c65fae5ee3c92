/** A rule that a draft would break, in the words of a decline. */
import { assertNever } from '../../ledger-sync/ledger/result.ts';
import type { RuleFault } from '../../ledger-sync/ledger/rules.ts';
import type { DeclineReason } from './commands.ts';

export function declineReason(fault: RuleFault): DeclineReason {
  switch (fault.code) {
    case 'unknown-account':
      return { code: 'unknown-account', detail: `${fault.account} is not known here` };
    case 'closed-account':
      return { code: 'not-allowed', detail: `${fault.account} is closed` };
    case 'other-currency':
      return { code: 'not-allowed', detail: `${fault.account} is kept in ${fault.currency}` };
    case 'bad-opening':
      return { code: 'not-allowed', detail: `${fault.account} cannot be opened like this` };
    case 'bad-limit':
      return { code: 'not-allowed', detail: `the limit of ${fault.account} cannot be changed like this` };
    case 'not-funded':
      return { code: 'not-allowed', detail: 'it would make stored value out of nothing' };
    case 'unknown-payment':
      return { code: 'not-allowed', detail: `${fault.payment ?? 'the payment'} is not a payment that this box can undo` };
    case 'not-refundable':
      return fault.remaining === 0n
        ? { code: 'already-done', detail: `${fault.payment} was given back already`, availableHere: 0n }
        : { code: 'not-allowed', detail: `of ${fault.payment} less than that can be given back`, availableHere: fault.remaining };
    case 'below-floor':
      return {
        code: 'not-enough',
        detail: `${fault.account} has less than that here`,
        availableHere: fault.available > 0n ? fault.available : 0n,
      };
    case 'balance-too-large':
      return { code: 'not-allowed', detail: `${fault.account} would hold more than can be counted` };
    default:
      return assertNever(fault);
  }
}
