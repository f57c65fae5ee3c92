/**
 * The catalogue (items, prices, names in both languages) as an Automerge document: what an accountant would let merge (I11).
 * Invariants: both sides begin from the same first change, so that two shops that never spoke still share one `items`; what comes from the
 * wire is checked when it is read, and an item that makes no sense is left out, never sold; a document has at most MAX_ITEMS items.
 * Automerge is loaded by whoever makes the first document, because it costs 20 MB and a process may never need one.
 */
import type * as AutomergeModule from '@automerge/automerge';
import { parseAmount } from '../ledger/money.ts';
import { err, ok, type Result } from '../ledger/result.ts';

export const CATALOGUE = 'catalogue';
export const MAX_ITEMS = 2_000;
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
/** Less than the whole: what other sides changed meanwhile must still find room, or the two would never come together again. */
export const MAX_EDITED_BYTES = 3 * 1024 * 1024;

type Text = { readonly en: string; readonly ne: string };
/** Price in minor units as decimal text. */
export type CatalogueItem = {
  readonly id: string;
  readonly name: Text;
  readonly unit: Text;
  readonly price: string;
  readonly category: string;
  readonly icon: string;
  readonly hidden?: boolean;
};
type ItemChange = Partial<Omit<CatalogueItem, 'id'>> & { readonly id: string };
export type CatalogueEdit = { readonly items?: readonly ItemChange[] | undefined; readonly remove?: readonly string[] | undefined };
export type EditFault = { readonly code: 'unknown-item' | 'bad-item' | 'too-large'; readonly detail: string };

type Stored = { items: Record<string, { -readonly [K in keyof Omit<CatalogueItem, 'id'>]: CatalogueItem[K] }> };
type Automerge = typeof AutomergeModule;

/** The first change of every catalogue: `items` made once, by actor zero at time zero. */
const FIRST_ACTOR = '00'.repeat(16);
const ID = /^[a-z0-9-]{1,40}$/;
/** One line of plain text: a control character would be obeyed by every printer of the valley. */
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const MAX_NAME = 60;
const MAX_WORD = 24;

export class CatalogueDocument {
  private document: AutomergeModule.Doc<Stored>;
  private readonly automerge: Automerge;

  private constructor(automerge: Automerge, document: AutomergeModule.Doc<Stored>) {
    this.automerge = automerge;
    this.document = document;
  }

  /**
   * `actor` is 16 random bytes as hex, new in each life of a process: an old disk that is put back must not write under the sequence
   * numbers of its former life. `bytes` is what `save` gave.
   */
  static async load(bytes: Uint8Array | undefined, actor: string): Promise<CatalogueDocument> {
    const automerge = await import('@automerge/automerge');
    if (bytes !== undefined) return new CatalogueDocument(automerge, automerge.load<Stored>(bytes, { actor }));
    const first = automerge.change(automerge.init<Stored>({ actor: FIRST_ACTOR }), { time: 0 }, (draft) => {
      draft.items = {};
    });
    return new CatalogueDocument(automerge, automerge.clone(first, { actor }));
  }

  save(): Uint8Array {
    return this.automerge.save(this.document);
  }

  heads(): readonly string[] {
    return [...this.automerge.getHeads(this.document)].sort();
  }

  /** In order of category, then id; only items that make sense. */
  items(): readonly CatalogueItem[] {
    const items: CatalogueItem[] = [];
    for (const [id, stored] of Object.entries(this.document.items ?? {})) {
      const item = readItem(id, stored);
      if (item !== undefined && items.length < MAX_ITEMS) items.push(item);
    }
    return items.sort((left, right) => compare(left.category, right.category) || compare(left.id, right.id));
  }

  /** One change for the whole edit: a change an item would cost many times the bytes. A member that is the same is not written again. */
  edit(edit: CatalogueEdit): Result<void, EditFault> {
    const fault = this.faultOf(edit);
    if (fault !== undefined) return err(fault);
    this.document = this.automerge.change(this.document, { time: 0 }, (draft) => {
      for (const id of edit.remove ?? []) delete draft.items[id];
      for (const { id, ...members } of edit.items ?? []) {
        const stored = draft.items[id];
        if (stored === undefined) draft.items[id] = structuredClone(members) as Stored['items'][string];
        else update(stored, members);
      }
    });
    return ok(undefined);
  }

  /** Takes changes in, known ones and ones whose forerunners are missing included; false where they are no changes. */
  merge(changes: readonly Uint8Array[]): boolean {
    try {
      [this.document] = this.automerge.applyChanges(this.document, [...changes]);
      return true;
    } catch {
      return false;
    }
  }

  /** The changes that somebody with these heads lacks; all of them where the heads are not known here. */
  changesSince(heads: readonly string[]): readonly Uint8Array[] {
    const known = this.knows(heads) ? [...heads] : [];
    return this.automerge.getChangesSince(this.document, known);
  }

  /** Whether this document contains everything that those heads name. */
  knows(heads: readonly string[]): boolean {
    return this.automerge.hasHeads(this.document, [...heads]);
  }

  private faultOf(edit: CatalogueEdit): EditFault | undefined {
    const known = this.document.items;
    for (const id of edit.remove ?? []) {
      if (!Object.hasOwn(known, id)) return { code: 'unknown-item', detail: `there is no item "${id}" to remove` };
    }
    let added = 0;
    for (const { id, ...members } of edit.items ?? []) {
      if (!ID.test(id)) return { code: 'bad-item', detail: `"${id}" is no id for an item: 1 to 40 small letters, digits or hyphens` };
      const before = Object.hasOwn(known, id) ? known[id] : undefined;
      if (before === undefined) added++;
      if (readItem(id, { ...before, ...members }) === undefined) {
        return {
          code: 'bad-item',
          detail: `item "${id}" needs a name and a unit in both languages (at most ${MAX_NAME} characters, one line), a price above zero, a category and an icon`,
        };
      }
    }
    if (Object.keys(known).length + added > MAX_ITEMS) return { code: 'bad-item', detail: `a catalogue has at most ${MAX_ITEMS} items` };
    return undefined;
  }
}

/** Writes only what differs, so that two sides that change different members of an item both keep their change. */
function update(stored: Stored['items'][string], members: Partial<Omit<CatalogueItem, 'id'>>): void {
  for (const [key, value] of Object.entries(members)) {
    const target = stored as Record<string, unknown>;
    const before = target[key];
    if (isText(value) && isText(before)) {
      const names = before as { en: string; ne: string };
      if (names.en !== value.en) names.en = value.en;
      if (names.ne !== value.ne) names.ne = value.ne;
    } else if (before !== value) {
      target[key] = value;
    }
  }
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function isText(value: unknown): value is Text {
  const text = value as Text | null | undefined;
  return typeof text === 'object' && text !== null && typeof text.en === 'string' && typeof text.ne === 'string';
}

const isPlain = (text: unknown, most: number): text is string => typeof text === 'string' && text.length <= most && PLAIN.test(text);

function readItem(id: string, stored: unknown): CatalogueItem | undefined {
  const item = stored as Partial<CatalogueItem> | null | undefined;
  if (!ID.test(id) || typeof item !== 'object' || item === null) return undefined;
  const { name, unit, price, category, icon, hidden } = item;
  if (!isText(name) || !isText(unit) || typeof price !== 'string' || !parseAmount(price).ok) return undefined;
  if (![name.en, name.ne, unit.en, unit.ne].every((text) => isPlain(text, MAX_NAME))) return undefined;
  if (!isPlain(category, MAX_WORD) || !isPlain(icon, MAX_WORD)) return undefined;
  const texts = { name: { en: name.en, ne: name.ne }, unit: { en: unit.en, ne: unit.ne } };
  return { id, ...texts, price, category, icon, ...(hidden === true ? { hidden } : {}) };
}
