/** From a core module to a component. What a component may import and whether it runs is the host's to say (main/cell-host/prepare.ts). */
import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';

export type StringEncoding = 'utf8' | 'utf16';

/** Strings are UTF-16 in the generated AssemblyScript, UTF-8 in C and Rust. */
export async function makeComponent(
  core: Uint8Array,
  wit: string,
  worldName: string,
  stringEncoding: StringEncoding = 'utf16',
): Promise<Uint8Array> {
  // A view in a copied buffer: an invalid module must be refused by its own words, not by wit-component's.
  if (!WebAssembly.validate(core.slice())) throw new Error('the core module is not valid WebAssembly');
  const embedded = await componentEmbed({ binary: core, witSource: wit, world: worldName, stringEncoding });
  return componentNew(embedded, []);
}
