/**
 * The real store against a model of a few lines: random commands with repeats, conflicts, declines, broken groups and restarts. After
 * each run the model's balances, remainders and answers are the store's, and `chautari verify` finds nothing.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accountId, NEW_JOURNAL, opening, payment, paymentId, TestStore } from '../../test/support/store/test-store.ts';
import type { CommandName, Commands } from '../gateway/commands.ts';
import { openReader } from './reader.ts';
import { verifyDatabase } from './verify.ts';

type Step =
  | { readonly kind: 'open'; readonly wallet: string; readonly amount: bigint }
  | {
      readonly kind: 'pay';
      readonly action: 'cash' | 'sale' | 'top-up' | 'cash-out' | 'transfer';
      readonly wallet: string;
      readonly other: string;
      readonly amount: bigint;
    }
  | { readonly kind: 'refund' | 'reverse'; readonly pick: number; readonly amount: bigint }
  | { readonly kind: 'repeat' | 'conflict'; readonly pick: number }
  | { readonly kind: 'restart' | 'settle' };

const wallet = fc.constantFrom('wallet:A', 'wallet:B', 'float:syabru');
const amount = fc.bigInt({ min: 1n, max: 300n });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), wallet, amount }),
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      action: fc.constantFrom('cash', 'sale', 'top-up', 'cash-out', 'transfer'),
      wallet: fc.constantFrom('wallet:A', 'wallet:B'),
      other: fc.constantFrom('wallet:A', 'wallet:B'),
      amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('refund' as const, 'reverse' as const), pick: fc.nat(30), amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('repeat' as const, 'conflict' as const), pick: fc.nat(30) }) },
  fc.record({ kind: fc.constantFrom('restart' as const, 'settle' as const) }),
);

type Told = { readonly command: CommandName; readonly input: Commands[CommandName]['in']; readonly out: Commands[CommandName]['out'] };
type Paid = { amount: bigint; remaining: bigint; sale: boolean; lines: [string, bigint][] };

/** What a shopkeeper with a notebook would know. `credit` has what each account was given; stored value never falls below nothing. */
class Model {
  readonly credit = new Map<string, bigint>([['takings:syabru', 0n]]);
  readonly paid = new Map<string, Paid>();
  entries = 0;

  private holds(account: string): bigint | undefined {
    return this.credit.get(account);
  }

  open(account: string, amountMinor: bigint): 'ok' | 'already-open' {
    if (this.holds(account) !== undefined) return 'already-open';
    this.credit.set(account, amountMinor);
    this.entries++;
    return 'ok';
  }

  /** Moves stored value from one account to another; cash is not in the notebook. */
  move(id: string, from: string | undefined, to: string | undefined, amountMinor: bigint, sale: boolean): string {
    for (const account of [from, to]) {
      if (account !== undefined && this.holds(account) === undefined) return 'unknown-account';
    }
    if (from !== undefined && from === to) return 'declined';
    if (from !== undefined && (this.holds(from) as bigint) < amountMinor) return 'declined';
    const lines: [string, bigint][] = [];
    if (from !== undefined) lines.push([from, -amountMinor]);
    if (to !== undefined) lines.push([to, amountMinor]);
    for (const [account, change] of lines) this.credit.set(account, (this.holds(account) as bigint) + change);
    this.entries++;
    this.paid.set(id, { amount: amountMinor, remaining: amountMinor, sale, lines });
    return 'approved';
  }

  undo(of: string, amountMinor: bigint, whole: boolean): string {
    const paid = this.paid.get(of);
    if (paid === undefined) return 'unknown-payment';
    const asked = whole ? paid.amount : amountMinor;
    if (whole ? paid.remaining !== paid.amount : !paid.sale || asked > paid.remaining) return 'declined';
    const changes = paid.lines.map(([account, change]) => [account, change < 0n ? asked : -asked] as const);
    if (changes.some(([account, change]) => (this.holds(account) as bigint) + change < 0n)) return 'declined';
    for (const [account, change] of changes) this.credit.set(account, (this.holds(account) as bigint) + change);
    paid.remaining -= asked;
    this.entries++;
    return 'approved';
  }
}

const verdict = (out: Commands[CommandName]['out']): string =>
  out.ok ? ('status' in out.value ? (out.value.status as string) : 'ok') : out.error.code;

class Trial {
  readonly store = new TestStore();
  readonly model = new Model();
  readonly told: Told[] = [];
  private counter = 0;

  private tell(command: CommandName, input: Commands[CommandName]['in'], expected: string): void {
    const out = this.store.execute(command, input);
    expect([command, verdict(out)]).toEqual([command, expected]);
    // What was refused was not recorded: its id is free.
    if (out.ok) this.told.push({ command, input, out });
  }

  take(one: Step): void {
    switch (one.kind) {
      case 'open':
        this.open(one);
        break;
      case 'pay':
        this.pay(one);
        break;
      case 'refund':
      case 'reverse':
        this.undo(one);
        break;
      case 'repeat':
      case 'conflict':
        this.again(one);
        break;
      case 'restart':
        this.store.restart();
        break;
      case 'settle': {
        const received = { ...this.store.opened.store.head() };
        const out = this.store.execute('settle', { received, archived: 0, at: 1 });
        expect(out).toMatchObject({ ok: true, value: { received: received.number } });
      }
    }
  }

  private open({ wallet: account, amount: amountMinor }: Extract<Step, { kind: 'open' }>): void {
    // Each its own id, so that a second opening is another's and not a repeat.
    const id = paymentId(++this.counter);
    this.tell('open-account', { ...opening(account, amountMinor), id }, this.model.open(account, amountMinor));
  }

  private pay({ action, wallet: from, other, amount: amountMinor }: Extract<Step, { kind: 'pay' }>): void {
    const id = ++this.counter;
    const account = accountId(from);
    const request = {
      cash: () => payment(id, { amount: amountMinor }),
      sale: () => payment(id, { method: 'wallet', account, amount: amountMinor }),
      'top-up': () => payment(id, { method: 'wallet', action: 'top-up', account, amount: amountMinor }),
      'cash-out': () => payment(id, { method: 'wallet', action: 'cash-out', account, amount: amountMinor }),
      transfer: () => payment(id, { method: 'wallet', action: 'transfer', account, counterparty: accountId(other), amount: amountMinor }),
    }[action]();
    this.tell('take-payment', request, this.expected(paymentId(id), action, from, other, amountMinor));
  }

  private expected(id: string, action: Extract<Step, { kind: 'pay' }>['action'], from: string, other: string, amountMinor: bigint): string {
    switch (action) {
      case 'cash':
        return this.model.move(id, undefined, undefined, amountMinor, true);
      case 'sale':
        return this.model.move(id, from, 'takings:syabru', amountMinor, true);
      case 'transfer':
        return this.model.move(id, from, other, amountMinor, false);
      default: {
        if (!this.model.credit.has(from)) return 'unknown-account';
        // The request does not name the float, so a site without one declines.
        if (!this.model.credit.has('float:syabru')) return 'declined';
        const [source, target] = action === 'top-up' ? ['float:syabru', from] : [from, 'float:syabru'];
        return this.model.move(id, source, target, amountMinor, false);
      }
    }
  }

  private undo({ kind, pick, amount: amountMinor }: Extract<Step, { kind: 'refund' | 'reverse' }>): void {
    const of = [...this.model.paid.keys()][pick % Math.max(this.model.paid.size, 1)] ?? paymentId(999);
    const id = paymentId(++this.counter);
    const refersTo = of as ReturnType<typeof paymentId>;
    const expected = this.model.undo(of, amountMinor, kind === 'reverse');
    if (kind === 'reverse') {
      this.tell('reverse-payment', { id, refersTo, reason: 'r', operator: 'k', at: 1 }, expected);
      return;
    }
    const method = this.store.opened.store.entryOfPayment(refersTo)?.method ?? 'cash';
    this.tell('take-payment', { ...payment(0, { method, action: 'refund', refersTo, amount: amountMinor }), id }, expected);
  }

  private again({ kind, pick }: Extract<Step, { kind: 'repeat' | 'conflict' }>): void {
    const told = this.told[pick % Math.max(this.told.length, 1)];
    if (told === undefined) return;
    if (kind === 'conflict') {
      const input = { ...payment(0, { amount: 77_777n }), id: (told.input as { id: ReturnType<typeof paymentId> }).id };
      expect(verdict(this.store.execute('take-payment', input))).toBe('id-conflict');
      return;
    }
    const again = this.store.execute(told.command, told.input);
    expect(again).toEqual(told.out.ok ? { ok: true, value: { ...told.out.value, repeated: true } } : told.out);
  }

  compare(): void {
    const { store } = this.store.opened;
    expect(store.head().number).toBe(this.model.entries);
    for (const [account, credit] of this.model.credit) expect([account, -store.balance(accountId(account))]).toEqual([account, credit]);
    for (const [id, { remaining }] of this.model.paid) {
      expect([id, store.remaining(id as ReturnType<typeof paymentId>)?.remaining]).toEqual([id, remaining]);
    }
    expect(verifyDatabase(this.store.path)).toMatchObject({ ok: true, value: { head: { number: this.model.entries } } });
    const reader = openReader(this.store.path);
    expect(reader.entriesAfter(0, 1_000)).toHaveLength(this.model.entries);
    expect(reader.name()).toEqual({ gateway: NEW_JOURNAL.gateway, epoch: NEW_JOURNAL.epoch });
    reader.close();
  }
}

it('I3, I5, I6: agrees with the notebook, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const trial = new Trial();
      try {
        for (const one of steps) trial.take(one);
        trial.compare();
      } finally {
        trial.store.remove();
      }
    }),
    { numRuns: 120 },
  );
});
