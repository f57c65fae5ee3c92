/** What passes between the tables' main-thread side and their writer thread. */
import type { SqliteTables } from './sqlite-tables.ts';

/** The methods that write: one connection, in the thread, runs them all. */
export const WRITING = [
  'storePacked',
  'storeForkedPacked',
  'stage',
  'unstage',
  'saveContacts',
  'addVoucher',
  'useVoucher',
  'addMeter',
  'issueLease',
  'refuse',
  'saveDocument',
  'saveDocumentPeer',
  'saveSetting',
  'addSession',
  'endSession',
] as const satisfies readonly (keyof SqliteTables)[];
export type Writing = (typeof WRITING)[number];

export type Request = { readonly id: number; readonly method: Writing; readonly args: readonly unknown[] };
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: 'storage-full' | 'storage' | 'defect'; readonly message: string };
export type WorkerSetup = { readonly path: string };
