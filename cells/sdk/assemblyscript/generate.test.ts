import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCell } from '../compile.ts';
import { dummySignatures, echoTests, expectedSignatures } from '../echo-suite.ts';
import { ECHO_CELL, ECHO_WIT } from '../fixtures.ts';
import { resolveWorld } from '../wit/resolve.ts';
import { generateAssemblyScript } from './generate.ts';

const CELL_WIT = readFileSync(join(import.meta.dirname, '../../wit/cell.wit'), 'utf8');

describe('core signatures', () => {
  it.each([
    [CELL_WIT, 'payment-cell'],
    [CELL_WIT, 'telemetry-cell'],
    [CELL_WIT, 'decision-cell'],
    [ECHO_WIT, 'echo'],
  ])('are those that wit-component wants (world %$)', async (wit, worldName) => {
    const dummy = await dummySignatures(wit, worldName);
    const expected = expectedSignatures(resolveWorld(wit, worldName));
    expect(expected.size).toBeGreaterThan(0);
    for (const [name, signature] of expected) expect([name, dummy.get(name)]).toEqual([name, signature]);
  });
});

describe('generated AssemblyScript', () => {
  echoTests((world) => compileCell('echo', new Map([['cell.ts', ECHO_CELL]]), world, 16), 'utf16');

  it('is the same text for the same world', () => {
    expect(generateAssemblyScript(resolveWorld(ECHO_WIT, 'echo'))).toEqual(generateAssemblyScript(resolveWorld(ECHO_WIT, 'echo')));
  });

  it('refuses an import with too many parameters, with its line', () => {
    const fields = Array.from({ length: 17 }, (_unused, index) => `p${index}: u8`).join(', ');
    const wit = `package a:b@0.1.0;\ninterface i {\n f: func(${fields});\n}\nworld w { import i; }`;
    expect(() => generateAssemblyScript(resolveWorld(wit, 'w'))).toThrow('line 3: f takes more parameters');
  });
});
