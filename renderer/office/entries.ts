/**
 * A list of entries that grows at both ends: older pages by cursor, newer ones when the centre says that some came.
 * Invariants: newest first, each sequence once; at most `LIST_LIMIT` lines are held, and what is older is read again when asked for.
 */
import type { CentreEntriesBody, CentreEntryBody } from '../../ledger-sync/central/schemas.ts';

export type EntryList = {
  readonly entries: readonly CentreEntryBody[];
  readonly next?: number;
  /** Sequences above this came in while the list was on the screen. */
  readonly newAbove: number;
  readonly total?: number;
};

const LIST_LIMIT = 1000;

const cut = (list: EntryList): EntryList => {
  if (list.entries.length <= LIST_LIMIT) return list;
  const entries = list.entries.slice(0, LIST_LIMIT);
  const last = entries.at(-1);
  return { ...list, entries, ...(last === undefined ? {} : { next: last.sequence }) };
};

export const firstPage = (page: CentreEntriesBody): EntryList => ({
  entries: page.entries,
  ...(page.next === undefined ? {} : { next: page.next }),
  newAbove: page.entries[0]?.sequence ?? 0,
  ...(page.total === undefined ? {} : { total: page.total }),
});

export const withOlder = (list: EntryList, page: CentreEntriesBody): EntryList => {
  const oldest = list.entries.at(-1)?.sequence ?? Number.POSITIVE_INFINITY;
  const { next: _next, ...rest } = list;
  return {
    ...rest,
    entries: [...list.entries, ...page.entries.filter(({ sequence }) => sequence < oldest)],
    ...(page.next === undefined ? {} : { next: page.next }),
  };
};

/** The newest page joined to the list; where it does not reach down to the list, it replaces it, so that no hole is shown as none. */
export const withNewest = (list: EntryList, page: CentreEntriesBody): EntryList => {
  const top = list.entries[0]?.sequence ?? 0;
  const total = page.total === undefined ? {} : { total: page.total };
  if (list.entries.length > 0 && page.next !== undefined && page.entries.every(({ sequence }) => sequence > top)) {
    return { ...firstPage(page), newAbove: list.newAbove };
  }
  const fresh = page.entries.filter(({ sequence }) => sequence > top);
  const again = new Map(page.entries.map((entry) => [entry.sequence, entry]));
  return cut({ ...list, ...total, entries: [...fresh, ...list.entries.map((entry) => again.get(entry.sequence) ?? entry)] });
};
