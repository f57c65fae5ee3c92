/**
 * A cell that was prepared, as the hosts take it: everything verified by digest, nothing transpiled, modules compiled when first asked
 * for and kept. `prepare.ts` writes what this is read from; `cell-folder.ts` reads it.
 */
import type { CellManifest } from './manifest.ts';

/** What the fast host runs. The core module is rewritten: fuel and call depth baked in, its memory imported from the host. */
export type FastParts = {
  readonly module: () => WebAssembly.Module;
  /** Pages of the memory that it imports; undefined for a module without memory. */
  readonly memory: { readonly initial: number; readonly maximum: number } | undefined;
  /** The generated canonical-ABI glue's module namespace, loaded once for all cells of the same text. */
  readonly glue: () => object;
};

/** What jco made of the component, run as it stands (`metered: false`) or with its core modules metered by the rewriter. */
export type JcoParts = {
  /** jco's `instantiate(getCoreModule, imports, instantiateCore)`; its JavaScript is loaded at the first call. */
  readonly load: () => {
    instantiate(
      getCoreModule: (name: string) => WebAssembly.Module,
      imports: object,
      instantiateCore?: (module: WebAssembly.Module, imports?: WebAssembly.Imports) => WebAssembly.Instance,
    ): Record<string, unknown>;
  };
  /** jco's names of the core modules that the class's host runs. */
  readonly names: readonly string[];
  /** A core module by jco's name for it. `metered` is there for the class slow alone. */
  readonly module: (name: string, metered: boolean) => WebAssembly.Module;
};

export type PreparedCell = {
  readonly manifest: CellManifest;
  /** SHA-256 of the component without its signature. */
  readonly digest: string;
  /** The author's key, hex. */
  readonly key: string;
  /** The class fast alone. */
  readonly fast: FastParts | undefined;
  readonly jco: JcoParts;
};

/** Reads and compiles what a run needs, ahead of it. Throws a CellLoadError where a file is not what it was when the cell was verified. */
export function makeReady({ fast, jco }: PreparedCell): void {
  if (fast !== undefined) {
    fast.module();
    fast.glue();
    return;
  }
  jco.load();
  for (const name of jco.names) jco.module(name, true);
}
