/**
 * What an editor needs to know the types of a cell in AssemblyScript: a `tsconfig.json` beside the sources, and in `.editor` what the build
 * brings by itself. They serve the editor alone: no build reads them, and a cell is the same without them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../wit/types.ts';
import { generateAssemblyScript } from './generate.ts';

const SDK = join(import.meta.dirname, '..');
const STANDARD = join(SDK, '../../node_modules/assemblyscript/std/assembly.json');

const TSCONFIG = {
  extends: STANDARD,
  compilerOptions: { rootDirs: ['.', '../.editor'], noEmit: true, skipLibCheck: true },
  include: ['**/*.ts', '../.editor/*.d.ts'],
};

/** The standard library's own declaration lies where an editor's compiler does not look for it. */
const NUMBERS = 'interface Number {\n  toString(radix?: number): string;\n}\n';

/** By path under the cell's folder. The copies are sound AssemblyScript that TypeScript would find fault with. */
export function editorFiles(world: World): Map<string, string> {
  const { sources } = generateAssemblyScript(world);
  const rules = readFileSync(join(SDK, 'assembly/rules.ts'), 'utf8');
  const copies = { 'bindings.ts': sources['bindings.ts'], 'runtime.ts': sources['runtime.ts'], 'rules.ts': rules };
  return new Map([
    ['assembly/tsconfig.json', `${JSON.stringify(TSCONFIG, undefined, 2)}\n`],
    ['.editor/numbers.d.ts', NUMBERS],
    ...Object.entries(copies).map(([name, text]): [string, string] => [`.editor/sdk/${name}`, `// @ts-nocheck\n${text}`]),
  ]);
}
