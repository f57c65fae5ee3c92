/** Glue beyond the three worlds: random types, every encoding, every way that a value can travel; and the same through jco. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { WitType } from '../../cells/sdk/wit/types.ts';
import { generateGlue } from '../../main/cell-host/glue/generate.ts';
import { type Glue, loadGlue } from '../../main/cell-host/glue/glue.ts';
import type { StringEncoding } from '../../main/cell-host/glue/runtime-source.ts';
import { standardComponent, transpile } from '../../main/cell-host/transpile.ts';
import { anyType, type Mirror, mirrorWorld, nestedLists, valuesOf } from './mirror.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mirror-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let files = 0;
function written(text: string): string {
  files += 1;
  const path = join(scratch, `glue-${files}.mjs`);
  writeFileSync(path, text);
  return path;
}

type Echo = (name: string, value: unknown) => { seen: unknown; given: unknown };

/** Through glue, over the core module as it stands: the pool and the meter have tests of their own. */
async function glueEcho({ world, text }: Mirror, encoding: StringEncoding): Promise<Echo> {
  const glue: Glue = loadGlue(written(generateGlue(world, encoding)));
  const module = new WebAssembly.Module(new Uint8Array(await parse(text)));
  return (name, value) => {
    let seen: unknown;
    const host = {
      [name]: (x: unknown) => {
        seen = x;
        return x;
      },
    };
    const { exports } = new WebAssembly.Instance(module, glue.makeImports(new WebAssembly.Memory({ initial: 0 })));
    glue.enter(glue.makeViews(exports.memory as WebAssembly.Memory), host);
    try {
      const given = glue.calls[name]?.(exports, [value]);
      return { seen, given };
    } finally {
      glue.leave();
    }
  };
}

/** Through jco's own output of the same core module as a component. */
async function jcoEcho({ wit, text }: Mirror, encoding: 'utf8' | 'utf16'): Promise<Echo> {
  const { text: source, modules } = await transpile(await standardComponent(await parse(text), wit, 'mirror', encoding));
  const { instantiate } = createRequire(import.meta.url)(written(source)) as {
    instantiate: (get: (name: string) => WebAssembly.Module, imports: object) => Record<string, (value: unknown) => unknown>;
  };
  const compiled = new Map([...modules].map(([name, bytes]) => [name, new WebAssembly.Module(bytes)]));
  return (name, value) => {
    let seen: unknown;
    const take = (x: unknown) => {
      seen = x;
      return x;
    };
    const inner = new Proxy({}, { get: () => take });
    const given = instantiate((wanted) => compiled.get(wanted) as WebAssembly.Module, { 'test:mirror/inner': inner })[name]?.(value);
    return { seen, given };
  };
}

const seed = 20_261_123;
/** A result at the top is thrown or returned by jco, so it stands in a record here. */
const inside = (type: WitType): WitType =>
  type.kind === 'result' ? { kind: 'record', name: '', fields: [{ name: 'field-a', type }] } : type;

/** jco's decoders take a byte order mark off the beginning of a text, which the canonical ABI does not: no such text is compared. */
const hasMark = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.startsWith('\ufeff')
    : typeof value === 'object' && value !== null && Object.values(value).some(hasMark);

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number, offset: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: seed + offset });
}

describe('glue', () => {
  it.each<StringEncoding>(['utf8', 'utf16', 'latin1+utf16'])('carries values of any type both ways in %s', async (encoding) => {
    let values = 0;
    for (let round = 0; round < 40; round += 1) {
      const types = sample(anyType, 8, round);
      const mirror = mirrorWorld(types);
      const echo = await glueEcho(mirror, encoding);
      for (const [index, type] of types.entries()) {
        for (const value of sample(valuesOf(type), 12, index)) {
          expect(echo(`f${index}`, value), `${mirror.wit}, f${index}`).toEqual({ seen: value, given: value });
          values += 1;
        }
      }
    }
    process.stdout.write(`mirror: ${values} values of 320 types in ${encoding}\n`);
  });

  it('carries lists six deep, and more than sixteen flat parts', async () => {
    const text: WitType = { kind: 'primitive', name: 'string' };
    const deep = nestedLists(6, text);
    const wide: WitType = {
      kind: 'record',
      name: '',
      fields: Array.from({ length: 9 }, (_none, index) => ({ name: `field-${'abcdefghi'[index]}`, type: text })),
    };
    const echo = await glueEcho(mirrorWorld([deep, wide]), 'utf16');
    const nested = [[[[[['a', 'ब'], []], [['\u{1f389}']]], []]], []];
    expect(echo('f0', nested)).toEqual({ seen: nested, given: nested });
    for (const value of sample(valuesOf(wide), 20, 1)) expect(echo('f1', value)).toEqual({ seen: value, given: value });
  });

  it.each(['utf8', 'utf16'] as const)('gives what jco gives, in %s', async (encoding) => {
    let values = 0;
    for (let round = 0; round < 6; round += 1) {
      const types = sample(anyType, 6, 1_000 + round).map(inside);
      const mirror = mirrorWorld(types);
      const ours = await glueEcho(mirror, encoding);
      const reference = await jcoEcho(mirror, encoding);
      for (const [index, type] of types.entries()) {
        for (const value of sample(valuesOf(type), 8, index)) {
          if (hasMark(value)) continue;
          const wanted = reference(`f${index}`, value);
          expect(ours(`f${index}`, value), `${mirror.wit}, f${index}`).toEqual(wanted);
          values += 1;
        }
      }
    }
    process.stdout.write(`mirror: ${values} values as jco gives them in ${encoding}\n`);
  });
});
