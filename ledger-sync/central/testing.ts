/**
 * A gateway's box for tests and benches: a key, a journal that grows by plausible payments, and its batches as they go over the wire.
 * Nothing that runs imports this.
 */
import { type AccountId, siteAccounts } from '../ledger/account.ts';
import type { Entry, EntryBody } from '../ledger/entry.ts';
import type { Epoch, GatewayId, PaymentId } from '../ledger/ids.ts';
import { append, EMPTY_HEAD, type Head, type JournalName } from '../ledger/journal.ts';
import type { Currency } from '../ledger/money.ts';
import { type Positions, sitePositions } from '../ledger/position.ts';
import { balance, type Posting } from '../ledger/posting.ts';
import { must } from '../ledger/result.ts';
import { ruleFaults } from '../ledger/rules.ts';
import { encodeBatch } from '../protocol/batch.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { sha256Hex } from '../protocol/sha256.ts';
import type { Signer } from '../protocol/signing.ts';
import type { Tables } from './tables.ts';

const NPR = 'NPR' as Currency;
const START_MS = Date.UTC(2026, 9, 1, 4);

/** A small seeded generator: the same seed gives the same journal. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Draft = Partial<Omit<EntryBody, 'postings'>> & { readonly postings?: readonly Posting[] };

export class Box {
  readonly name: JournalName;
  readonly signer: Signer;
  readonly entries: Entry[] = [];
  readonly positions: Positions;
  private counter = 0;
  private readonly session: string;
  private readonly random: () => number;
  private readonly wallets: AccountId[];

  constructor(gateway: string, seed = 1, wallets = 20, epoch?: string, session = '8k3mw2q9az') {
    this.random = seeded(seed);
    this.session = session;
    const digits = epoch ?? Array.from({ length: 16 }, () => Math.floor(this.random() * 16).toString(16)).join('');
    this.name = { gateway: gateway as GatewayId, epoch: digits as Epoch };
    this.signer = signerFromPem(generateKey());
    this.positions = sitePositions(gateway, NPR);
    this.wallets = Array.from({ length: wallets }, (_, index) => `wallet:${gateway.slice(0, 3)}-${index + 1}` as AccountId);
  }

  get head(): Head {
    const last = this.entries.at(-1);
    return last === undefined ? EMPTY_HEAD : { number: last.number, hash: last.hash };
  }

  headAt(number: number): Head {
    const entry = this.entries[number - 1];
    return entry === undefined ? EMPTY_HEAD : { number: entry.number, hash: entry.hash };
  }

  body(draft: Draft): EntryBody {
    this.counter += 1;
    return {
      method: 'wallet',
      action: 'sale',
      paymentId: `${this.session}.${this.counter}` as PaymentId,
      account: this.wallets[0] as AccountId,
      amount: 100n,
      currency: NPR,
      operator: this.session,
      at: START_MS + this.counter * 37_000 + Math.floor(this.random() * 30_000),
      ...draft,
      postings: must(balance(draft.postings ?? []), 'test postings'),
    };
  }

  add(draft: Draft): Entry {
    const body = this.body(draft);
    const entry = append(this.name, this.head, body, sha256Hex);
    this.positions.apply(body);
    this.entries.push(entry);
    return entry;
  }

  open(account: AccountId, amount: bigint): Entry {
    const opening = siteAccounts(this.name.gateway).opening;
    const postings =
      amount === 0n
        ? []
        : [
            { account: opening, amount },
            { account, amount: -amount },
          ];
    return this.add({ method: 'journal', action: 'open', account, amount, postings });
  }

  /** Opens the float and the wallets. */
  openAll(each = 1_000_000n): this {
    this.open(siteAccounts(this.name.gateway).float, 100_000_000n);
    for (const wallet of this.wallets) this.open(wallet, each);
    return this;
  }

  /** `count` payments that keep every rule. */
  pay(count: number): this {
    for (let made = 0; made < count; ) {
      const body = this.body(this.randomDraft());
      if (ruleFaults(body, this.positions).length > 0) continue;
      this.add(body);
      made += 1;
    }
    return this;
  }

  batch(from: number, to: number, options: { fullHead?: boolean; announced?: number } = {}): Uint8Array {
    return encodeBatch(
      {
        name: this.name,
        after: this.headAt(from - 1),
        entries: this.entries.slice(from - 1, to),
        fullHead: options.fullHead ?? from === 1,
        announced: options.announced ?? this.head.number,
      },
      this.signer,
    );
  }

  hello(): Uint8Array {
    return encodeBatch({ name: this.name, after: this.head, entries: [], fullHead: true, announced: this.head.number }, this.signer);
  }

  /** The same disk and key at an earlier number: a restored or cloned box. */
  cloneAt(number: number): Box {
    const clone = new Box(this.name.gateway, 99 + number, this.wallets.length, this.name.epoch);
    Object.assign(clone, { signer: this.signer, counter: 500_000 + number });
    for (const entry of this.entries.slice(0, number)) {
      clone.entries.push(entry);
      clone.positions.apply(entry);
    }
    return clone;
  }

  private randomDraft(): Draft {
    const site = siteAccounts(this.name.gateway);
    const pick = () => this.wallets[Math.floor(this.random() * this.wallets.length)] as AccountId;
    const account = pick();
    const amount = BigInt(1 + Math.floor(this.random() * 400)) * 50n;
    const two = (debit: AccountId, credit: AccountId): Posting[] => [
      { account: debit, amount },
      { account: credit, amount: -amount },
    ];
    const dice = this.random();
    if (dice < 0.35) return { method: 'cash', action: 'sale', account: site.drawer, amount, postings: two(site.drawer, site.sales) };
    if (dice < 0.75) return { action: 'sale', account, amount, postings: two(account, site.takings) };
    if (dice < 0.9) return { action: 'top-up', account, amount, postings: [...two(site.float, account), ...two(site.drawer, site.agency)] };
    if (dice < 0.95) {
      const payee = pick();
      if (payee !== account) return { action: 'transfer', account, amount, postings: two(account, payee) };
    }
    const original = this.entries.findLast((entry) => entry.action === 'sale' && entry.method === 'wallet' && this.random() < 0.3);
    if (original === undefined) return { action: 'sale', account, amount, postings: two(account, site.takings) };
    const part = original.amount / 2n || 1n;
    return {
      action: 'refund',
      account: original.account,
      amount: part,
      refersTo: original.paymentId,
      postings: [
        { account: site.takings, amount: part },
        { account: original.account, amount: -part },
      ],
    };
  }
}

/** Enrols a box as the office would, without the messages. */
export async function enrolBox(tables: Tables, box: Box, at = START_MS): Promise<void> {
  const id = sha256Hex(box.signer.publicKey).slice(0, 4);
  await tables.addVoucher({
    id: `${id}${box.name.epoch.slice(0, 4)}`,
    gateway: box.name.gateway,
    site: `Site of ${box.name.gateway}`,
    secret: 's'.repeat(16),
    createdAt: at,
    expiresAt: at + 1000,
    used: undefined,
  });
  const use = await tables.useVoucher({
    voucher: `${id}${box.name.epoch.slice(0, 4)}`,
    publicKey: box.signer.publicKey,
    epoch: box.name.epoch,
    at,
  });
  if (use.status !== 'enrolled') throw new Error(`the box was not enrolled: ${use.status}`);
}
