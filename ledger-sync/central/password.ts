/**
 * The office's password. Made on the first start, written to `office-password` (0600) for whoever runs the centre, and said once in the log;
 * the database keeps only its Argon2id hash. Whoever writes another password into the file has it taken at the next start.
 */
import { argon2, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../main/platform/durable-file.ts';
import { type Entropy, randomCrockford } from '../../main/platform/entropy.ts';
import type { Tables } from './tables.ts';

const SETTING = 'office-password-hash';
const MEMORY_KIB = 19_456;
const PASSES = 2;

export type OfficePassword = { verify(password: string): Promise<boolean> };

const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parameters = {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: salt,
      parallelism: 1,
      tagLength: 32,
      memory: MEMORY_KIB,
      passes: PASSES,
    };
    argon2('argon2id', parameters, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });

const encode = (salt: Uint8Array, derived: Uint8Array): string =>
  `argon2id$${MEMORY_KIB}$${PASSES}$${Buffer.from(salt).toString('base64url')}$${Buffer.from(derived).toString('base64url')}`;

async function matches(hash: string, password: string): Promise<boolean> {
  const [kind, memory, passes, salt = '', expected = ''] = hash.split('$');
  if (kind !== 'argon2id' || memory !== String(MEMORY_KIB) || passes !== String(PASSES)) return false;
  const wanted = Buffer.from(expected, 'base64url');
  const derived = await derive(password, Buffer.from(salt, 'base64url'));
  return wanted.length === derived.length && timingSafeEqual(wanted, derived);
}

export async function loadOfficePassword(
  tables: Tables,
  directory: string,
  entropy: Entropy,
  say: (path: string, password: string) => void,
): Promise<OfficePassword> {
  const path = join(directory, 'office-password');
  let hash = await tables.setting(SETTING);
  let password = existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
  if (hash === undefined && (password === undefined || password === '')) {
    password = (randomCrockford(entropy, 16).match(/.{4}/g) ?? []).join('-');
    writeDurably(path, `${password}\n`);
    say(path, password);
  }
  if (password !== undefined && password !== '' && (hash === undefined || !(await matches(hash, password)))) {
    const salt = entropy.bytes(16);
    hash = encode(salt, await derive(password, salt));
    await tables.saveSetting(SETTING, hash);
  }
  const kept = hash ?? '';
  return { verify: (given) => matches(kept, given.trim()) };
}
