/** Every migration in its order. A released one is never changed; the next number is added. */
import { ledger } from './0001-ledger.ts';
import { office } from './0002-office.ts';

export const migrations: readonly string[] = [ledger, office];
