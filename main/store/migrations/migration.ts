/** A step of the database's shape. One file a step, numbered without gaps; a step that was released is never edited. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string };
