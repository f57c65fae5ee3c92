/** Hostile cells built, signed, prepared and laid down as any other cell. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { makeComponent } from '../../cells/sdk/component.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { type CellManifest, parseManifest } from '../../main/cell-host/manifest.ts';
import { hostileCells } from './cells.ts';

const WIT = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');
export const BUDGET = { fuel: 3_000_000, callDepth: 200, memoryPages: 4 };
export const author = signerFromPem(generateKey());

export function manifestOf(name: string, speed: 'fast' | 'slow' = 'fast'): CellManifest {
  const parsed = parseManifest({
    name,
    version: '0.1.0',
    contract: 'chautari:cell@0.1.0',
    world: 'payment-cell',
    class: speed,
    actions: { sale: { served: 'none', legs: 1, debits: [], refunds: false } },
    grants: {
      imports: ['chautari:cell/accounts@0.1.0', 'chautari:cell/state@0.1.0', 'chautari:cell/outbox@0.1.0'],
      accounts: ['drawer', 'sales', 'wallet'],
    },
    budget: BUDGET,
  });
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return parsed.value;
}

export async function componentOf(text: string, encoding: 'utf8' | 'utf16' = 'utf8'): Promise<Uint8Array> {
  return makeComponent(await parse(text), WIT, 'payment-cell', encoding);
}

/** All of them, in a folder of cells whose author is trusted. */
export async function installHostile(root: string, speed: 'fast' | 'slow'): Promise<void> {
  trustAuthor(root, 'test', author);
  for (const { name, text, encoding } of hostileCells) {
    try {
      await layCell(root, manifestOf(name, speed), await componentOf(text, encoding), author);
    } catch (error) {
      throw new Error(`${name} cannot be installed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}
