/**
 * A small book for the pages' tests: wallets, cash, history, in memory. It answers as the gateway's contract says, decides simply, and
 * promises nothing: the real rules are tested elsewhere.
 */
import { createHash } from 'node:crypto';
import type { AccountBody, CatalogueItemBody, HistoryItemBody, LeaseBody, PaymentAnswerBody } from '../../main/api/schemas.ts';
import { SAMPLE_CATALOGUE } from '../../main/village/sample-catalogue.ts';

export type PaymentBody = {
  readonly id: string;
  readonly method: string;
  readonly action: string;
  readonly account?: string;
  readonly counterparty?: string;
  readonly amount: string;
  readonly refersTo?: string;
  readonly fields?: Readonly<Record<string, string>>;
};

type Wallet = { readonly id: string; readonly name: string; here: bigint; readonly elsewhere?: bigint };
type Kept = { item: HistoryItemBody; body: string; answer: PaymentAnswerBody };
type Fields = readonly { readonly name: string; readonly value: string }[];

const EPOCH = '00c0ffee00c0ffee';
const people: readonly (readonly [string, string, bigint, bigint | undefined])[] = [
  ['W-1042', 'Kamala Thapa', 245_000n, 130_000n],
  ['W-1043', 'Dorje Lama', 80_000n, 245_000n],
  ['W-1044', 'निमा शेर्पा', 52_000n, undefined],
  ['W-1045', 'Hari Karki', 0n, undefined],
  ['W-1046', 'Sita Gurung', 1_250_000n, undefined],
];

export class FakeLedger {
  readonly wallets = new Map<string, Wallet>();
  readonly answers = new Map<string, Kept>();
  readonly history: HistoryItemBody[] = [];
  items: CatalogueItemBody[] = [...SAMPLE_CATALOGUE];
  float = 5_000_000n;
  readonly leases: LeaseBody[] = ['M-204', 'M-307'].map((meter, index) => ({
    number: index + 1,
    account: `energy:${meter}`,
    from: 2,
    to: 22,
    tokensLeft: index === 0 ? 10 : 1,
    mode: 'add-time',
    unit: 'day',
    price: '1500',
    currency: 'NPR',
    takenAt: '2026-05-22T08:00:00.000Z',
  }));
  sent = 0;
  settled = 0;
  /** The fixed time of the last entry; it moves by a minute an entry, so that pictures are the same each time. */
  private time: number;

  constructor(startMs: number) {
    this.time = startMs;
    for (const [number, name, here, elsewhere] of people) {
      const id = `wallet:${number}`;
      this.wallets.set(id, { id, name, here, ...(elsewhere === undefined ? {} : { elsewhere }) });
    }
  }

  get head(): number {
    return this.history.length;
  }

  account(id: string): AccountBody | undefined {
    const wallet = this.wallets.get(id);
    if (wallet === undefined) return undefined;
    const { name, here, elsewhere } = wallet;
    const asOf = new Date(this.time).toISOString();
    return {
      id,
      kind: 'wallet',
      currency: 'NPR',
      name,
      availableHere: here.toString(),
      ...(elsewhere === undefined ? {} : { elsewhere: elsewhere.toString() }),
      asOf,
      limit: '0',
      open: true,
    };
  }

  find(query: string): AccountBody[] {
    const wanted = query.toLowerCase();
    return [...this.wallets.values()]
      .filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
      .flatMap(({ id }) => this.account(id) ?? []);
  }

  sealOf(number: number): 'kept' | 'sent' | 'settled' {
    return number <= this.settled ? 'settled' : number <= this.sent ? 'sent' : 'kept';
  }

  take(body: PaymentBody): { repeated: boolean; answer: PaymentAnswerBody } | 'conflict' {
    const text = JSON.stringify(body);
    const before = this.answers.get(body.id);
    if (before !== undefined) return before.body === text ? { repeated: true, answer: before.answer } : 'conflict';
    const decided = this.decide(body);
    this.time += 60_000;
    const at = new Date(this.time).toISOString();
    if (typeof decided === 'object' && 'code' in decided) {
      const answer: PaymentAnswerBody = { id: body.id, status: 'declined', at, reason: decided };
      this.answers.set(body.id, { item: undefined as never, body: text, answer });
      return { repeated: false, answer };
    }
    return { repeated: false, answer: this.approve(body, decided, text, at) };
  }

  reverse(id: string, of: string): { repeated: boolean; answer: PaymentAnswerBody } | 'conflict' | 'unknown' {
    const original = this.history.find((item) => item.id === of);
    if (original === undefined) return 'unknown';
    if (BigInt(original.refundable) < BigInt(original.amount)) {
      const at = new Date(this.time).toISOString();
      return {
        repeated: false,
        answer: { id, status: 'declined', at, reason: { code: 'already-done', detail: 'it was given back already' } },
      };
    }
    const { method, amount, account } = original;
    return this.take({ id, method, action: 'reversal', amount, account, refersTo: of });
  }

  private approve(body: PaymentBody, receipt: Fields, text: string, at: string): PaymentAnswerBody {
    const number = this.head + 1;
    const hash = createHash('sha256').update(body.id).digest('hex');
    const entry = { gateway: 'syabru', epoch: EPOCH, number, hash };
    const isForward = body.action !== 'refund' && body.action !== 'reversal';
    const item: HistoryItemBody = {
      id: body.id,
      entry,
      method: body.method,
      action: body.action,
      account: body.account ?? 'drawer:syabru',
      ...(body.counterparty === undefined ? {} : { counterparty: body.counterparty }),
      amount: body.amount,
      currency: 'NPR',
      at,
      seal: 'kept',
      ...(body.refersTo === undefined ? {} : { refersTo: body.refersTo }),
      refundable: isForward ? body.amount : '0',
      receipt: [...receipt],
      prints: 1,
    };
    this.history.push(item);
    const answer: PaymentAnswerBody = { id: body.id, status: 'approved', entry, at, postings: [], receipt: [...receipt], seal: 'kept' };
    this.answers.set(body.id, { item, body: text, answer });
    return answer;
  }

  private decide(body: PaymentBody): Fields | Extract<PaymentAnswerBody, { status: 'declined' }>['reason'] {
    const amount = BigInt(body.amount);
    const figure = (name: string, value: bigint) => ({ name, value: value.toString() });
    if (body.action === 'refund' || body.action === 'reversal') {
      const index = this.history.findIndex(({ id }) => id === body.refersTo);
      const original = this.history[index];
      if (original === undefined) return { code: 'not-allowed', detail: 'no such payment' };
      const left = BigInt(original.refundable) - amount;
      if (left < 0n) return { code: 'already-done', detail: 'it was given back already', availableHere: '0' };
      this.history[index] = { ...original, refundable: left.toString() };
      const wallet = this.wallets.get(original.account);
      if (wallet !== undefined) wallet.here += original.action === 'top-up' ? -amount : amount;
      return [figure('amount', amount), figure('refundable-after', left)];
    }
    if (body.method === 'cash') {
      const tendered = body.fields?.tendered;
      const change = tendered === undefined ? [] : [figure('tendered', BigInt(tendered)), figure('change', BigInt(tendered) - amount)];
      return [figure('amount', amount), ...change];
    }
    if (body.method === 'energy') return this.sellEnergy(body.account ?? '', amount);
    const wallet = this.wallets.get(body.account ?? '');
    if (wallet === undefined) return { code: 'unknown-account', detail: 'that wallet is not known' };
    if (body.action === 'top-up') {
      if (amount > this.float)
        return { code: 'not-enough', detail: 'float:syabru has less than that here', availableHere: this.float.toString() };
      this.float -= amount;
      wallet.here += amount;
      return [figure('amount', amount), figure('balance-here', wallet.here), figure('cash-received', amount)];
    }
    if (wallet.here < amount) {
      return {
        code: 'not-enough',
        detail: `${wallet.id} has less than that here`,
        availableHere: wallet.here.toString(),
        ...(wallet.elsewhere === undefined ? {} : { elsewhere: wallet.elsewhere.toString() }),
      };
    }
    wallet.here -= amount;
    if (body.action === 'transfer') {
      const payee = this.wallets.get(body.counterparty ?? '');
      if (payee !== undefined) payee.here += amount;
    }
    return [
      figure('amount', amount),
      figure('balance-here', wallet.here),
      ...(body.action === 'cash-out' ? [figure('cash-handed', amount)] : []),
    ];
  }

  private sellEnergy(account: string, amount: bigint): Fields | Extract<PaymentAnswerBody, { status: 'declined' }>['reason'] {
    const lease = this.leases.find((one) => one.account === account);
    if (lease === undefined || lease.tokensLeft === 0) return { code: 'not-allowed', detail: 'the lease is used up' };
    lease.tokensLeft -= 1;
    const fields = {
      account,
      amount: amount.toString(),
      token: '177 073 015',
      units: (amount / BigInt(lease.price)).toString(),
      unit: 'day',
    };
    return Object.entries(fields).map(([name, value]) => ({ name, value }));
  }
}
