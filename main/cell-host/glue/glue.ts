/**
 * A generated glue module, as programs use it. It is one for all cells of its world and encoding, and serves one call at a time: between
 * `enter` and `leave` its imports answer for the host that was given, at any other time they trap.
 */
import { createRequire } from 'node:module';

/** The views of one memory. `grown`: the cell let it grow, and these views are dead. */
export type MemoryViews = { readonly memory: WebAssembly.Memory; readonly grown: boolean; readonly u8: Uint8Array };

export type GlueFault = Error & { readonly code: 'trap' | 'limit' | 'bad-answer' };

export interface Glue {
  readonly makeViews: (memory: WebAssembly.Memory) => MemoryViews;
  /** What a core module of this world imports, its memory included. */
  readonly makeImports: (memory: WebAssembly.Memory) => WebAssembly.Imports;
  /** Throws where a call runs already: a host that calls a cell from within a cell is broken. */
  readonly enter: (views: MemoryViews, host: object) => void;
  readonly leave: () => void;
  /** By the export's name in the WIT. */
  readonly calls: Readonly<Record<string, (exports: WebAssembly.Exports, args: readonly unknown[]) => unknown>>;
  /** What is thrown where a cell breaks the canonical ABI or a limit of the glue. */
  readonly Fault: new (
    code: GlueFault['code'],
    message: string,
  ) => GlueFault;
}

const MEMBERS: Readonly<Record<keyof Glue, string>> = {
  makeViews: 'function',
  makeImports: 'function',
  enter: 'function',
  leave: 'function',
  calls: 'object',
  Fault: 'function',
};

function isGlue(namespace: object): namespace is Glue {
  return Object.entries(MEMBERS).every(([name, type]) => typeof (namespace as Record<string, unknown>)[name] === type);
}

/** The namespace of a module that `generateGlue` wrote. */
export function asGlue(namespace: object): Glue {
  if (!isGlue(namespace)) throw new TypeError('this module is no glue: prepare the cell again');
  return namespace;
}

/** Loads the file at once, so that a worker can load its cells before its first command. Node keeps one module a file. */
export function loadGlue(path: string): Glue {
  return asGlue(createRequire(import.meta.url)(path) as object);
}
