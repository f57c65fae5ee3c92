/** What carries values is tested with values (test/cells/mirror.test.ts, fast-program.test.ts); here is what the text itself must be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveWorld } from '../../../cells/sdk/wit/resolve.ts';
import { generateGlue } from './generate.ts';
import { asGlue } from './glue.ts';

const WIT = readFileSync(join(import.meta.dirname, '../../../cells/wit/cell.wit'), 'utf8');
const ENCODINGS = ['utf8', 'utf16', 'latin1+utf16'] as const;
const WORLDS = ['payment-cell', 'telemetry-cell', 'decision-cell'] as const;

const textOf = (world: (typeof WORLDS)[number], encoding: (typeof ENCODINGS)[number]): string =>
  generateGlue(resolveWorld(WIT, world), encoding);
const load = async (text: string): Promise<object> => (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as object;

it('is one text for a world and an encoding, always the same', () => {
  const texts = WORLDS.flatMap((world) => ENCODINGS.map((encoding) => textOf(world, encoding)));
  expect(new Set(texts).size).toBe(texts.length);
  expect(WORLDS.flatMap((world) => ENCODINGS.map((encoding) => textOf(world, encoding)))).toEqual(texts);
});

it('has the functions of its world, and imports nothing', async () => {
  const text = textOf('payment-cell', 'utf16');
  expect(text).not.toMatch(/^import /m);
  const glue = asGlue(await load(text));
  expect(Object.keys(glue.calls)).toEqual(['decide']);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const modules = glue.makeImports(memory);
  expect(Object.fromEntries(Object.entries(modules).map(([name, own]) => [name, Object.keys(own)]))).toEqual({
    'chautari:cell/accounts@0.1.0': ['find', 'available', 'refundable'],
    'chautari:cell/state@0.1.0': ['get', 'set', 'delete'],
    'chautari:cell/outbox@0.1.0': ['enqueue-sync'],
    'chautari:host': ['memory'],
  });
  // The same functions for every memory: a request makes none.
  expect(glue.makeImports(memory)['chautari:cell/state@0.1.0']).toBe(modules['chautari:cell/state@0.1.0']);
});

it('serves imports only while a call runs', async () => {
  const glue = asGlue(await load(textOf('payment-cell', 'utf8')));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const find = glue.makeImports(memory)['chautari:cell/accounts@0.1.0']?.find as (...args: number[]) => void;
  expect(() => find(0, 0, 0)).toThrow(glue.Fault);
  glue.enter(glue.makeViews(memory), {});
  expect(() => glue.enter(glue.makeViews(memory), {})).toThrow('a cell is running already');
  expect(() => find(0, 0, 0)).toThrow('called out where it may not');
  glue.leave();
});

it('is told from another module', () => {
  expect(() => asGlue({ calls: {} })).toThrow('prepare the cell again');
});
