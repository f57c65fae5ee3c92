/**
 * The cells of a box: those of the release and those that were installed, several versions of a name side by side. Folders are listed at
 * once, a version is read and verified when it is first asked for. A version that is broken or not trusted is out and says why; the
 * others are served (and a name whose highest version is broken is served by the one before it).
 */
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, type Result } from '../../ledger-sync/ledger/result.ts';
import { type CellFolderFault, CellLoadError, readCellFolder, SharedTexts } from './cell-folder.ts';
import { LIMITS } from './limits.ts';
import { compareVersions, isCellName, isCellVersion } from './manifest.ts';
import { makeReady, type PreparedCell } from './prepared-cell.ts';
import { readTrusted } from './trusted-keys.ts';

export type CellRoots = {
  /** What the release brings. */
  readonly shipped: string;
  /** What was installed on this box. */
  readonly installed?: string | undefined;
};

export type Origin = 'shipped' | 'installed';
export type Listed = { readonly name: string; readonly version: string; readonly origin: Origin };
export type Broken = Listed & { readonly fault: CellFolderFault };

type Root = { readonly origin: Origin; readonly path: string; readonly texts: SharedTexts };
type Version = Listed & { read: Result<PreparedCell, CellFolderFault> | undefined };

function foldersIn(path: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
  // A link is no folder here: what it points at may be anybody's.
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const keyOf = ({ name, version, origin }: Listed): string => `${name} ${version} ${origin}`;
/** Ascending; of one version in both roots the release's comes last. */
const byVersion = (left: Listed, right: Listed): number =>
  compareVersions(left.version, right.version) || Number(left.origin === 'shipped') - Number(right.origin === 'shipped');

export class CellRegistry {
  readonly #roots: readonly Root[];
  readonly #versions = new Map<string, Version[]>();
  readonly #ready = new WeakSet<PreparedCell>();
  #trusted: ReadonlyMap<Origin, ReadonlySet<string>> = new Map();
  /** Rises whenever something may have become broken: whoever tells of it looks only then, for there may be thousands of cells. */
  faultsSeen = 0;
  /** Lists of keys that could not be read. */
  troubles: readonly string[] = [];

  /** Throws a CellLoadError where the release's folder is not there: then nothing was built. */
  constructor(roots: CellRoots) {
    if (!existsSync(roots.shipped)) {
      throw new CellLoadError({ code: 'missing-file', detail: `there are no cells in ${roots.shipped}: run "npm run build"` });
    }
    this.#roots = [
      ...(roots.installed === undefined ? [] : [this.#root('installed', roots.installed)]),
      this.#root('shipped', roots.shipped),
    ];
    this.look();
  }

  #root(origin: Origin, path: string): Root {
    return { origin, path: resolve(path), texts: new SharedTexts(resolve(path)) };
  }

  /** Reads the folders' names and the trusted keys again. What was verified stays verified; what was broken is tried again. */
  look(): void {
    const before = new Map([...this.#versions.values()].flat().map((version) => [keyOf(version), version]));
    this.#versions.clear();
    this.faultsSeen += 1;
    this.#lookAtKeys();
    for (const { origin, path } of this.#roots) {
      for (const name of foldersIn(path).filter(isCellName)) {
        for (const version of foldersIn(join(path, name)).filter(isCellVersion)) {
          const listed = { name, version, origin };
          const known = before.get(keyOf(listed));
          const read = known?.read?.ok === true && this.#trusts(origin, known.read.value.key) ? known.read : undefined;
          this.#add({ ...listed, read });
        }
      }
    }
    for (const versions of this.#versions.values()) versions.sort(byVersion);
  }

  #add(version: Version): void {
    const known = this.#versions.get(version.name);
    if (known !== undefined) known.push(version);
    else if (this.#versions.size < LIMITS.cellsMax) this.#versions.set(version.name, [version]);
    else throw new CellLoadError({ code: 'too-large', detail: `there are more than ${LIMITS.cellsMax} cells` });
  }

  /** The release's list is good for both roots, the box's own for what was installed alone. */
  #lookAtKeys(): void {
    const troubles: string[] = [];
    const trusted = new Map<Origin, Set<string>>([
      ['shipped', new Set()],
      ['installed', new Set()],
    ]);
    for (const { origin, path } of this.#roots) {
      const keys = readTrusted(path);
      if (!keys.ok) troubles.push(keys.error.detail);
      else
        for (const { key } of keys.value)
          for (const whose of origin === 'shipped' ? trusted.keys() : [origin]) trusted.get(whose)?.add(key);
    }
    this.#trusted = trusted;
    this.troubles = troubles;
  }

  #trusts(origin: Origin, key: string): boolean {
    return this.#trusted.get(origin)?.has(key) === true;
  }

  names(): string[] {
    return [...this.#versions.keys()].toSorted();
  }

  /** Ascending by version. */
  versions(name: string): readonly Listed[] {
    return this.#versions.get(name) ?? [];
  }

  /** The version, verified now where it was not. */
  read(listed: Listed): Result<PreparedCell, CellFolderFault> {
    const version = this.#versions.get(listed.name)?.find((one) => one.version === listed.version && one.origin === listed.origin);
    const root = this.#roots.find(({ origin }) => origin === listed.origin);
    if (version === undefined || root === undefined) {
      return err({ code: 'missing-file', detail: `${listed.name} ${listed.version} is not installed on this box` });
    }
    if (version.read === undefined) {
      version.read = this.#readFolder(root, version);
      if (!version.read.ok) this.faultsSeen += 1;
    }
    return version.read;
  }

  #readFolder({ origin, path, texts }: Root, { name, version }: Version): Result<PreparedCell, CellFolderFault> {
    return readCellFolder(join(path, name, version), name, version, (key) => this.#trusts(origin, key), texts);
  }

  /** A version by its text, and by its digest where one is pinned; what was placed since the last look is found too. */
  find(name: string, version: string, digest?: string): Result<PreparedCell, CellFolderFault> {
    const found = this.#seek(name, version, digest);
    if (found.ok) return found;
    this.look();
    return this.#seek(name, version, digest);
  }

  #seek(name: string, version: string, digest: string | undefined): Result<PreparedCell, CellFolderFault> {
    let worst: CellFolderFault = { code: 'missing-file', detail: `${name} ${version} is not installed on this box` };
    for (const listed of this.versions(name).toReversed()) {
      if (listed.version !== version) continue;
      const read = this.read(listed);
      if (!read.ok) worst = read.error;
      else if (digest === undefined || read.value.digest === digest) return read;
      else
        worst = {
          code: 'digest-mismatch',
          detail: `${name} ${version} on this box is another component than the one that was put into use`,
        };
    }
    return err(worst);
  }

  /** What is used where nobody chose: the highest version that the release brought and that is whole. */
  standard(name: string): PreparedCell | undefined {
    for (const listed of this.versions(name).toReversed()) {
      const read = listed.origin === 'shipped' ? this.read(listed) : undefined;
      if (read?.ok === true) return read.value;
    }
    return undefined;
  }

  /** Reads what is used where nobody chose, and compiles the first of it, so that no request has to. */
  warm(): void {
    for (const [index, name] of this.names().entries()) {
      const cell = this.standard(name);
      if (cell !== undefined && index < LIMITS.cellsReadyMax) this.ready(cell);
    }
  }

  /** Reads and compiles what a run needs; false where its files were changed since they were verified: then it is out. */
  ready(cell: PreparedCell): boolean {
    if (this.#ready.has(cell)) return true;
    try {
      makeReady(cell);
      this.#ready.add(cell);
      return true;
    } catch (error) {
      if (!(error instanceof CellLoadError)) throw error;
      const { name } = cell.manifest;
      const version = this.#versions.get(name)?.find(({ read }) => read?.ok === true && read.value === cell);
      if (version !== undefined) version.read = err({ code: error.code, detail: error.message });
      return false;
    }
  }

  /** Every version that was read and is out. */
  broken(): Broken[] {
    return [...this.#versions.values()].flat().flatMap(({ name, version, origin, read }) => {
      return read === undefined || read.ok ? [] : [{ name, version, origin, fault: read.error }];
    });
  }
}
