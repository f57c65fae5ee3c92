/** What can be wrong with the database as a whole, in words that say what to do. The codes are ours; SQLite's stay behind this door. */
import { ExitFault } from '../platform/exit.ts';

/** Ordered by precedence, never renumbered. */
export type StorageFaultCode = 'missing' | 'locked' | 'not-ours' | 'newer' | 'other-gateway' | 'corrupt' | 'full' | 'unreadable';

export class StorageFault extends Error {
  readonly code: StorageFaultCode;
  constructor(code: StorageFaultCode, message: string) {
    super(message);
    this.name = 'StorageFault';
    this.code = code;
  }
}

/** SQLite's own error, or the one behind what somebody made of it, such as the host of a cell whose question met it. */
export function sqliteErrorOf(error: unknown): (Error & { readonly code: string }) | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return error as Error & { readonly code: string };
  return sqliteErrorOf(error.cause);
}

/** SQLite's code, undefined for any other error. */
export const sqliteCodeOf = (error: unknown): string | undefined => sqliteErrorOf(error)?.code;

/** What the disk did, as far as an error of SQLite says so: not a row that a rule refused, nor a defect of ours. */
export function diskTroubleOf(error: unknown): 'damaged' | 'failing' | undefined {
  if (error instanceof StorageFault) return error.code === 'corrupt' || error.code === 'not-ours' ? 'damaged' : 'failing';
  const code = sqliteCodeOf(error) ?? '';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return 'damaged';
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY)/.test(code) ? 'failing' : undefined;
}

/** The fault behind an error of SQLite; anything else is a defect of ours and is thrown on. */
export function storageFaultOf(error: unknown, path: string): StorageFault {
  if (error instanceof StorageFault) return error;
  const code = sqliteCodeOf(error);
  if (code === undefined) throw error;
  const detail = `(${code}: ${(error as Error).message})`;
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new StorageFault('corrupt', `${path} is damaged ${detail}; keep the file, and restore this box from head office's copy`);
  }
  if (code.startsWith('SQLITE_NOTADB')) {
    return new StorageFault('not-ours', `${path} is not a database; keep the file, and name the right folder with --data ${detail}`);
  }
  if (code.startsWith('SQLITE_FULL')) {
    return new StorageFault('full', `the disk of ${path} is full; make room, nothing that was answered is lost ${detail}`);
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StorageFault('locked', `${path} is in use by another process; stop it first ${detail}`);
  }
  return new StorageFault('unreadable', `${path} cannot be used; look at the disk and at this user's rights ${detail}`);
}

/** 3 where the data needs a person, 1 for what passes or can be put right outside. */
export function exitFaultOf(fault: StorageFault): ExitFault {
  const needsPerson = fault.code === 'corrupt' || fault.code === 'newer' || fault.code === 'not-ours' || fault.code === 'other-gateway';
  return new ExitFault(needsPerson ? 3 : 1, fault.message);
}
