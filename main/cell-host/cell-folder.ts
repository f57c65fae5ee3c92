/**
 * One version of a cell on disk, read and verified: `<root>/<name>/<version>/` with the signed file, its manifest for people to read, and
 * what was prepared of it; texts that many cells share lie in `<root>/.glue/`. Nothing is used whose digest was not checked, and nothing
 * is reached through a link. Modules are compiled when first asked for.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { canonicalJson } from './canonical-json.ts';
import { type CellFile, type CellFileFault, readCellFile } from './cell-file.ts';
import { LIMITS } from './limits.ts';
import type { JcoParts, PreparedCell } from './prepared-cell.ts';
import { modulePath, type PreparedRecord, parsePreparedRecord, TEXT_BYTES_MAX } from './prepared-record.ts';
import { preparerDigest } from './preparer.ts';

export type CellFolderFault = {
  readonly code:
    | CellFileFault['code']
    | 'missing-file'
    | 'not-a-file'
    | 'other-manifest'
    | 'other-name'
    | 'untrusted-key'
    | 'not-prepared'
    | 'not-loadable';
  readonly detail: string;
};

/** A file of a cell is not what it was when the cell was read: thrown by what is loaded later. */
export class CellLoadError extends Error {
  readonly code: CellFolderFault['code'];

  constructor({ code, detail }: CellFolderFault) {
    super(detail);
    this.name = 'CellLoadError';
    this.code = code;
  }
}

export const CELL_FILE = 'cell.wasm';
export const MANIFEST_FILE = 'manifest.json';
export const PREPARED_FOLDER = 'prepared';
export const PREPARED_FILE = 'prepared.json';
export const SHARED_FOLDER = '.glue';

function fault(code: CellFolderFault['code'], detail: string): { readonly ok: false; readonly error: CellFolderFault } {
  return err({ code, detail });
}

/** Neither a link nor a pipe is followed or waited for. */
export function readPlainFile(path: string, bytesMax: number): Result<Uint8Array<ArrayBuffer>, CellFolderFault> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') return fault('not-a-file', `${path} is a link: install the cell again`);
    return fault('missing-file', `${path} cannot be read (${code}): install the cell again`);
  }
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) return fault('not-a-file', `${path} is not a file: install the cell again`);
    if (facts.size > bytesMax) return fault('too-large', `${path} is larger than ${bytesMax} bytes`);
    const bytes = new Uint8Array(facts.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return ok(bytes.subarray(0, length));
  } catch (error) {
    return fault('missing-file', `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): look at the disk`);
  } finally {
    closeSync(file);
  }
}

function readVerified(path: string, digest: string, bytesMax: number): Result<Uint8Array<ArrayBuffer>, CellFolderFault> {
  const bytes = readPlainFile(path, bytesMax);
  if (!bytes.ok || sha256Hex(bytes.value) === digest) return bytes;
  return fault('digest-mismatch', `${path} is not what was prepared: install the cell again`);
}

function orThrow<T>(result: Result<T, CellFolderFault>): T {
  if (!result.ok) throw new CellLoadError(result.error);
  return result.value;
}

/** Once for each value that is asked for; an error is not kept. */
function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

const requireModule = createRequire(import.meta.url);

/** The shared texts of a root, each verified once. */
export class SharedTexts {
  readonly #root: string;
  readonly #verified = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  verify(digest: string): Result<string, CellFolderFault> {
    const path = join(this.#root, SHARED_FOLDER, `${digest}.mjs`);
    if (!this.#verified.has(digest)) {
      const read = readVerified(path, digest, TEXT_BYTES_MAX);
      if (!read.ok) return read;
      this.#verified.add(digest);
    }
    return ok(path);
  }

  /** `require` loads an ES module at once, so that a worker can load its cells before its first command. */
  load(digest: string): object {
    const path = orThrow(this.verify(digest));
    try {
      return requireModule(path) as object;
    } catch (error) {
      throw new CellLoadError({ code: 'not-loadable', detail: `${path} cannot be loaded: ${String(error)}` });
    }
  }
}

function compile(path: string, digest: string): WebAssembly.Module {
  const bytes = orThrow(readVerified(path, digest, LIMITS.componentBytesMax));
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw new CellLoadError({ code: 'not-loadable', detail: `${path} is not WebAssembly: ${String(error)}` });
  }
}

function jcoOf(folder: string, record: PreparedRecord, texts: SharedTexts): JcoParts {
  const moduleOf = once((key: string) => {
    const [name = '', kind] = key.split(' ');
    const digests = Object.hasOwn(record.jco.modules, name) ? record.jco.modules[name] : undefined;
    const digest = kind === 'metered' ? digests?.metered : digests?.plain;
    if (digest === undefined) throw new CellLoadError({ code: 'missing-file', detail: `${folder} has no module ${key}` });
    return compile(join(folder, modulePath(name, kind === 'metered')), digest);
  });
  return {
    names: Object.keys(record.jco.modules),
    load: () => {
      const loaded = texts.load(record.jco.text) as Partial<ReturnType<JcoParts['load']>>;
      if (typeof loaded.instantiate !== 'function')
        throw new CellLoadError({ code: 'not-loadable', detail: 'jco’s text instantiates nothing' });
      return loaded as ReturnType<JcoParts['load']>;
    },
    module: (name, metered) => moduleOf(`${name} ${metered ? 'metered' : 'plain'}`),
  };
}

/** Everything that a request will run is read and its digest checked now; compiled and kept later. */
function verifyPrepared(folder: string, record: PreparedRecord, texts: SharedTexts): Result<undefined, CellFolderFault> {
  const checks: Result<unknown, CellFolderFault>[] = [];
  if (record.fast === undefined) {
    checks.push(texts.verify(record.jco.text));
    for (const [name, { metered }] of Object.entries(record.jco.modules)) {
      if (metered !== undefined) checks.push(readVerified(join(folder, modulePath(name, true)), metered, LIMITS.componentBytesMax));
    }
  } else {
    checks.push(texts.verify(record.fast.glue), readVerified(join(folder, 'core.wasm'), record.fast.core, LIMITS.componentBytesMax));
  }
  for (const check of checks) if (!check.ok) return check;
  return ok(undefined);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether this release prepared it; what it prepared is checked when it is used. */
export function isPrepared(folder: string): boolean {
  const bytes = readPlainFile(join(folder, PREPARED_FOLDER, PREPARED_FILE), LIMITS.manifestBytesMax);
  const record = bytes.ok ? parsePreparedRecord(parseJson(bytes.value)) : bytes;
  return record.ok && record.value.preparer === preparerDigest();
}

/** What was prepared, where it is there, of this component, and by this release. */
function readRecord(folder: string, digest: string): Result<PreparedRecord, CellFolderFault> {
  const bytes = readPlainFile(join(folder, PREPARED_FOLDER, PREPARED_FILE), LIMITS.manifestBytesMax);
  if (!bytes.ok) return fault('not-prepared', `${folder} is not prepared: start the gateway again, or install the cell again`);
  const record = parsePreparedRecord(parseJson(bytes.value));
  if (!record.ok) return record;
  if (record.value.digest !== digest) return fault('not-prepared', `${folder} was prepared from another component: install the cell again`);
  if (record.value.preparer !== preparerDigest())
    return fault('not-prepared', `${folder} was prepared by another release: start the gateway again`);
  return record;
}

/** The signed file of a version, which must be of this name and version, with the manifest beside it. */
export function readSigned(folder: string, name: string, version: string): Result<CellFile, CellFolderFault> {
  const bytes = readPlainFile(join(folder, CELL_FILE), LIMITS.componentBytesMax);
  if (!bytes.ok) return bytes;
  const file = readCellFile(bytes.value);
  if (!file.ok) return fault(file.error.code, `${join(folder, CELL_FILE)}: ${file.error.detail}`);
  const { manifest } = file.value;
  if (manifest.name !== name || manifest.version !== version) {
    return fault('other-name', `${folder} holds ${manifest.name} ${manifest.version}: install the cell again`);
  }
  const beside = readPlainFile(join(folder, MANIFEST_FILE), LIMITS.manifestBytesMax);
  if (!beside.ok) return beside;
  try {
    if (canonicalJson(parseJson(beside.value)) === canonicalJson(manifest)) return file;
  } catch {
    // No canonical form is another manifest.
  }
  return fault('other-manifest', `${join(folder, MANIFEST_FILE)} is not what the cell's author signed: install the cell again`);
}

/** A version, verified: signature, trust, every digest of what a request runs. */
export function readCellFolder(
  folder: string,
  name: string,
  version: string,
  isTrusted: (key: string) => boolean,
  texts: SharedTexts,
): Result<PreparedCell, CellFolderFault> {
  const file = readSigned(folder, name, version);
  if (!file.ok) return file;
  const { manifest, digest, key } = file.value;
  if (!isTrusted(key)) return fault('untrusted-key', `${name} ${version} is signed by ${key}, which this box does not trust`);
  const found = readRecord(folder, digest);
  if (!found.ok) return found;
  const record = found.value;
  if ((record.fast === undefined) !== (manifest.class === 'slow')) return fault('not-prepared', `${folder} was prepared for another class`);
  const prepared = join(folder, PREPARED_FOLDER);
  const verified = verifyPrepared(prepared, record, texts);
  if (!verified.ok) return verified;
  const { fast } = record;
  const core = fast === undefined ? undefined : once((path: string) => compile(path, fast.core));
  return ok({
    manifest,
    digest,
    key,
    fast:
      fast === undefined || core === undefined
        ? undefined
        : { module: () => core(join(prepared, 'core.wasm')), memory: fast.memory, glue: () => texts.load(fast.glue) },
    jco: jcoOf(prepared, record, texts),
  });
}
