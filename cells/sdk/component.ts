/**
 * From a core module to a component, and from a component to what Node runs: jco's transpiled output with sync instantiation. Any
 * component that passes `transpileCell` imports what its manifest grants and nothing else.
 */
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { componentEmbed, componentNew, componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import type { CellManifest } from '../../main/cell-host/manifest.ts';

/** A component that cannot become an installed cell. */
export class CellRefusedError extends Error {
  readonly code: 'not-a-component' | 'import-not-granted' | 'wrong-world';

  constructor(code: CellRefusedError['code'], message: string) {
    super(message);
    this.name = 'CellRefusedError';
    this.code = code;
  }
}

export type StringEncoding = 'utf8' | 'utf16';

/** Strings are UTF-16 in the generated AssemblyScript, UTF-8 in C and Rust. */
export async function makeComponent(
  core: Uint8Array,
  wit: string,
  worldName: string,
  stringEncoding: StringEncoding = 'utf16',
): Promise<Uint8Array> {
  // A view in a copied buffer: an invalid module must be refused by its own words, not by wit-component's.
  if (!WebAssembly.validate(core.slice())) throw new CellRefusedError('not-a-component', 'the core module is not valid WebAssembly');
  const embedded = await componentEmbed({ binary: core, witSource: wit, world: worldName, stringEncoding });
  return componentNew(embedded, []);
}

/** `called`: the interfaces of which the transpiled code calls something. One that only lends its types asks for nothing. */
function refusedImports(imports: readonly string[], called: readonly string[], manifest: CellManifest): string[] {
  const lendsTypes = (name: string): boolean => name.includes('/') && !called.includes(name.replace(/@.*$/, ''));
  return imports.filter((name) => !manifest.grants.imports.includes(name) && !lendsTypes(name));
}

/** All interfaces that a component imports, as its own WIT says, with versions. */
async function componentImports(component: Uint8Array): Promise<string[]> {
  const wit = await componentWit(component).catch((error: unknown) => {
    throw new CellRefusedError('not-a-component', `this is not a component: ${String(error)}`);
  });
  const world = /world root \{([\s\S]*?)\n\}/.exec(wit)?.[1] ?? '';
  return [...world.matchAll(/^\s*import ([^;\s]+)(?:;|: .*)$/gm)].map((match) => match[1] ?? '');
}

export type TranspiledCell = { entry: string; files: Map<string, Uint8Array>; imports: string[] };

export async function transpileCell(component: Uint8Array, manifest: CellManifest): Promise<TranspiledCell> {
  const imports = await componentImports(component);
  const transpiled = await transpileBytes(component, {
    name: manifest.name,
    instantiation: 'sync',
    nodejsCompat: false,
    base64Cutoff: 0,
    emitTypescriptDeclarations: false,
  });
  const refused = refusedImports(imports, transpiled.imports, manifest);
  if (refused.length > 0) {
    throw new CellRefusedError(
      'import-not-granted',
      `the cell ${manifest.name} imports ${refused.join(', ')}, which its manifest does not grant`,
    );
  }
  const entry = `${manifest.name}.mjs`;
  const files = new Map<string, Uint8Array>();
  for (const [name, contents] of Object.entries(transpiled.files)) {
    if (name.endsWith('.wasm')) files.set(name, contents);
    else if (name === `${manifest.name}.js`) files.set(entry, contents);
  }
  if (!files.has(entry)) throw new Error(`jco gave no module for the cell ${manifest.name}`);
  if (!transpiled.exports.some(([name]) => name === 'decide')) {
    throw new CellRefusedError('wrong-world', `the cell ${manifest.name} exports no decide: it is not of the world ${manifest.world}`);
  }
  return { entry, files, imports };
}
