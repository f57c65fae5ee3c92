/**
 * Whose cells a box takes: keys with a name each, in a file beside the cells. The release brings its own list, a box keeps another;
 * a file that is not understood trusts nobody.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { asResult, readersOf } from './strict-json.ts';

export type TrustedKey = { readonly name: string; readonly key: string };
export type TrustFault = { readonly code: 'bad-trust'; readonly detail: string };

export const TRUSTED_FILE = 'trusted.json';
const FILE_BYTES_MAX = 64 * 1024;
const { text, object, list } = readersOf('bad-trust');

export const KEY = /^[0-9a-f]{64}$/;
export const KEY_NAME = /^[a-z0-9][a-z0-9 ._-]{0,39}$/i;

export function parseTrusted(value: unknown): Result<readonly TrustedKey[], TrustFault> {
  return asResult(() => {
    const rows = list(object(value, TRUSTED_FILE, ['keys']).keys, 'keys', (item, where) => {
      const row = object(item, where, ['name', 'key']);
      return { name: text(row.name, `${where}.name`, KEY_NAME), key: text(row.key, `${where}.key`, KEY) };
    });
    return rows.filter((row, index) => rows.findIndex(({ key }) => key === row.key) === index);
  });
}

export const trustedText = (keys: readonly TrustedKey[]): string => `${JSON.stringify({ keys }, undefined, 2)}\n`;

/** The keys of a folder of cells; none where it has no list. */
export function readTrusted(root: string): Result<readonly TrustedKey[], TrustFault> {
  const path = join(root, TRUSTED_FILE);
  try {
    if (statSync(path).size > FILE_BYTES_MAX) return err({ code: 'bad-trust', detail: `${path} is larger than ${FILE_BYTES_MAX} bytes` });
    const parsed = parseTrusted(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.ok ? parsed : err({ code: 'bad-trust', detail: `${path}: ${parsed.error.detail}` });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok([]);
    return err({ code: 'bad-trust', detail: `${path} cannot be read (${(error as Error).message}): no cell of it is trusted` });
  }
}
