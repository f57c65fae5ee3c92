/**
 * One request's side of a cell's imports: reads go to the facts (each asked once), writes are kept here until the decision. What
 * breaks a limit throws a CellBreach through the cell, and is remembered, so that no cell can swallow it. What was read is kept as well:
 * it is the request's trace. Nothing is made before it is needed, because most requests read three facts and write none.
 */
import { parseAccountId } from '../../ledger-sync/ledger/account.ts';
import { fitsMinor } from '../../ledger-sync/ledger/money.ts';
import type { CellAccount, CellFacts, CellFault, CellOutboxItem, CellReads, CellStateWrite } from './cell.ts';
import { LIMITS } from './limits.ts';

const UNSIGNED_MAX = 2n ** 64n - 1n;
const UTF8_BYTES_PER_UNIT_MAX = 3;
/** Keys of the state that the host lends to a cell: readable, never writable. */
const LENT = 'host.';

/** A cell went beyond a limit. */
export class CellBreach extends Error {}

/** The facts themselves failed: not the cell's doing, so it goes on to whoever gave them. */
export class FactsError extends Error {}

type Bytes = Uint8Array<ArrayBufferLike>;
type KnownAccount = { readonly found: CellAccount | undefined; available: bigint | undefined };

/** What a granted clock and granted randomness answer with: the request's time, and a seed that its trace keeps. */
export type CellMoment = { readonly at: bigint; readonly seed: string };

export class CellImports {
  readonly #facts: CellFacts;
  readonly #kinds: readonly string[];
  #accounts: Map<string, KnownAccount> | undefined;
  #refundable: Map<string, bigint> | undefined;
  #state: Map<string, Bytes | undefined> | undefined;
  #writes: Map<string, Bytes | undefined> | undefined;
  #outbox: Map<string, Bytes> | undefined;
  #writeCount = 0;
  #outboxCount = 0;
  #lastAsked: string | undefined;
  readonly moment: CellMoment | undefined;
  /** The breach, or the error of the facts, that ended this request. */
  ended: CellFault | FactsError | undefined;

  /** `kinds`: the kinds of accounts that the manifest grants. */
  constructor(kinds: readonly string[], facts: CellFacts, moment?: CellMoment) {
    this.#facts = facts;
    this.#kinds = kinds;
    this.moment = moment;
  }

  /** Ends the request: the cell cannot go on, whatever it does with the error. */
  breach(detail: string, code: 'limit' | 'trap' = 'limit'): never {
    this.ended ??= { code, detail };
    throw new CellBreach(detail);
  }

  #ask<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.ended ??= error instanceof FactsError ? error : new FactsError('the facts of the request could not be read', { cause: error });
      throw this.ended;
    }
  }

  #unfit(what: string): never {
    this.ended ??= new FactsError(`${what} does not fit into 64 bits`);
    throw this.ended;
  }

  /** An account of a kind that is not granted does not exist for the cell, and is no reading. */
  #account(id: string): KnownAccount | undefined {
    const known = this.#accounts?.get(id);
    if (known !== undefined) return known;
    if (!this.#kinds.includes(id.slice(0, id.indexOf(':'))) || !parseAccountId(id).ok) return undefined;
    const found = this.#ask(() => this.#facts.find(id));
    if (found !== undefined && !fitsMinor(found.limit)) return this.#unfit(`the limit of ${id}`);
    const account: KnownAccount = { found, available: undefined };
    this.#accounts ??= new Map();
    this.#accounts.set(id, account);
    return account;
  }

  #availableOf(id: string): bigint {
    const account = this.#account(id);
    if (account?.found === undefined) return 0n;
    if (account.available !== undefined) return account.available;
    const amount = this.#ask(() => this.#facts.available(id));
    if (!fitsMinor(amount)) return this.#unfit(`what is available of ${id}`);
    account.available = amount;
    return amount;
  }

  // What a cell calls: accounts, state and outbox of the contract.

  find(id: string): CellAccount | undefined {
    return this.#account(id)?.found;
  }

  available(id: string): bigint {
    this.#lastAsked = id;
    return this.#availableOf(id);
  }

  refundable(paymentId: string): bigint {
    const known = this.#refundable?.get(paymentId);
    if (known !== undefined) return known;
    if (paymentId.length > LIMITS.textCharsMax) return 0n;
    const amount = this.#ask(() => this.#facts.refundable(paymentId));
    if (amount < 0n || amount > UNSIGNED_MAX) return this.#unfit(`what is refundable of ${paymentId}`);
    this.#refundable ??= new Map();
    this.#refundable.set(paymentId, amount);
    return amount;
  }

  get(key: string): Bytes | undefined {
    this.#checkKey(key);
    if (this.#writes?.has(key)) return this.#writes.get(key);
    if (this.#state?.has(key)) return this.#state.get(key);
    const value = this.#ask(() => this.#facts.stateGet(key));
    this.#state ??= new Map();
    this.#state.set(key, value);
    return value;
  }

  set(key: string, value: Bytes): void {
    if (value.length > LIMITS.stateValueBytesMax) {
      this.breach(`a value of ${value.length} bytes; the limit is ${LIMITS.stateValueBytesMax}`);
    }
    // A copy: the bytes may lie in the cell's memory, which it goes on writing to.
    this.#write(key, value.slice());
  }

  delete(key: string): void {
    this.#write(key, undefined);
  }

  #write(key: string, value: Bytes | undefined): void {
    this.#checkKey(key);
    if (key.startsWith(LENT)) this.breach(`keys that begin with ${LENT} are the host's own: a cell may read them only`);
    this.#writeCount += 1;
    if (this.#writeCount > LIMITS.stateWritesMax) this.breach(`more than ${LIMITS.stateWritesMax} writes to the state`);
    this.#writes ??= new Map();
    this.#writes.set(key, value);
  }

  enqueueSync(key: string, payload: Bytes): void {
    this.#checkKey(key);
    this.#outboxCount += 1;
    if (this.#outboxCount > LIMITS.outboxItemsMax) this.breach(`more than ${LIMITS.outboxItemsMax} items for the outbox`);
    if (payload.length > LIMITS.outboxPayloadBytesMax) {
      this.breach(`an outbox item of ${payload.length} bytes; the limit is ${LIMITS.outboxPayloadBytesMax}`);
    }
    this.#outbox ??= new Map();
    this.#outbox.set(key, payload.slice());
  }

  #checkKey(key: string): void {
    const long = key.length * UTF8_BYTES_PER_UNIT_MAX > LIMITS.stateKeyBytesMax && Buffer.byteLength(key) > LIMITS.stateKeyBytesMax;
    if (key.length === 0 || long) this.breach(`a key must have 1 to ${LIMITS.stateKeyBytesMax} bytes`);
  }

  // What the host takes after the run.

  /** The account whose available amount the cell read last, where it was this one: what a not-enough is about. */
  accountOf(available: bigint): string | undefined {
    const last = this.#lastAsked;
    return last !== undefined && this.#availableOf(last) === available ? last : undefined;
  }

  /** The facts as the cell saw them, and with its limits: what the decision is judged by. */
  facts(): CellFacts {
    return {
      find: (id) => this.find(id),
      available: (id) => this.#availableOf(id),
      refundable: (id) => this.refundable(id),
      stateGet: (key) => this.#facts.stateGet(key),
    };
  }

  stateWrites(): CellStateWrite[] {
    if (this.#writes === undefined) return [];
    return [...this.#writes].map(([key, value]) => (value === undefined ? { key } : { key, value }));
  }

  outbox(): CellOutboxItem[] {
    return this.#outbox === undefined ? [] : [...this.#outbox].map(([key, payload]) => ({ key, payload }));
  }

  /** What was read so far, by the cell or by the check of its answer. */
  reads(): CellReads {
    const accounts: CellReads['accounts'][number][] = [];
    for (const [id, { found, available }] of this.#accounts ?? []) {
      const shown =
        found === undefined ? null : { kind: found.kind, currency: found.currency, limit: String(found.limit), open: found.open };
      accounts.push(available === undefined ? { id, found: shown } : { id, found: shown, available: String(available) });
    }
    const refundable: CellReads['refundable'][number][] = [];
    for (const [id, amount] of this.#refundable ?? []) refundable.push({ id, amount: String(amount) });
    const state: CellReads['state'][number][] = [];
    for (const [key, value] of this.#state ?? []) {
      state.push({ key, value: value === undefined ? null : Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex') });
    }
    return { accounts, refundable, state };
  }
}
