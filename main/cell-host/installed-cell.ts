/**
 * A cell on disk made ready: manifest read, every digest verified, modules compiled. All of it happens once, at load; a request only
 * instantiates. Anything that is not exactly what the manifest says is refused with a CellLoadError.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CellApproval, CellPayment } from './cell.ts';
import { LIMITS } from './limits.ts';
import { type BuiltManifest, type ManifestFault, parseBuiltManifest } from './manifest.ts';
import { emptyWasi } from './wasi.ts';

export class CellLoadError extends Error {
  readonly code:
    | ManifestFault['code']
    | 'missing-file'
    | 'digest-mismatch'
    | 'not-loadable'
    | 'import-not-granted'
    | 'too-many-cells'
    | 'name-twice';

  constructor(code: CellLoadError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CellLoadError';
    this.code = code;
  }
}

type CellExports = { decide(payment: CellPayment): CellApproval };
type Instantiate = (getCoreModule: (name: string) => WebAssembly.Module, imports: object) => CellExports;

export type InstalledCell = {
  readonly manifest: BuiltManifest;
  /** A fresh instance over these imports. */
  readonly instantiate: (imports: object) => CellExports;
};

function readBounded(path: string, bytesMax: number): Buffer {
  try {
    if (statSync(path).size > bytesMax) throw new CellLoadError('not-loadable', `${path} is larger than ${bytesMax} bytes`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof CellLoadError) throw error;
    throw new CellLoadError('missing-file', `${path} cannot be read: install the cell again`, { cause: error });
  }
}

function readVerified(path: string, sha256: string): Buffer {
  const bytes = readBounded(path, LIMITS.componentBytesMax);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new CellLoadError('digest-mismatch', `${path} has the digest ${found}, its manifest says ${sha256}: install the cell again`);
  }
  return bytes;
}

function readManifest(folder: string): BuiltManifest {
  const path = join(folder, 'manifest.json');
  const text = readBounded(path, LIMITS.manifestBytesMax).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CellLoadError('bad-manifest', `${path} is not JSON`, { cause: error });
  }
  const manifest = parseBuiltManifest(value);
  if (!manifest.ok) throw new CellLoadError(manifest.error.code, `${path}: ${manifest.error.detail}`);
  return manifest.value;
}

/** Instantiates once without running anything: an import that is not granted shows now, not in front of a customer. */
function tryImports(cell: InstalledCell): void {
  const granted = cell.manifest.grants.imports.map((name) => name.slice(0, name.indexOf('@')));
  const stop = (detail: string): never => {
    throw new Error(detail);
  };
  const wasi = granted.some((name) => name.startsWith('wasi:')) ? emptyWasi({ limit: stop, exit: stop }) : {};
  const nothing = new Proxy({}, { get: () => () => undefined });
  const imports = new Proxy(
    {},
    {
      get: (_target, name) => {
        if (granted.includes(String(name))) return wasi[String(name)] ?? nothing;
        const code = String(name).startsWith('wasi:') ? 'wasi-denied' : 'import-not-granted';
        throw new CellLoadError(code, `the cell ${cell.manifest.name} imports ${String(name)}, which its manifest does not grant`);
      },
    },
  );
  try {
    cell.instantiate(imports);
  } catch (error) {
    if (error instanceof CellLoadError) throw error;
    throw new CellLoadError('not-loadable', `the cell ${cell.manifest.name} cannot be instantiated: ${String(error)}`, { cause: error });
  }
}

export function installedCell(folder: string): InstalledCell {
  const manifest = readManifest(folder);
  const component = readVerified(join(folder, manifest.component.file), manifest.component.sha256);
  if (component.length !== manifest.component.bytes) {
    throw new CellLoadError(
      'digest-mismatch',
      `${manifest.component.file} has ${component.length} bytes, its manifest says ${manifest.component.bytes}`,
    );
  }
  const modules = new Map<string, WebAssembly.Module>();
  for (const [name, sha256] of Object.entries(manifest.transpiled.files)) {
    const bytes = readVerified(join(folder, 'transpiled', name), sha256);
    if (!name.endsWith('.wasm')) continue;
    try {
      modules.set(name, new WebAssembly.Module(new Uint8Array(bytes)));
    } catch (error) {
      throw new CellLoadError('not-loadable', `${name} of the cell ${manifest.name} is not WebAssembly`, { cause: error });
    }
  }
  const getCoreModule = (name: string): WebAssembly.Module => {
    const module = modules.get(name);
    if (module === undefined) throw new CellLoadError('missing-file', `the cell ${manifest.name} has no module ${name}`);
    return module;
  };
  // `require` loads an ES module at once, so that a worker can load its cells before its first command.
  const loaded: { instantiate?: unknown } = createRequire(import.meta.url)(join(folder, 'transpiled', manifest.transpiled.entry));
  if (typeof loaded.instantiate !== 'function') {
    throw new CellLoadError('not-loadable', `${manifest.transpiled.entry} exports no instantiate: transpile the cell again`);
  }
  const instantiate = loaded.instantiate as Instantiate;
  const cell: InstalledCell = { manifest, instantiate: (imports) => instantiate(getCoreModule, imports) };
  tryImports(cell);
  return cell;
}
