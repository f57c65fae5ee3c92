/**
 * Compiles a cell's AssemblyScript to a core module, in memory. The cell lies in `assembly/cell.ts`; what it imports from `./sdk/` is
 * generated or ours and never lies in its folder: `sdk/bindings`, `sdk/runtime`, `sdk/entry` and `sdk/rules`.
 */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import asc from 'assemblyscript/asc';
import { generateAssemblyScript } from './assemblyscript/generate.ts';
import { hintsFor, missingImport } from './assemblyscript/hints.ts';
import { CellCompileError, type CellSources } from './cell-compile-error.ts';
import { renameExports } from './core-exports.ts';
import type { World } from './wit/types.ts';

const ENTRY = 'sdk/entry.ts';

function sdkSources(world: World): { sources: Map<string, string>; exportNames: Map<string, string> } {
  const generated = generateAssemblyScript(world);
  const sources = new Map<string, string>();
  for (const [file, text] of Object.entries(generated.sources)) sources.set(`sdk/${file}`, text);
  sources.set('sdk/rules.ts', readFileSync(join(import.meta.dirname, 'assembly/rules.ts'), 'utf8'));
  return { sources, exportNames: generated.exportNames };
}

/** The standard library names its host's functions under `env`: no component has them, and its maker would not say so in plain words. */
function refuseWorldly(name: string, module: Uint8Array): void {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module.slice()));
  const missing = imports.filter((one) => one.module === 'env').map((one) => missingImport(one.name));
  if (missing.length > 0) throw new CellCompileError(name, missing.join('\n'));
}

/** `sources`: the files of the cell's `assembly` folder by name (`cell.ts`, `refund.ts`, ...). */
export async function compileCell(name: string, sources: CellSources, world: World, memoryPagesMax: number): Promise<Uint8Array> {
  const sdk = sdkSources(world);
  let module: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      ENTRY,
      '--outFile',
      'cell.wasm',
      // Fast, and small with it: of a box with thousands of cells most of the memory is their code.
      '-O3s',
      '--converge',
      '--runtime',
      'stub',
      '--use',
      'abort=sdk/runtime/cellAbort',
      '--initialMemory',
      '1',
      '--maximumMemory',
      String(memoryPagesMax),
    ],
    {
      stderr,
      readFile: (path) => {
        const file = posix.normalize(path);
        return sdk.sources.get(file) ?? sources.get(file) ?? null;
      },
      writeFile: (_path, contents) => {
        if (typeof contents !== 'string') module = new Uint8Array(contents);
      },
      listFiles: () => null,
    },
  );
  if (error !== null || module === undefined) {
    const said = stderr.toString() || String(error);
    throw new CellCompileError(
      name,
      [said.trimEnd(), ...hintsFor(said).map((hint) => `AssemblyScript is not TypeScript: ${hint}`)].join('\n'),
    );
  }
  refuseWorldly(name, module);
  return renameExports(module, sdk.exportNames);
}
