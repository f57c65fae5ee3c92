/** A broken rule in words, for the person who looks at the break. */

import { assertNever } from '../ledger/result.ts';
import type { RuleFault } from '../ledger/rules.ts';

export function describeRuleFault(fault: RuleFault): string {
  switch (fault.code) {
    case 'unknown-account':
      return `${fault.account} was never opened in this journal`;
    case 'closed-account':
      return `${fault.account} is closed`;
    case 'other-currency':
      return `${fault.account} is kept in ${fault.currency}`;
    case 'bad-opening':
      return `${fault.account} was opened before, or with lines that an opening must not have`;
    case 'bad-limit':
      return `the limit of ${fault.account} cannot change like this; ${fault.available} minor units of it could be used`;
    case 'not-funded':
      return `${fault.excess} minor units of e-money came from nowhere`;
    case 'unknown-payment':
      return fault.payment === undefined ? 'it refers to no payment' : `payment ${fault.payment} is not of this journal`;
    case 'not-refundable':
      return `of payment ${fault.payment} only ${fault.remaining} minor units could be undone`;
    case 'below-floor':
      return `${fault.account} had only ${fault.available} minor units here`;
    case 'balance-too-large':
      return `${fault.account} leaves 64 bits`;
    default:
      return assertNever(fault);
  }
}
