/**
 * The catalogue as one side keeps it: the document in memory beside what is durable, changed by one thing at a time. The box and head
 * office both stand on it; they differ in their shelf and in who their peers are.
 * Invariants: durable before anybody is told; a change that cannot be kept, or that makes the document larger than it may be (I13), never
 * was: the memory is read again from the shelf. What a peer has acknowledged is never taken back by an older message.
 */
import type { GatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import {
  CATALOGUE,
  CatalogueDocument,
  type CatalogueEdit,
  type CatalogueItem,
  type EditFault,
  MAX_DOCUMENT_BYTES,
  MAX_EDITED_BYTES,
} from './catalogue.ts';
import { advance, headsFromBytes, headsToBytes, pendingFor, receive, type Side, same } from './exchange.ts';

/** `changedAtMs`: milliseconds since 1970. */
export type Durable = { readonly bytes: Uint8Array; readonly changedAtMs: number };
export type Shelved = {
  /** Undefined where nothing was ever kept. */
  readonly document: Durable | undefined;
  /** What each peer has acknowledged, by the gateway of the exchange. */
  readonly acknowledged: ReadonlyMap<string, Uint8Array>;
};

/** Where a document is kept. A fault, thrown or returned, says that nothing of the call is sure: all of it is read again. */
export interface Shelf<Fault> {
  load(): Promise<Shelved>;
  save(document: Durable): Promise<Result<void, Fault>>;
  /** `document` is what is kept already. */
  saveAcknowledged(gateway: GatewayId, heads: Uint8Array, document: Durable): Promise<Result<void, Fault>>;
}

export type CatalogueView = { readonly items: readonly CatalogueItem[]; readonly changedAtMs: number };
/** What a message did; `reply` is for its sender. */
export type Taken = { readonly changed: boolean; readonly reply: DocumentMessage | undefined };

type Open = { readonly document: CatalogueDocument; readonly acknowledged: Map<string, readonly string[]>; changedAtMs: number };

export type Limits = { readonly editedBytes: number; readonly mergedBytes: number };
const LIMITS: Limits = { editedBytes: MAX_EDITED_BYTES, mergedBytes: MAX_DOCUMENT_BYTES };
const NOTHING: Taken = { changed: false, reply: undefined };

export class CatalogueKeeper<Fault> {
  private readonly shelf: Shelf<Fault>;
  private readonly actor: string;
  private readonly limits: Limits;
  private opened: Open | undefined;
  private line: Promise<unknown> = Promise.resolve();

  /** `actor`: 16 random bytes as hex, new in each life of a process. The document is loaded when it is first asked for. */
  constructor(shelf: Shelf<Fault>, actor: string, limits: Limits = LIMITS) {
    this.shelf = shelf;
    this.actor = actor;
    this.limits = limits;
  }

  read(): Promise<CatalogueView> {
    return this.inLine(async () => viewOf(await this.open()));
  }

  edit(edit: CatalogueEdit, atMs: number): Promise<Result<CatalogueView, EditFault | Fault>> {
    return this.inLine(async () => {
      const state = await this.open();
      const done = state.document.edit(edit);
      if (!done.ok) return done;
      const bytes = state.document.save();
      if (bytes.length > this.limits.editedBytes) {
        this.opened = undefined;
        return err({ code: 'too-large', detail: `the catalogue with its history has reached ${this.limits.editedBytes} bytes, its limit` });
      }
      const kept = await this.keep(state, bytes, atMs);
      return kept.ok ? ok(viewOf(state)) : kept;
    });
  }

  /** A peer's message. What cannot be taken in or kept is dropped: the peer says it all again some time. */
  receive(message: DocumentMessage, side: Side, atMs: number): Promise<Taken> {
    return this.inLine(async () => {
      if (message.name !== CATALOGUE) return NOTHING;
      const state = await this.open();
      const got = receive(state.document, side, message);
      if (got === undefined) return NOTHING;
      if (got.changed) {
        const bytes = state.document.save();
        if (bytes.length > this.limits.mergedBytes) {
          // A side that floods its own document is not let into everybody's.
          this.opened = undefined;
          return NOTHING;
        }
        const kept = await this.keep(state, bytes, atMs);
        if (!kept.ok) return NOTHING;
      }
      await this.acknowledge(state, side.gateway, got.acknowledged);
      return { changed: got.changed, reply: got.reply };
    });
  }

  /** What the peer of this exchange has not acknowledged. */
  pending(side: Side): Promise<readonly DocumentMessage[]> {
    return this.inLine(async () => {
      const state = await this.open();
      const message = pendingFor(state.document, side, state.acknowledged.get(side.gateway) ?? []);
      return message === undefined ? [] : [message];
    });
  }

  private inLine<T>(run: () => Promise<T>): Promise<T> {
    const next = this.line.then(run, run);
    this.line = next.catch(() => undefined);
    return next;
  }

  private async open(): Promise<Open> {
    if (this.opened === undefined) {
      const { document, acknowledged } = await this.shelf.load();
      this.opened = {
        document: await CatalogueDocument.load(document?.bytes, this.actor),
        acknowledged: new Map([...acknowledged].map(([gateway, bytes]) => [gateway, headsFromBytes(bytes)])),
        changedAtMs: document?.changedAtMs ?? 0,
      };
    }
    return this.opened;
  }

  private async keep(state: Open, bytes: Uint8Array, atMs: number): Promise<Result<void, Fault>> {
    const kept = await this.trust(() => this.shelf.save({ bytes, changedAtMs: atMs }));
    if (kept.ok) state.changedAtMs = atMs;
    return kept;
  }

  private async acknowledge(state: Open, gateway: GatewayId, told: readonly string[]): Promise<void> {
    const known = state.acknowledged.get(gateway) ?? [];
    const heads = advance(state.document, known, told);
    if (same(heads, known)) return;
    state.acknowledged.set(gateway, heads);
    const document = { bytes: state.document.save(), changedAtMs: state.changedAtMs };
    // One that is not kept costs bytes after a restart and nothing else.
    await this.trust(() => this.shelf.saveAcknowledged(gateway, headsToBytes(heads), document));
  }

  /** After a fault nobody knows what is durable: the memory goes, and is read again. */
  private async trust(save: () => Promise<Result<void, Fault>>): Promise<Result<void, Fault>> {
    let isKept = false;
    try {
      const kept = await save();
      isKept = kept.ok;
      return kept;
    } finally {
      if (!isKept) this.opened = undefined;
    }
  }
}

const viewOf = ({ document, changedAtMs }: Open): CatalogueView => ({ items: document.items(), changedAtMs });
