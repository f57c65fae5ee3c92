/**
 * Packs a cell in plain JavaScript into a component: its modules and a QuickJS engine, started once at build time and frozen. The engine's
 * runtime imports WASI, which the manifest has to grant (runtime-imports.ts) and the host serves empty. The engine seeds its hash tables
 * anew in each build, so two builds differ in about a hundred bytes; each of them is deterministic in itself. Of the
 * engine's two builds this is the smaller one: a third less to keep, to meter and to compile, and as fast at what a cell does.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CellCompileError, type CellSources } from '../cell-compile-error.ts';

type Engine = {
  componentize(options: {
    witPath: string;
    jsSource: string;
    jsPath: string;
    moduleRoot: string;
    world: string;
    sync: boolean;
    optSize: boolean;
  }): Promise<{ component: Uint8Array }>;
};

/** `sources`: the files of the cell's `src` folder by name (`cell.js` and what it imports). */
export async function compileJs(name: string, sources: CellSources, wit: string, worldName: string): Promise<Uint8Array> {
  // A binary of its own for each platform: only a build of such a cell needs it.
  const engine = (await import('componentize-qjs').catch((error: unknown) => {
    throw new CellCompileError(name, `the JavaScript engine has no build for this machine: ${String(error)}`);
  })) as unknown as Engine;
  const folder = mkdtempSync(join(tmpdir(), 'cell-js-'));
  try {
    for (const [file, text] of sources) {
      mkdirSync(dirname(join(folder, 'src', file)), { recursive: true });
      writeFileSync(join(folder, 'src', file), text);
    }
    writeFileSync(join(folder, 'cell.wit'), wit);
    const jsPath = join(folder, 'src/cell.js');
    const made = await engine.componentize({
      witPath: join(folder, 'cell.wit'),
      jsSource: sources.get('cell.js') ?? '',
      jsPath,
      moduleRoot: join(folder, 'src'),
      world: worldName,
      sync: true,
      optSize: true,
    });
    return new Uint8Array(made.component);
  } catch (error) {
    throw new CellCompileError(name, error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
