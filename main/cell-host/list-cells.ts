/**
 * The cells of a box as people see them: every version with its state, which one is in use, which one a rollback would bring back. A pause
 * between versions lets whoever asks do something else, for each is read and verified.
 */
import type { CellInUse } from '../gateway/book.ts';
import type { CellClass, CellWorld } from './manifest.ts';
import type { CellRegistry, Origin } from './registry.ts';

export type ListedVersion = {
  readonly version: string;
  readonly origin: Origin;
  /** `ready` could be put into use; `broken` says why it could not. */
  readonly state: 'in-use' | 'ready' | 'broken';
  readonly class?: CellClass;
  readonly world?: CellWorld;
  readonly digest?: string;
  /** Its author's key. */
  readonly key?: string;
  readonly reason?: string;
};

export type ListedCell = {
  readonly name: string;
  /** Absent where no version of it can be used. */
  readonly inUse?: string;
  /** What a rollback would put into use. */
  readonly previous?: string;
  /** False where nobody chose: the highest version of the release is in use. */
  readonly chosen: boolean;
  /** The version that was put into use and cannot be used, where another one stands in for it. */
  readonly missing?: string;
  readonly versions: ListedVersion[];
};

type Use = { readonly version: string; readonly digest: string };

/** What the host uses of a name: what was chosen if it is whole, else the standard version. */
function used(registry: CellRegistry, name: string, choice: CellInUse | undefined): Use | undefined {
  const found = choice === undefined ? undefined : registry.find(name, choice.version, choice.digest);
  const prepared = found?.ok === true ? found.value : registry.standard(name);
  return prepared === undefined ? undefined : { version: prepared.manifest.version, digest: prepared.digest };
}

async function listVersions(
  registry: CellRegistry,
  name: string,
  use: Use | undefined,
  pause: () => Promise<void>,
): Promise<ListedVersion[]> {
  const versions: ListedVersion[] = [];
  for (const listed of registry.versions(name)) {
    const { version, origin } = listed;
    const read = registry.read(listed);
    if (read.ok) {
      const { manifest, digest, key } = read.value;
      const state = use !== undefined && use.version === version && use.digest === digest ? 'in-use' : 'ready';
      versions.push({ version, origin, state, class: manifest.class, world: manifest.world, digest, key });
    } else {
      versions.push({ version, origin, state: 'broken', reason: read.error.detail });
    }
    await pause();
  }
  return versions;
}

export async function listCells(
  registry: CellRegistry,
  chosen: (name: string) => CellInUse | undefined,
  pause: () => Promise<void>,
): Promise<ListedCell[]> {
  const cells: ListedCell[] = [];
  for (const name of registry.names()) {
    const choice = chosen(name);
    const use = used(registry, name, choice);
    cells.push({
      name,
      ...(use === undefined ? {} : { inUse: use.version }),
      ...(choice?.from === undefined ? {} : { previous: choice.from }),
      chosen: choice !== undefined,
      ...(choice === undefined || (choice.version === use?.version && choice.digest === use.digest) ? {} : { missing: choice.version }),
      versions: await listVersions(registry, name, use, pause),
    });
  }
  return cells;
}
