/** Every migration in its order. A released one is never changed; the next number is added. */
import { ledger } from './0001-ledger.ts';
import { office } from './0002-office.ts';
import { leases } from './0003-leases.ts';

export const migrations: readonly string[] = [ledger, office, leases];
