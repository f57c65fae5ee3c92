/**
 * Lays a cell down and is stopped at the Nth call that changes the disk: killed as by a power cut, or told that the disk is full.
 * `node place-child.ts ROOT CELL-ROOT NAME VERSION kill|full N`: the cell is copied from the folder CELL-ROOT. Prints the fault's code, or `done`.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [, , root = '', source = '', name = '', version = '', how = '', at = ''] = process.argv;
let calls = 0;

const CHANGING = ['openSync', 'writeSync', 'renameSync', 'mkdirSync', 'rmSync', 'fsyncSync'] as const;
type AnyCall = (...given: unknown[]) => unknown;

function stopAt(call: AnyCall, isWrite: boolean): AnyCall {
  return (...given) => {
    calls += 1;
    if (calls === Number(at)) {
      if (how === 'kill') process.kill(process.pid, 'SIGKILL');
      else if (isWrite) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    }
    return call(...given);
  };
}

const { readFileSync, readdirSync } = fs;
const { placeCell } = await import('../../../main/cell-host/place-cell.ts');
const folder = join(source, name, version);
const files = new Map<string, Uint8Array>();
for (const file of readdirSync(join(folder, 'prepared'), { recursive: true, encoding: 'utf8' })) {
  if (/\.(wasm|json)$/.test(file)) files.set(file, readFileSync(join(folder, 'prepared', file)));
}
const record = JSON.parse(readFileSync(join(folder, 'prepared/prepared.json'), 'utf8'));
const texts = new Map<string, string>(
  [record.fast.glue, record.jco.text].map((digest: string) => [digest, readFileSync(join(source, '.glue', `${digest}.mjs`), 'utf8')]),
);
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const bytes = readFileSync(join(folder, 'cell.wasm'));

for (const call of CHANGING) Object.assign(fs, { [call]: stopAt(fs[call] as AnyCall, call === 'writeSync' || call === 'mkdirSync') });
syncBuiltinESMExports();
const placed = placeCell(root, manifest, bytes, { record, files, texts });
process.stdout.write(placed.ok ? `done ${calls}` : placed.error.code);
