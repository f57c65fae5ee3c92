/** Cash and wallet in plain TypeScript, by the postings that the cells make: for tests and benches of what is around the cells. */
import type { CellApproval, CellDecision, CellFacts, CellPayment } from '../../../main/cell-host/cell.ts';
import type { Cells } from '../../../main/gateway/cells.ts';

const METHODS = [
  { method: 'cash', actions: ['sale', 'refund'] },
  { method: 'wallet', actions: ['sale', 'refund', 'top-up', 'cash-out', 'transfer'] },
];

const fieldOf = (payment: CellPayment, name: string): string => payment.fields.find((field) => field.name === name)?.value ?? '';

const move = (from: string, to: string, amount: bigint) => [
  { account: from, amount },
  { account: to, amount: -amount },
];

/** `debited` is the account whose available amount limits the payment; empty where none does. */
function decided(method: string, payment: CellPayment): { postings: CellApproval['postings']; debited: string } {
  const { amount, account } = payment;
  const site = (role: string): string => fieldOf(payment, `site.${role}`);
  const payee = payment.counterparty || fieldOf(payment, 'original.counterparty') || site('takings');
  const wallet = account || fieldOf(payment, 'original.account');
  switch (`${method} ${payment.action}`) {
    case 'cash sale':
      return { postings: move(site('drawer'), site('sales'), amount), debited: '' };
    case 'cash refund':
      return { postings: move(site('sales'), site('drawer'), amount), debited: '' };
    case 'wallet sale':
      return { postings: move(wallet, payment.counterparty || site('takings'), amount), debited: wallet };
    case 'wallet refund':
      return { postings: move(payee, wallet, amount), debited: payee };
    case 'wallet top-up':
      return {
        postings: [...move(site('float'), wallet, amount), ...move(site('drawer'), site('agency'), amount)],
        debited: site('float'),
      };
    case 'wallet cash-out':
      return { postings: [...move(wallet, site('float'), amount), ...move(site('agency'), site('drawer'), amount)], debited: wallet };
    default:
      return { postings: move(wallet, payment.counterparty, amount), debited: wallet };
  }
}

export const simpleCells: Cells = {
  methods: () => METHODS,
  decide: (method: string, payment: CellPayment, facts: CellFacts): CellDecision => {
    const { postings, debited } = decided(method, payment);
    if (payment.refersTo !== undefined && facts.refundable(payment.refersTo) < payment.amount) {
      return { outcome: 'declined', decline: { tag: 'not-allowed', detail: 'less than that can be refunded' } };
    }
    if (debited !== '') {
      const here = facts.available(debited);
      if (here < payment.amount) {
        return { outcome: 'declined', decline: { tag: 'not-enough', detail: `${debited} has ${here}`, availableHere: here } };
      }
    }
    return {
      outcome: 'approved',
      approval: { postings, receipt: [{ name: 'amount', value: String(payment.amount) }] },
      stateWrites: [],
      outbox: [],
    };
  },
};
