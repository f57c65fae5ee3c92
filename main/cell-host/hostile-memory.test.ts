/** Cells written by hand that answer with broken memory: whatever they point at, the request fails alone. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { afterAll, describe, expect, it } from 'vitest';
import { layCell, trustAuthor } from '../../cells/sdk/build-cells.ts';
import { makeComponent } from '../../cells/sdk/component.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { loadCells } from './load-cells.ts';
import { parseManifest } from './manifest.ts';

const author = signerFromPem(generateKey());
const WIT = readFileSync(join(import.meta.dirname, '../../cells/wit/cell.wit'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'cell-memory-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A cell that returns the place `answer`, where `bytes` lie at 1024; its allocator gives what `allocate` says. */
function cellText(
  answer: number,
  bytes: string,
  allocate = 'global.get $next local.get 3 global.get $next i32.add i32.const 15 i32.add i32.const -16 i32.and global.set $next',
): string {
  return `(module (memory (export "memory") 1) (global $next (mut i32) (i32.const 4096)) (data (i32.const 1024) "${bytes}")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${allocate})
    (func (export "decide") (param i32) (result i32) i32.const ${answer}))`;
}

/** Four bytes, little end first, as text of a data segment. */
function word(value: number): string {
  return [0, 8, 16, 24].map((shift) => `\\${((value >>> shift) & 0xff).toString(16).padStart(2, '0')}`).join('');
}

const ok = word(0) + word(0);
const err = word(1) + word(0);

describe('a cell that lies in its memory', () => {
  it.each<[string, string]>([
    ['an answer beyond its memory', cellText(0x7ffffff0, '')],
    ['an answer at the very end', cellText(65_535, '')],
    ['an answer of no case', cellText(1024, word(9))],
    ['a decline of no case', cellText(1024, err + word(0).replace(/^\\00/, '\\07'))],
    ['postings beyond its memory', cellText(1024, ok + word(0x7ffffff8) + word(1) + word(0) + word(0))],
    ['more postings than memory holds', cellText(1024, ok + word(2048) + word(0xffffffff) + word(0) + word(0))],
    ['postings that are not aligned', cellText(1024, ok + word(2049) + word(1) + word(0) + word(0))],
    ['an account beyond its memory', cellText(1024, ok + word(1048) + word(1) + word(0) + word(0) + word(0x7ffffff0) + word(8))],
    ['an account longer than its memory', cellText(1024, ok + word(1048) + word(1) + word(0) + word(0) + word(0) + word(0xffffffff))],
    ['an account at an odd place', cellText(1024, ok + word(1048) + word(1) + word(0) + word(0) + word(1) + word(4))],
    ['an allocator that gives what it has not', cellText(1024, ok, 'i32.const 0x7ffffff0')],
    ['an allocator that gives the last byte', cellText(1024, ok, 'i32.const 65535')],
  ])('by %s fails its request', async (name, text) => {
    const parsed = parseManifest({
      name: 'memory',
      version: '0.1.0',
      contract: 'chautari:cell@0.1.0',
      world: 'payment-cell',
      class: 'fast',
      actions: { sale: { served: 'none', legs: 1, debits: [], refunds: false } },
      grants: { imports: [], accounts: ['drawer', 'sales'] },
      budget: { fuel: 100_000, callDepth: 100, memoryPages: 1 },
    });
    if (!parsed.ok) throw new Error(parsed.error.detail);
    const component = await makeComponent(await parse(text), WIT, 'payment-cell');
    const directory = join(scratch, name.replaceAll(' ', '-'));
    trustAuthor(directory, 'test', author);
    await layCell(directory, parsed.value, component, author);
    const host = loadCells(directory);
    for (let again = 0; again < 2; again += 1) {
      const decision = host.decide('memory', fakePayment({}), fakeFacts());
      expect(decision).toEqual({ outcome: 'failed', fault: { code: expect.any(String), detail: expect.any(String) } });
    }
  });
});
