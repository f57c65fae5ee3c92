/**
 * Ed25519 by node:crypto. A private key leaves this module as PEM text for the machine's own disk only (I12).
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify as verifySignature } from 'node:crypto';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { sha256Hex } from './sha256.ts';
import type { Signer, Verify } from './signing.ts';

/** The fixed beginning of an Ed25519 public key in SPKI form; the raw key follows. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A new key as PKCS#8 PEM, for the machine that made it. */
export function generateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length));
}

/** Throws where the text is no Ed25519 private key: a damaged identity file. */
export function signerFromPem(pem: string): Signer {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the identity file holds no Ed25519 key');
  return { publicKey: rawPublicKey(createPublicKey(key)), sign: (bytes) => new Uint8Array(sign(null, bytes, key)) };
}

/** Imported keys by their hex: importing costs as much as a third of a verification. Emptied when full, so it stays small. */
const imported = new Map<string, KeyObject>();
const IMPORTED_LIMIT = 1024;

function keyObject(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString('hex');
  let key = imported.get(name);
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
    if (imported.size >= IMPORTED_LIMIT) imported.clear();
    imported.set(name, key);
  }
  return key;
}

/** False for anything that is not a good signature, malformed keys included. */
export const verify: Verify = (publicKey, bytes, signature) => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verifySignature(null, bytes, keyObject(publicKey), signature);
  } catch {
    return false;
  }
};

/** SHA-256 of the raw key, 64 hex digits: what a person compares. */
export const fingerprint = (publicKey: Uint8Array): string => sha256Hex(publicKey);
