/**
 * One request's side of a cell's imports: reads go to the facts (each asked once), writes are kept here until the decision. What
 * breaks a limit throws a CellBreach through the cell, and is remembered, so that no cell can swallow it.
 */
import { parseAccountId } from '../../ledger-sync/ledger/account.ts';
import { fitsMinor } from '../../ledger-sync/ledger/money.ts';
import type { CellAccount, CellFacts, CellFault, CellOutboxItem, CellStateWrite } from './cell.ts';
import { LIMITS } from './limits.ts';
import { type CellManifest, isPaymentManifest } from './manifest.ts';
import { emptyWasi, type WasiEnds } from './wasi.ts';

const UNSIGNED_MAX = 2n ** 64n - 1n;
const UTF8_BYTES_PER_UNIT_MAX = 3;

/** A cell went beyond a limit. */
export class CellBreach extends Error {}

/** The facts themselves failed: not the cell's doing, so it goes on to whoever gave them. */
export class FactsError extends Error {}

type Bytes = Uint8Array<ArrayBufferLike>;

export class CellImports {
  readonly #facts: CellFacts;
  readonly #kinds: readonly string[];
  readonly #accounts = new Map<string, CellAccount | undefined>();
  readonly #available = new Map<string, bigint>();
  readonly #refundable = new Map<string, bigint>();
  readonly #writes = new Map<string, Bytes | undefined>();
  readonly #outbox = new Map<string, Bytes>();
  #writeCount = 0;
  #outboxCount = 0;
  #lastAsked: { account: string; available: bigint } | undefined;
  /** The breach, or the error of the facts, that ended this request. */
  ended: CellFault | FactsError | undefined;

  constructor(manifest: CellManifest, facts: CellFacts) {
    this.#facts = facts;
    this.#kinds = isPaymentManifest(manifest) ? manifest.grants.accounts : [];
  }

  /** What jco's instantiate takes: only interfaces that the manifest grants. */
  interfaces(granted: readonly string[]): Record<string, object> {
    const found: Record<string, object> = {};
    const wasi = granted.some((name) => name.startsWith('wasi:')) ? emptyWasi(this.#wasiEnds()) : {};
    for (const name of granted) {
      const unversioned = name.slice(0, name.indexOf('@'));
      const implementation = wasi[unversioned] ?? this.#interface(name);
      if (implementation !== undefined) found[unversioned] = implementation;
    }
    return found;
  }

  #interface(name: string): object | undefined {
    switch (name) {
      case 'chautari:cell/accounts@0.1.0':
        return {
          find: (id: string) => this.find(id),
          available: (id: string) => this.#availableToCell(id),
          refundable: (id: string) => this.refundable(id),
        };
      case 'chautari:cell/state@0.1.0':
        return {
          get: (key: string) => this.#get(key),
          set: (key: string, value: Bytes) => this.#set(key, value),
          delete: (key: string) => this.#set(key, undefined),
        };
      case 'chautari:cell/outbox@0.1.0':
        return { enqueueSync: (key: string, payload: Bytes) => this.#enqueue(key, payload) };
      default:
        return undefined;
    }
  }

  #breach(detail: string, code: 'limit' | 'trap' = 'limit'): never {
    this.ended ??= { code, detail };
    throw new CellBreach(detail);
  }

  #wasiEnds(): WasiEnds {
    return { limit: (detail) => this.#breach(detail), exit: (detail) => this.#breach(detail, 'trap') };
  }

  #ask<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.ended ??= new FactsError('the facts of the request could not be read', { cause: error });
      throw this.ended;
    }
  }

  /** An account of a kind that is not granted does not exist for the cell. */
  find(id: string): CellAccount | undefined {
    if (this.#accounts.has(id)) return this.#accounts.get(id);
    const visible = parseAccountId(id).ok && this.#kinds.includes(id.slice(0, id.indexOf(':')));
    const found = visible ? this.#ask(() => this.#facts.find(id)) : undefined;
    if (found !== undefined && !fitsMinor(found.limit)) return this.#unfit(`the limit of ${id}`);
    this.#accounts.set(id, found);
    return found;
  }

  #unfit(what: string): never {
    this.ended ??= new FactsError(`${what} does not fit into 64 bits`);
    throw this.ended;
  }

  available(id: string): bigint {
    const known = this.#available.get(id);
    if (known !== undefined) return known;
    const amount = this.find(id) === undefined ? 0n : this.#ask(() => this.#facts.available(id));
    if (!fitsMinor(amount)) return this.#unfit(`what is available of ${id}`);
    this.#available.set(id, amount);
    return amount;
  }

  #availableToCell(id: string): bigint {
    const amount = this.available(id);
    this.#lastAsked = { account: id, available: amount };
    return amount;
  }

  refundable(paymentId: string): bigint {
    const known = this.#refundable.get(paymentId);
    if (known !== undefined) return known;
    const amount = paymentId.length > LIMITS.textCharsMax ? 0n : this.#ask(() => this.#facts.refundable(paymentId));
    if (amount < 0n || amount > UNSIGNED_MAX) return this.#unfit(`what is refundable of ${paymentId}`);
    this.#refundable.set(paymentId, amount);
    return amount;
  }

  /** The account whose available amount the cell read last, where it was this one: what a not-enough is about. */
  accountOf(available: bigint): string | undefined {
    return this.#lastAsked?.available === available ? this.#lastAsked.account : undefined;
  }

  #checkKey(key: string): void {
    const long = key.length * UTF8_BYTES_PER_UNIT_MAX > LIMITS.stateKeyBytesMax && Buffer.byteLength(key) > LIMITS.stateKeyBytesMax;
    if (key.length === 0 || long) this.#breach(`a key must have 1 to ${LIMITS.stateKeyBytesMax} bytes`);
  }

  #get(key: string): Bytes | undefined {
    this.#checkKey(key);
    return this.#writes.has(key) ? this.#writes.get(key) : this.#ask(() => this.#facts.stateGet(key));
  }

  #set(key: string, value: Bytes | undefined): void {
    this.#checkKey(key);
    this.#writeCount += 1;
    if (this.#writeCount > LIMITS.stateWritesMax) this.#breach(`more than ${LIMITS.stateWritesMax} writes to the state`);
    if (value !== undefined && value.length > LIMITS.stateValueBytesMax) {
      this.#breach(`a value of ${value.length} bytes; the limit is ${LIMITS.stateValueBytesMax}`);
    }
    // A copy: the bytes may lie in the cell's memory, which it goes on writing to.
    this.#writes.set(key, value?.slice());
  }

  #enqueue(key: string, payload: Bytes): void {
    this.#checkKey(key);
    this.#outboxCount += 1;
    if (this.#outboxCount > LIMITS.outboxItemsMax) this.#breach(`more than ${LIMITS.outboxItemsMax} items for the outbox`);
    if (payload.length > LIMITS.outboxPayloadBytesMax) {
      this.#breach(`an outbox item of ${payload.length} bytes; the limit is ${LIMITS.outboxPayloadBytesMax}`);
    }
    this.#outbox.set(key, payload.slice());
  }

  /** The facts as the cell saw them, and with its limits: what the decision is judged by. */
  facts(): CellFacts {
    return {
      find: (id) => this.find(id),
      available: (id) => this.available(id),
      refundable: (id) => this.refundable(id),
      stateGet: (key) => this.#facts.stateGet(key),
    };
  }

  stateWrites(): CellStateWrite[] {
    return [...this.#writes].map(([key, value]) => (value === undefined ? { key } : { key, value }));
  }

  outbox(): CellOutboxItem[] {
    return [...this.#outbox].map(([key, payload]) => ({ key, payload }));
  }
}
