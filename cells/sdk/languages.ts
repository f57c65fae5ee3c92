/** The languages that a cell may be written in; builders.ts says how each is built. */
export const LANGUAGES = ['assemblyscript', 'c', 'javascript', 'rust'] as const;
export type CellLanguage = (typeof LANGUAGES)[number];
