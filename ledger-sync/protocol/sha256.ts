/** SHA-256, the ledger's HashHex. */
import { hash } from 'node:crypto';
import type { HashHex } from '../ledger/entry.ts';

export const sha256Hex: HashHex = (bytes) => hash('sha256', bytes, 'hex');
