/**
 * A kiosk's day, seeded: 400 customers and 30 merchants of Zipf popularity, eight kinds of payment, bursty arrivals in business hours, mostly round
 * amounts, a memo on one payment in twenty. It also counts the true information of what it draws: the entropy floor that an encoder is measured by.
 */
import type { AccountId } from '../../ledger-sync/ledger/account.ts';
import type { Entry, EntryBody } from '../../ledger-sync/ledger/entry.ts';
import { type Epoch, type GatewayId, kioskPaymentId, type PaymentId, type SessionId } from '../../ledger-sync/ledger/ids.ts';
import { append, EMPTY_HEAD, type Head, headOf } from '../../ledger-sync/ledger/journal.ts';
import type { Currency } from '../../ledger-sync/ledger/money.ts';
import { balance, type Posting } from '../../ledger-sync/ledger/posting.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';

const HOUR_MS = 3_600_000;
const GATEWAY = 'syabru' as GatewayId;
const SESSION = '7k2m9qw4xe' as SessionId;

type Kind = { readonly name: string; readonly share: number; readonly round: number };
const KINDS: readonly Kind[] = [
  { name: 'top-up', share: 0.34, round: 0.9 },
  { name: 'sale', share: 0.27, round: 0.25 },
  { name: 'bill', share: 0.12, round: 0.2 },
  { name: 'transfer', share: 0.1, round: 0.8 },
  { name: 'cash-out', share: 0.08, round: 0.95 },
  { name: 'fee', share: 0.05, round: 0.98 },
  { name: 'refund', share: 0.02, round: 0.25 },
  { name: 'loan', share: 0.02, round: 0.9 },
];
const ROUND_RUPEES = [100, 50, 200, 500, 20, 1000, 10, 300, 150, 250, 2000, 30, 40, 400, 600, 800, 5000, 75, 120, 60];
const WORDS = (
  'rent school fees seeds fertilizer march april may june invoice phone battery panel pump repair milk rice wheat oil medicine clinic bus ticket ' +
  'for son from brother loan part 1 2 3 advance balance due paid'
).split(' ');

function zipf(size: number, exponent: number): readonly number[] {
  const weights = Array.from({ length: size }, (_, rank) => 1 / (rank + 1) ** exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
const CUSTOMERS = zipf(400, 1);
const ROUND = zipf(ROUND_RUPEES.length, 0.9);
const MERCHANTS = zipf(30, 0.8);
const MEMO_WORDS = zipf(WORDS.length, 0.5);

/** Mulberry32: small, seeded, good enough for a stream. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type StreamOptions = {
  readonly payments: number;
  readonly seed: number;
  /** Grain of the gateway's times: 1000 for whole seconds. */
  readonly grainMs: number;
};

export type KioskStream = {
  readonly name: { readonly gateway: GatewayId; readonly epoch: Epoch };
  readonly entries: readonly Entry[];
  /** Bytes a payment that no encoder without knowledge of the next payment can go below. */
  readonly floorBytes: number;
};

export function kioskStream({ payments, seed, grainMs }: StreamOptions): KioskStream {
  const random = seededRandom(seed);
  const name = { gateway: GATEWAY, epoch: '5e1f00c0ffee4a11' as Epoch };
  const places = shuffled(400, random);
  let bits = 0;
  const pick = (chances: readonly number[]): number => {
    let rest = random();
    let index = 0;
    while (index < chances.length - 1 && rest >= (chances[index] as number)) rest -= chances[index++] as number;
    bits -= Math.log2(chances[index] as number);
    return index;
  };
  const customer = (): AccountId => `wallet:W-${1000 + (places[pick(CUSTOMERS)] as number)}` as AccountId;
  const merchant = (): AccountId => `merchant:M-${100 + pick(MERCHANTS)}` as AccountId;

  const entries: Entry[] = [];
  const sales: { id: PaymentId; by: AccountId; to: AccountId; amount: bigint }[] = [];
  let head: Head = EMPTY_HEAD;
  let at = Date.UTC(2027, 0, 4, 8);
  for (let counter = 1; counter <= payments; counter++) {
    const gap = nextGap(random, grainMs);
    bits += gap.bits;
    at += Math.max(grainMs, Math.round(gap.ms / grainMs) * grainMs);
    if (Math.floor(at / HOUR_MS) % 24 >= 20) at += 12 * HOUR_MS;
    const kind = KINDS[pick(KINDS.map(({ share }) => share))] as Kind;
    const amount = BigInt(nextAmount(kind, random, pick, (more) => (bits += more)));
    const subject = customer();
    const other =
      kind.name === 'transfer' ? distinct(customer, subject) : kind.name === 'sale' || kind.name === 'refund' ? merchant() : undefined;
    const memo = nextMemo(random, pick, (more) => (bits += more));
    const id = kioskPaymentId(SESSION, counter);
    const sold = kind.name === 'refund' ? sales.at(-1) : undefined;
    const body = bodyOf(kind.name, { id, subject, other, amount, at, memo, refersTo: sold?.id });
    if (kind.name === 'sale' && other !== undefined) sales.push({ id, by: subject, to: other, amount });
    const entry = append(name, head, body, sha256Hex);
    entries.push(entry);
    head = headOf(entry);
  }
  return { name, entries, floorBytes: bits / 8 / payments };
}

function shuffled(size: number, random: () => number): readonly number[] {
  const list = Array.from({ length: size }, (_, index) => index);
  for (let index = size - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [list[index], list[other]] = [list[other] as number, list[index] as number];
  }
  return list;
}

function distinct(draw: () => AccountId, from: AccountId): AccountId {
  for (;;) {
    const drawn = draw();
    if (drawn !== from) return drawn;
  }
}

/** Bursts: a third of the gaps have a mean of 25 s, the others of 150 s. */
function nextGap(random: () => number, grainMs: number): { readonly ms: number; readonly bits: number } {
  const meanMs = random() < 0.35 ? 25_000 : 150_000;
  const ms = -Math.log(1 - random()) * meanMs;
  const density = (0.35 / 25_000) * Math.exp(-ms / 25_000) + (0.65 / 150_000) * Math.exp(-ms / 150_000);
  return { ms, bits: -Math.log2(density * grainMs) };
}

/** Minor units: a usual round amount, or log-normal rupees, half of them with paisa. */
function nextAmount(kind: Kind, random: () => number, pick: (chances: readonly number[]) => number, spend: (bits: number) => void): number {
  if (random() < kind.round) {
    spend(-Math.log2(kind.round));
    return (ROUND_RUPEES[pick(ROUND)] as number) * 100;
  }
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rupees = Math.exp(4.6 + 0.9 * normal);
  const isWhole = random() < 0.5;
  const minor = isWhole ? Math.max(1, Math.round(rupees)) * 100 : Math.max(1, Math.round(rupees * 100));
  const drawn = minor / 100;
  const density = Math.exp(-((Math.log(drawn) - 4.6) ** 2) / 1.62) / (drawn * 0.9 * Math.sqrt(2 * Math.PI));
  spend(-Math.log2((1 - kind.round) * 0.5 * (isWhole ? density : density * 0.01)));
  return minor;
}

function nextMemo(random: () => number, pick: (chances: readonly number[]) => number, spend: (bits: number) => void): string | undefined {
  const has = random() < 0.05;
  spend(-Math.log2(has ? 0.05 : 0.95));
  if (!has) return undefined;
  const words = 1 + Math.floor(random() * 3);
  spend(Math.log2(3));
  return Array.from({ length: words }, () => WORDS[pick(MEMO_WORDS)]).join(' ');
}

type Drawn = {
  readonly id: PaymentId;
  readonly subject: AccountId;
  readonly other: AccountId | undefined;
  readonly amount: bigint;
  readonly at: number;
  readonly memo: string | undefined;
  readonly refersTo: PaymentId | undefined;
};

function bodyOf(kind: string, { id, subject, other, amount, at, memo, refersTo }: Drawn): EntryBody {
  const site = (account: string): AccountId => `${account}:${GATEWAY}` as AccountId;
  const line = (account: AccountId, minor: bigint): Posting => ({ account, amount: minor });
  const counterpart = other ?? (kind === 'bill' ? 'merchant:nea' : kind === 'loan' ? 'bank:sahakari' : 'fees:office');
  const lines: readonly Posting[] =
    kind === 'top-up'
      ? [line(site('float'), amount), line(subject, -amount), line(site('drawer'), amount), line(site('agency'), -amount)]
      : kind === 'cash-out'
        ? [line(subject, amount), line(site('float'), -amount), line(site('agency'), amount), line(site('drawer'), -amount)]
        : kind === 'refund'
          ? [line(counterpart as AccountId, amount), line(subject, -amount)]
          : [line(subject, amount), line(counterpart as AccountId, -amount)];
  return {
    method: 'wallet',
    action: kind,
    paymentId: id,
    account: subject,
    amount,
    currency: 'NPR' as Currency,
    postings: must(balance(lines), 'a drawn payment balances'),
    operator: SESSION,
    at,
    ...(memo === undefined ? {} : { memo }),
    ...(refersTo === undefined ? {} : { refersTo }),
  };
}
