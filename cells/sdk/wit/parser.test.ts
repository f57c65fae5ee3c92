import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenize } from './lexer.ts';
import { parseWit } from './parser.ts';
import { resolveWorld } from './resolve.ts';
import { WitError } from './wit-error.ts';

const CELL_WIT = readFileSync(join(import.meta.dirname, '../../wit/cell.wit'), 'utf8');
const HEAD = 'package chautari:test@1.2.3;\n';

/** The error of a text whose second line and on is `body`. */
function faultOf(body: string): string {
  try {
    resolveWorld(HEAD + body, 'w');
  } catch (error) {
    if (error instanceof WitError) return error.message;
    throw error;
  }
  return 'no fault';
}

describe('tokenize', () => {
  it('knows the line of every token, over comments of each kind', () => {
    const tokens = tokenize('a // b\n/* c\n /* d */ \n*/ %type\n/// e\n-> 1.2.3-rc.1');
    expect(tokens.map(({ kind, text, line, escaped }) => [kind, text, line, escaped])).toEqual([
      ['name', 'a', 1, false],
      ['name', 'type', 4, true],
      ['mark', '->', 6, false],
      ['version', '1.2.3-rc.1', 6, false],
      ['end', 'the end of the file', 6, false],
    ]);
  });

  it('refuses what has no meaning, with its line', () => {
    expect(() => tokenize('\n\n#')).toThrow('line 3: the character "#"');
    expect(() => tokenize('a\n/* b')).toThrow('line 2: this block comment is not closed');
  });
});

describe('parseWit', () => {
  it('reads the contract', () => {
    const document = parseWit(CELL_WIT);
    expect(document.package).toEqual({ namespace: 'chautari', name: 'cell', version: '0.1.0' });
    expect(document.interfaces.map((found) => found.name)).toEqual(['types', 'accounts', 'state', 'outbox']);
    expect(document.worlds.map((found) => found.name)).toEqual(['payment-cell', 'telemetry-cell', 'decision-cell']);
  });

  it('reads every part of the subset', () => {
    const world = resolveWorld(
      `${HEAD}interface a { type ids = list<%string>; enum e { one, two } type t = u8; record string { x: t } }
       world w { use a.{ids as many, e}; import b; export f: func(x: many, y: e) -> result<_, option<u8>>; export g: func(); }
       interface b { use a.{ids}; get: func(x: ids) -> result; }`,
      'w',
    );
    expect(world.package).toBe('chautari:test@1.2.3');
    expect(world.imports[0]?.module).toBe('chautari:test/b@1.2.3');
    expect(world.exports[0]?.parameters[0]?.type).toMatchObject({ kind: 'list', element: { kind: 'record', name: 'string' } });
    expect(world.exports[0]?.result).toMatchObject({ kind: 'result', ok: undefined, error: { kind: 'option' } });
    expect(world.exports[1]).toMatchObject({ parameters: [], result: undefined });
  });

  it('lets a function be called like a keyword that is escaped', () => {
    const world = resolveWorld(`${HEAD}interface a { %record: func(); %use: func(); }\nworld w { import a; }`, 'w');
    expect(world.imports[0]?.functions.map((found) => found.name)).toEqual(['record', 'use']);
  });

  it.each([
    ['interface a {\n resource r { }\n}', "line 3: 'resource' is outside of the WIT subset"],
    ['interface a {\n flags f { a }\n}', "line 3: 'flags' is outside"],
    ['interface a {\n f: func(x: tuple<u8, u8>);\n}', "line 3: 'tuple' is outside"],
    ['interface a {\n f: func() -> stream<u8>;\n}', "line 3: 'stream' is outside"],
    ['interface a {\n f: func(x: list<u8, 4>);\n}', 'line 3: a list of fixed length is outside'],
    ['interface a {\n f: async func();\n}', "line 3: an 'async' function is outside"],
    ['interface a {\n f: func() -> (a: u8);\n}', 'line 3: a list of named results is outside'],
    ['@since(version = 1.0.0)\ninterface a { }', 'line 2: a feature gate'],
    ['world w {\n include x;\n}', "line 3: 'include' is outside"],
    ['world w {\n import wasi:clocks/wall-clock@0.2.0;\n}', 'line 3: an import that is not an interface of this package'],
    ['world w {\n export run;\n}', 'line 3: an export that is not a function'],
    ['world w {\n export a: interface { }\n}', 'line 3: an interface written inside a world'],
    ['use other:pkg/types;', "line 2: a 'use' outside"],
    ['interface a {\n record r { x u8 }\n}', "line 3: expected ':' but found u8"],
    ['interface a {\n enum e { }\n}', 'line 3: an enum needs at least one case'],
    ['interface a {', 'line 2: expected the name of a function but found the end of the file'],
    ['banana', "line 2: expected 'interface' or 'world' but found banana"],
  ])('refuses %j', (body, message) => {
    expect(faultOf(body)).toContain(message);
  });

  it('refuses a file without package or with types that nest without end', () => {
    expect(() => parseWit('interface a { }')).toThrow("line 1: a WIT file of a cell begins with 'package");
    expect(() => parseWit('package a:b@x;')).toThrow('line 1: expected a version');
    expect(() => parseWit(`${HEAD}interface a { f: func(x: ${'list<'.repeat(40)}u8${'>'.repeat(40)}); }`)).toThrow('types nest deeper');
  });
});

describe('resolveWorld', () => {
  it.each([
    ['world w {\n export f: func(x: nobody);\n}', 'line 3: the type nobody is not known here'],
    ['world w {\n import nowhere;\n}', 'line 3: there is no interface nowhere'],
    ['interface a { }\nworld w {\n use a.{x};\n export f: func(y: x);\n}', 'line 4: the interface a has no type x'],
    ['world w {\n record r { next: option<r> }\n export f: func(x: r);\n}', 'line 3: the type r contains itself'],
    ['interface a { use b.{x}; }\ninterface b { use a.{x}; }\nworld w { use a.{x}; export f: func(y: x); }', 'the type x contains itself'],
    ['world w {\n record r { x: u8, x: u8 }\n export f: func(y: r);\n}', 'line 3: x stands twice in r'],
    ['world w {\n record r { x: u8 }\n enum r { y }\n}', 'line 4: r stands twice in w'],
    ['interface a { }\ninterface a { }\nworld w { }', 'line 3: the interface a stands twice'],
    ['world v { }', 'there is no world w in this file (it has v)'],
    [
      'interface a { record r { x: u8 } f: func(y: r); }\ninterface b { record r { x: u8 } f: func(y: r); }\nworld w { import a; import b; }',
      'line 3: a has a type r too',
    ],
  ])('refuses %j', (body, message) => {
    expect(faultOf(body)).toContain(message);
  });
});
