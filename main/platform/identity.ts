/**
 * A machine's own Ed25519 key. It is made here and never leaves this folder (I12): written once, mode 0600, file and folder synced
 * before it is used, so that a power cut cannot leave a box that signed with a key it no longer has.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, linkSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeDurably } from './durable-file.ts';
import { ExitFault } from './exit.ts';

/**
 * The PKCS#8 PEM of the folder's key; makes it on first use. Where a file of `madeAfter` is there, it is not the first use: a new key would
 * not be known to anybody, and nothing that it signs would be heard.
 */
export function loadIdentity(directory: string, madeAfter: readonly string[] = []): string {
  const path = join(directory, 'identity.pem');
  if (!existsSync(path)) {
    const later = madeAfter.find((name) => existsSync(join(directory, name)));
    if (later !== undefined) {
      throw new ExitFault(
        3,
        `${path} is gone, and ${later} was made with it; put the key back from where it is, or begin anew with an empty data folder`,
      );
    }
    createIdentity(directory, path);
  }
  const mode = statSync(path).mode & 0o077;
  if (mode !== 0)
    throw new ExitFault(3, `${path} can be read by others; make it private (chmod 600) and think about whether the key is still a secret`);
  const pem = readFileSync(path, 'utf8');
  if (!isEd25519(pem)) {
    throw new ExitFault(3, `${path} is not a private key; put the right file back, or move it away and enrol this box again`);
  }
  return pem;
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function createIdentity(directory: string, path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const temporary = `${path}.${process.pid}.tmp`;
  writeDurably(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  try {
    // link() refuses an existing name, so two starts at once cannot replace each other's key.
    linkSync(temporary, path);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  } finally {
    unlinkSync(temporary);
  }
  syncFolder(directory);
}
