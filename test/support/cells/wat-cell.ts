/** A cell written by hand as one core module, prepared for the fast host alone: what no compiler would write can be said in it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { resolveWorld } from '../../../cells/sdk/wit/resolve.ts';
import { must } from '../../../ledger-sync/ledger/result.ts';
import { generateGlue } from '../../../main/cell-host/glue/generate.ts';
import { loadGlue } from '../../../main/cell-host/glue/glue.ts';
import type { StringEncoding } from '../../../main/cell-host/glue/runtime-source.ts';
import { type PaymentManifest, parseManifest } from '../../../main/cell-host/manifest.ts';
import type { PreparedCell } from '../../../main/cell-host/prepared-cell.ts';
import { rewriteModule } from '../../../main/cell-host/rewrite/rewrite-module.ts';

const WIT = readFileSync(join(import.meta.dirname, '../../../cells/wit/cell.wit'), 'utf8');

export const ALL_GRANTS = ['chautari:cell/accounts@0.1.0', 'chautari:cell/state@0.1.0', 'chautari:cell/outbox@0.1.0'];

export const WAT_MANIFEST = {
  name: 'by-hand',
  version: '0.1.0',
  contract: 'chautari:cell@0.1.0',
  world: 'payment-cell',
  class: 'fast',
  actions: { sale: { served: 'none', legs: 1, debits: [], refunds: false } },
  grants: { imports: ALL_GRANTS, accounts: ['wallet', 'drawer', 'sales'] },
  budget: { fuel: 1_000_000, callDepth: 50, memoryPages: 4 },
};

export async function watCell(
  text: string,
  { encoding = 'utf16', manifest = WAT_MANIFEST }: { encoding?: StringEncoding; manifest?: typeof WAT_MANIFEST } = {},
): Promise<PreparedCell & { readonly manifest: PaymentManifest }> {
  const read = must(parseManifest(manifest), 'the manifest') as PaymentManifest;
  const { fuel, callDepth, memoryPages: memoryPagesMax } = read.budget;
  const made = must(rewriteModule(await parse(text), { fuel, callDepth, memoryPagesMax, importMemory: true }), 'the module');
  const module = new WebAssembly.Module(made.bytes);
  const path = join(mkdtempSync(join(tmpdir(), 'wat-cell-')), 'glue.mjs');
  writeFileSync(path, generateGlue(resolveWorld(WIT, read.world), encoding));
  const glue = loadGlue(path);
  const none = (): never => {
    throw new Error('a cell by hand runs on the fast host alone');
  };
  return {
    manifest: read,
    digest: '0'.repeat(64),
    key: '0'.repeat(64),
    fast: { module: () => module, memory: made.memory, glue: () => glue },
    jco: { load: none, names: [], module: none },
  };
}

/** Four bytes, little end first, as text of a data segment. */
export function word(value: number): string {
  return [0, 8, 16, 24].map((shift) => `\\${((value >>> shift) & 0xff).toString(16).padStart(2, '0')}`).join('');
}
