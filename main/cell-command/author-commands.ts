/** What an author does with a cell before any box sees it: a key, a build, a signature, a look at the file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defineCommand } from 'citty';
import { ensureKeyFile, makeKeyFile, readKeyFile } from '../../cells/sdk/author-key.ts';
import { fingerprint } from '../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';
import { type CellFile, readCellFile, signCell } from '../cell-host/cell-file.ts';
import { type CellManifest, isPaymentManifest } from '../cell-host/manifest.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { readBytes, readComponent, readFolderManifest, readManifestFile, readSignedFile } from './cell-files.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function keyFrom(path: string): Signer {
  try {
    return readKeyFile(path);
  } catch (error) {
    throw new ExitFault(2, (error as Error).message);
  }
}

function writeCellFile(path: string, bytes: Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  } catch (error) {
    throw new ExitFault(1, `${path} cannot be written: ${(error as Error).message}`);
  }
}

function signed(component: Uint8Array, manifest: CellManifest, signer: Signer): Uint8Array {
  const file = signCell(component, manifest, signer);
  if (!file.ok) throw new ExitFault(1, file.error.detail);
  return file.value;
}

const keyArgs = {
  what: { type: 'positional', required: true, valueHint: 'new|show', description: 'Make a key, or show its public half' },
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'The key’s file; keep it to yourself' },
} as const;

export const keyCommand = defineCommand({
  meta: { name: 'key', description: 'Make an author’s key (mode 0600), or show its public half' },
  args: keyArgs,
  run: ({ args: given }) => {
    refuseUnknown(given, keyArgs);
    if (given.what !== 'new' && given.what !== 'show') throw new ExitFault(2, `"${given.what}" is neither new nor show`);
    let signer: Signer;
    try {
      signer = given.what === 'new' ? makeKeyFile(resolve(given.file)) : keyFrom(given.file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new ExitFault(1, `${given.file} is there already: a key is never replaced`);
    }
    say(hexOf(signer.publicKey));
  },
});

/** A box has no compilers: a package comes without them. */
async function builders() {
  try {
    const { builderOf } = await import('../../cells/sdk/builders.ts');
    const { buildComponent } = await import('../../cells/sdk/build-cells.ts');
    return { builderOf, buildComponent };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ExitFault(1, 'cells are built in a checkout of Chautari, not on a box: this program has no compilers with it');
  }
}

const buildArgs = {
  folder: { type: 'positional', required: true, valueHint: 'DIR', description: 'The cell’s folder, with manifest.json and sources' },
  out: { type: 'string', valueHint: 'FILE', description: 'Where the cell goes; DIR/dist/NAME-VERSION.wasm if not said' },
  key: { type: 'string', valueHint: 'FILE', description: 'The author’s key; DIR/author.pem if not said, made if it is not there' },
} as const;

export const buildCommand = defineCommand({
  meta: { name: 'build', description: 'From a cell’s folder to one signed file that a box can install' },
  args: buildArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, buildArgs);
    const folder = resolve(given.folder);
    const manifest = readFolderManifest(folder);
    const { builderOf, buildComponent } = await builders();
    const { prepareCell } = await import('../cell-host/prepare.ts');
    let component: Uint8Array;
    try {
      const missing = builderOf(folder).missing();
      if (missing !== undefined) throw new ExitFault(1, `${manifest.name} cannot be built here: ${missing}`);
      component = await buildComponent(folder, manifest);
    } catch (error) {
      if (error instanceof ExitFault) throw error;
      throw new ExitFault(1, (error as Error).message);
    }
    const signer = given.key === undefined ? ensureKeyFile(join(folder, 'author.pem')) : keyFrom(given.key);
    const bytes = signed(component, manifest, signer);
    const read = readCellFile(bytes);
    if (!read.ok) throw new Error(read.error.detail);
    // A box would refuse it just so: better now.
    const prepared = await prepareCell(read.value);
    if (!prepared.ok) throw new ExitFault(1, `${prepared.error.detail} (${prepared.error.code})`);
    const path = given.out === undefined ? join(folder, 'dist', `${manifest.name}-${manifest.version}.wasm`) : resolve(given.out);
    writeCellFile(path, bytes);
    say(`${path}: ${manifest.name} ${manifest.version}, ${bytes.length} bytes, signed by ${read.value.key}`);
  },
});

const signArgs = {
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'A component, signed or not' },
  key: { type: 'string', required: true, valueHint: 'FILE', description: 'The author’s key' },
  manifest: { type: 'string', valueHint: 'FILE', description: 'Its manifest; the one that it carries if not said' },
  out: { type: 'string', valueHint: 'FILE', description: 'Where the signed cell goes; in its own place if not said' },
} as const;

export const signCommand = defineCommand({
  meta: { name: 'sign', description: 'Sign a component with its manifest, in place of an earlier signature' },
  args: signArgs,
  run: ({ args: given }) => {
    refuseUnknown(given, signArgs);
    const component = readComponent(given.file);
    const manifest = given.manifest === undefined ? carried(given.file) : readManifestFile(given.manifest);
    const signer = keyFrom(given.key);
    const path = resolve(given.out ?? given.file);
    writeCellFile(path, signed(component, manifest, signer));
    say(`${path}: ${manifest.name} ${manifest.version}, signed by ${hexOf(signer.publicKey)}`);
  },
});

function carried(path: string): CellManifest {
  const read = readCellFile(readBytes(path));
  if (read.ok) return read.value.manifest;
  throw new ExitFault(2, `${path} carries no manifest that could be signed again (${read.error.code}): name one with --manifest`);
}

const inspectArgs = {
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'A signed cell' },
  json: { type: 'boolean', default: false, description: 'As JSON' },
} as const;

export const inspectCommand = defineCommand({
  meta: { name: 'inspect', description: 'What a signed cell is, may do and may use' },
  args: inspectArgs,
  run: ({ args: given }) => {
    refuseUnknown(given, inspectArgs);
    const { bytes, file } = readSignedFile(given.file);
    const { manifest, digest, key } = file;
    if (given.json) say(JSON.stringify({ manifest, digest, key, fileSha256: sha256Hex(bytes), bytes: bytes.length }, undefined, 2));
    else for (const line of inspected(file, bytes.length)) say(line);
  },
});

function inspected({ manifest, digest, key }: CellFile, bytes: number): string[] {
  const { name, version, world, contract, budget, grants } = manifest;
  const actions = isPaymentManifest(manifest) ? Object.keys(manifest.actions) : [];
  const sockets =
    !isPaymentManifest(manifest) && manifest.grants.sockets !== undefined ? [`sockets   ${manifest.grants.sockets.join(', ')}`] : [];
  return [
    `${name} ${version}, class ${manifest.class}, ${bytes} bytes`,
    `world     ${world} of ${contract}`,
    ...(actions.length === 0 ? [] : [`actions   ${actions.join(', ')}`]),
    `imports   ${grants.imports.length === 0 ? 'none' : grants.imports.join(', ')}`,
    ...(isPaymentManifest(manifest) ? [`accounts  ${manifest.grants.accounts.join(', ')}`] : []),
    ...sockets,
    `budget    fuel ${budget.fuel}, call depth ${budget.callDepth}, memory ${budget.memoryPages} pages`,
    `digest    ${digest}`,
    `author    ${key} (fingerprint ${fingerprint(Buffer.from(key, 'hex')).slice(0, 16)})`,
  ];
}
