/** Edits of the catalogue: what undoes a change, and an id that is free. Only members that change are sent, so that edits merge. */
import type { CatalogueItemBody } from '../../main/api/schemas.ts';

export type ItemChange = Partial<Omit<CatalogueItemBody, 'id'>>;

/** The edit that puts back what a change replaced. */
export const undoOf = (before: CatalogueItemBody, change: ItemChange): { readonly id: string } & ItemChange => {
  const back: Record<string, unknown> = { id: before.id };
  for (const key of Object.keys(change) as (keyof ItemChange)[]) back[key] = key === 'hidden' ? (before.hidden ?? false) : before[key];
  return back as { readonly id: string } & ItemChange;
};

export const freeId = (items: readonly { readonly id: string }[]): string => {
  const taken = new Set(items.map(({ id }) => id));
  for (let number = 1; ; number += 1) {
    const id = `item-${number}`;
    if (!taken.has(id)) return id;
  }
};

export const isGoodName = (text: string): boolean => text.trim() !== '' && text.trim().length <= 60;
