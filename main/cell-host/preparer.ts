/**
 * Which preparation this release makes: a digest over everything that the prepared files depend on besides the cell. Cells that another
 * one prepared are prepared again, so that a mended rewriter reaches the cells that are installed already.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
const FILES = ['prepare.ts', 'canonical-built-ins.ts', 'transpile.ts', 'prepared-record.ts', 'fuel-costs.ts', 'merge-data.ts'];
const FOLDERS = [join(HERE, 'rewrite'), join(HERE, 'glue'), join(ROOT, 'cells/sdk/abi'), join(ROOT, 'cells/sdk/wit')];

export const CONTRACT_WIT: string = join(ROOT, 'cells/wit/cell.wit');

function sourcesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted()
    .map((file) => join(folder, file));
}

let known: string | undefined;

export function preparerDigest(): string {
  if (known !== undefined) return known;
  const manifest = readFileSync(
    createRequire(import.meta.url)
      .resolve('@bytecodealliance/jco-transpile')
      .replace(/dist\/index\.js$/, 'package.json'),
  );
  const hash = createHash('sha256').update(String((JSON.parse(manifest.toString('utf8')) as { version?: unknown }).version));
  for (const file of [...FILES.map((name) => join(HERE, name)), ...FOLDERS.flatMap(sourcesOf), CONTRACT_WIT]) {
    hash.update('\0').update(readFileSync(file));
  }
  known = hash.digest('hex');
  return known;
}
