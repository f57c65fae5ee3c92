import { spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDurably } from './durable-file.ts';
import { loadIdentity } from './identity.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-identity-'));
  path = join(directory, 'identity.pem');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('identity', () => {
  it('makes no new key where something was made with the old one', () => {
    writeFileSync(join(directory, 'enrolment.json'), '{}');
    expect(() => loadIdentity(directory, ['enrolment.json'])).toThrow(
      expect.objectContaining({ code: 3, message: expect.stringContaining('identity.pem is gone') }),
    );
  });

  it('is made once, an Ed25519 key for this user alone, and leaves nothing else behind', () => {
    const pem = loadIdentity(directory);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ed25519');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadIdentity(directory)).toBe(pem);
    expect(readdirSync(directory)).toEqual(['identity.pem']);
  });

  it('is one key where four processes make it at the same moment', async () => {
    const module = pathToFileURL(join(import.meta.dirname, 'identity.ts')).href;
    const code = `import { loadIdentity } from ${JSON.stringify(module)};
      process.stdin.once('data', () => { process.stdout.write(loadIdentity(${JSON.stringify(directory)})); });
      process.stderr.write('ready');`;
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', code]));
    const outputs = children.map(async (child) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      await new Promise((resolve) => child.once('close', resolve));
      return text;
    });
    await Promise.all(children.map((child) => new Promise((resolve) => child.stderr.once('data', resolve))));
    for (const child of children) child.stdin.end('go');
    const pems = await Promise.all(outputs);
    expect(new Set(pems).size).toBe(1);
    expect(pems[0]).toBe(readFileSync(path, 'utf8'));
    expect(readdirSync(directory)).toEqual(['identity.pem']);
  });

  it('that others can read is not used', () => {
    loadIdentity(directory);
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      expect(() => loadIdentity(directory)).toThrow(expect.objectContaining({ code: 3, message: expect.stringContaining('chmod 600') }));
    }
  });

  it.each([
    ['empty', ''],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['cut short', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE'],
    ['another kind of key', 'x25519'],
  ])('that is %s needs a person, and is left as it is', (_name, text) => {
    const bad = text === 'x25519' ? (generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string) : text;
    writeFileSync(path, bad, { mode: 0o600 });
    expect(() => loadIdentity(directory)).toThrow(
      expect.objectContaining({ code: 3, message: expect.stringContaining('enrol this box again') }),
    );
    expect(readFileSync(path, 'utf8')).toBe(bad);
  });

  it('is not made where the folder is gone', () => {
    expect(() => loadIdentity(join(directory, 'none'))).toThrow('ENOENT');
    expect(existsSync(join(directory, 'none'))).toBe(false);
  });
});

it('a private file is for this user alone, whatever was there before', () => {
  writeFileSync(path, 'much longer than what comes now', { mode: 0o644 });
  writeDurably(path, 'short');
  expect(readFileSync(path, 'utf8')).toBe('short');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
