/**
 * An author's key: PKCS#8 PEM, private, made once. The release's own is made on the machine that builds it and never leaves its `dist`.
 * Two builds at once get one key: whoever comes second takes the first one's.
 */
import { chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';

/** Makes a key's file, mode 0600. Throws EEXIST where there is one: a key is never replaced in silence. */
export function makeKeyFile(path: string): Signer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  const pem = generateKey();
  const file = openSync(draft, 'wx', 0o600);
  try {
    chmodSync(draft, 0o600);
    writeSync(file, pem);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return signerFromPem(pem);
}

/** The key in a file; an error says what the file is not. */
export function readKeyFile(path: string): Signer {
  try {
    return signerFromPem(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === 'ENOENT' ? `there is no key ${path}: chautari cell key new FILE makes one` : `${path} is no Ed25519 private key in PEM`,
      {
        cause: error,
      },
    );
  }
}

export function ensureKeyFile(path: string): Signer {
  try {
    return makeKeyFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKeyFile(path);
  }
}
