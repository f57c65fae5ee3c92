/** Cells by hand on the fast host: whatever they do and point at, their own request fails with a code, and the next one is served. */
import { describe, expect, it } from 'vitest';
import { ALL_GRANTS, WAT_MANIFEST, watCell, word } from '../../test/support/cells/wat-cell.ts';
import type { CellFacts } from './cell.ts';
import { CellImports, FactsError } from './cell-imports.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { fastProgram } from './fast-program.ts';
import type { StringEncoding } from './glue/runtime-source.ts';
import type { PreparedCell } from './prepared-cell.ts';
import type { CellRun } from './program.ts';

const BUMP = `(global $next (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    global.get $next local.get 3 global.get $next i32.add i32.const 15 i32.add i32.const -16 i32.and global.set $next)`;

/** A cell whose decide is `body`; `answer` is what lies at 1024, `place` what it returns unless the body does. */
type Parts = { imports?: string; answer?: string; body?: string; rest?: string; realloc?: string; pages?: string };

function cellText({ imports = '', answer = '', body = 'i32.const 1024', rest = '', realloc = BUMP, pages = '1 4' }: Parts): string {
  return `(module ${imports} (memory (export "memory") ${pages}) ${realloc} (data (i32.const 1024) "${answer}")
    (func (export "decide") (param i32) (result i32) ${body}) ${rest})`;
}

const ACCOUNTS = '"chautari:cell/accounts@0.1.0"';
const STATE = '"chautari:cell/state@0.1.0"';
const FIND = `(import ${ACCOUNTS} "find" (func $find (param i32 i32 i32)))`;
const AVAILABLE = `(import ${ACCOUNTS} "available" (func $available (param i32 i32) (result i64)))`;
const SET = `(import ${STATE} "set" (func $set (param i32 i32 i32 i32)))`;

const OK = word(0) + word(0);
const ERR = word(1) + word(0);
/** An approval of nothing: a list of postings and one of receipt lines, both empty. */
const EMPTY = OK + word(0) + word(0) + word(0) + word(0);

function run(cell: PreparedCell, facts: CellFacts = fakeFacts()): CellRun {
  return fastProgram(cell).run('decide', [fakePayment({})], new CellImports(['wallet', 'drawer', 'sales'], facts));
}

async function runText(parts: Parts, encoding: StringEncoding = 'utf16'): Promise<CellRun> {
  return run(await watCell(cellText(parts), { encoding }));
}

describe('an answer', () => {
  it('that is right is given, with what it cost', async () => {
    const cell = await watCell(cellText({ answer: EMPTY }));
    const first = run(cell);
    expect(first).toEqual({ outcome: 'returned', value: { tag: 'ok', val: { postings: [], receipt: [] } }, fuel: expect.any(Number) });
    expect(first.fuel).toBeGreaterThan(0);
    for (let again = 0; again < 20; again += 1) expect(run(cell)).toEqual(first);
  });

  const posting = (account: number, length: number): string => word(account) + word(length) + word(1) + word(0);
  const many = (count: number): string => OK + word(2048) + word(count) + word(0) + word(0);
  it.each<[string, Parts, string]>([
    ['beyond the memory', { body: 'i32.const 0x7ffffff0' }, 'beyond its memory'],
    ['at an unsigned place beyond the memory', { body: 'i32.const -8' }, 'beyond its memory'],
    ['that ends behind the memory', { body: 'i32.const 65528' }, 'beyond its memory'],
    ['at an odd place', { body: 'i32.const 1025' }, 'not aligned'],
    ['of no case', { answer: word(2) }, 'case'],
    ['of a decline of no case', { answer: ERR + word(5) }, 'case'],
    ['with more postings than a memory holds', { answer: many(0xffffffff) }, 'beyond its memory'],
    ['with a length that wraps when multiplied', { answer: many(0x10000000) }, 'beyond its memory'],
    ['with postings at an odd place', { answer: OK + word(2049) + word(1) }, 'not aligned'],
    ['with a text beyond the memory', { answer: OK + word(1048) + word(1) + word(0) + word(0) + posting(0x7ffffff0, 8) }, 'beyond'],
    ['with a text that is too long', { answer: OK + word(1048) + word(1) + word(0) + word(0) + posting(0, 0xffffffff) }, 'beyond'],
    ['with a text at an odd place', { answer: OK + word(1048) + word(1) + word(0) + word(0) + posting(1, 4) }, 'not aligned'],
    ['with an empty text beyond the memory', { answer: OK + word(1048) + word(1) + word(0) + word(0) + posting(70_000, 0) }, 'beyond'],
  ])('%s is no answer', async (_name, parts, detail) => {
    const found = await runText(parts);
    expect(found).toEqual({ outcome: 'failed', code: 'bad-answer', detail: expect.stringContaining(detail), fuel: expect.any(Number) });
  });

  const declining = (text: string, length: number): Parts => ({ answer: ERR + word(0) + word(0) + word(1048) + word(length) + text });
  it.each<[StringEncoding, string, number, string | undefined]>([
    ['utf16', '\\3c\\d8\\89\\df', 2, '\u{1f389}'],
    ['utf16', '\\00\\d8', 1, undefined],
    ['utf16', '\\00\\dca\\00', 2, undefined],
    ['utf16', 'a\\00b\\00c\\00d\\00e\\00\\00\\d8', 6, undefined],
    ['utf8', '\\f0\\9f\\8e\\89', 4, '\u{1f389}'],
    ['utf8', '\\ef\\bb\\bfa', 4, '\ufeffa'],
    ['utf8', '\\ff', 1, undefined],
    ['utf8', '\\ed\\a0\\80', 3, undefined],
    ['utf8', '\\c0\\80', 2, undefined],
    ['utf8', 'a\\f0\\9f', 3, undefined],
    ['latin1+utf16', '\\e9a', 2, '\u00e9a'],
    ['latin1+utf16', '\\3c\\d8\\89\\df', 0x8000_0002, '\u{1f389}'],
    ['latin1+utf16', '\\00\\d8', 0x8000_0001, undefined],
  ])('in %s may hold what the encoding can say: %j of %i units is %j', async (encoding, bytes, length, text) => {
    const found = await runText(declining(bytes, length), encoding);
    expect(found).toMatchObject(
      text === undefined
        ? { outcome: 'failed', code: 'bad-answer' }
        : { outcome: 'returned', value: { tag: 'err', val: { tag: 'invalid', val: text } } },
    );
  });

  it('may not be larger than a call may hand over, however often it points at the same bytes', async () => {
    // 2,000 postings at one place, whose account is a text of 16 KiB that they all share.
    const list = `(local i32) (loop (i32.store (i32.add (i32.const 65536) (i32.shl (local.get 1) (i32.const 4))) (i32.const 2048))
      (i32.store (i32.add (i32.const 65540) (i32.shl (local.get 1) (i32.const 4))) (i32.const 8192))
      (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (i32.const 2000)))) i32.const 1024`;
    const answer = OK + word(65_536) + word(2000) + word(0) + word(0);
    expect(await runText({ body: list, answer, pages: '4 4' })).toMatchObject({ code: 'limit', detail: expect.stringContaining('bytes') });
    const elements = OK + word(0) + word(0) + word(0) + word(16_385);
    const wide = { ...WAT_MANIFEST, budget: { ...WAT_MANIFEST.budget, memoryPages: 8 } };
    const cell = await watCell(cellText({ answer: elements, pages: '8 8' }), { manifest: wide });
    expect(run(cell)).toMatchObject({ code: 'limit', detail: expect.stringContaining('elements') });
  });
});

describe('an allocator', () => {
  const giving = (place: string): string => `(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${place})`;
  it.each([
    ['gives what the memory has not', giving('i32.const 0x7ffffff0'), 'beyond its memory'],
    ['gives the last bytes', giving('i32.const 65528'), 'beyond its memory'],
    ['gives an odd place', giving('i32.const 1025'), 'not aligned'],
    ['is not there', '', 'cabi_realloc'],
    ['never ends', giving('(loop br 0) unreachable'), 'fuel'],
    ['calls the host', giving('i32.const 0 i32.const 0 call $available drop i32.const 16'), 'where it may not'],
  ])('that %s ends the request', async (_name, realloc, detail) => {
    const found = await runText({ imports: AVAILABLE, realloc, answer: EMPTY });
    if (detail === 'cabi_realloc') expect(found).toMatchObject({ outcome: 'failed', code: 'trap' });
    else expect(found).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(detail) });
  });

  it('may let the memory grow', async () => {
    const body = `(drop (memory.grow (i32.const 2))) ${ID_AND_FIND} i32.const 1024`;
    const cell = await watCell(cellText({ imports: FIND, answer: EMPTY + WALLET_UTF16, body }));
    for (let again = 0; again < 3; again += 1) expect(run(cell)).toMatchObject({ outcome: 'returned' });
  });
});

/** wallet:W-1042 in UTF-16 at 1048, and a call that looks it up, with the answer at 4096. */
const WALLET_UTF16 = [...'wallet:W-1042'].map((letter) => `${letter}\\00`).join('');
const ID_AND_FIND = '(call $find (i32.const 1048) (i32.const 13) (i32.const 4096))';

describe('a call of the host', () => {
  it.each([
    ['with a text beyond the memory', FIND, '(call $find (i32.const 0x7ffffff0) (i32.const 4) (i32.const 4096))', 'beyond its memory'],
    ['with a text that is too long', FIND, '(call $find (i32.const 0) (i32.const -1) (i32.const 4096))', 'beyond its memory'],
    ['for an answer beyond the memory', FIND, '(call $find (i32.const 1048) (i32.const 13) (i32.const 65528))', 'beyond its memory'],
    ['for an answer at an odd place', FIND, '(call $find (i32.const 1048) (i32.const 13) (i32.const 4097))', 'not aligned'],
    [
      'with bytes beyond the memory',
      SET,
      '(call $set (i32.const 1048) (i32.const 1) (i32.const 1024) (i32.const 65000))',
      'beyond its memory',
    ],
    ['with a broken text', SET, '(call $set (i32.const 5000) (i32.const 1) (i32.const 0) (i32.const 0))', 'well-formed'],
  ])('%s traps', async (_name, imports, call, detail) => {
    const broken = '(i32.store16 (i32.const 5000) (i32.const 0xd800))';
    const found = await runText({ imports, answer: EMPTY + WALLET_UTF16, body: `${broken} ${call} i32.const 1024` });
    expect(found).toMatchObject({ outcome: 'failed', code: 'trap', detail: expect.stringContaining(detail) });
  });

  it('costs fuel by what it is and what it carries, and cannot be made with none left', async () => {
    const calls = (count: number): Parts => ({
      imports: FIND,
      answer: EMPTY + WALLET_UTF16,
      body: `${ID_AND_FIND.repeat(count)} i32.const 1024`,
    });
    const [one, two] = [await runText(calls(1)), await runText(calls(2))];
    expect(two.fuel - one.fuel).toBeGreaterThan(2_000);
    const endless = `(loop ${ID_AND_FIND} br 0) i32.const 1024`;
    let asked = 0;
    const facts = fakeFacts();
    const cell = await watCell(cellText({ imports: FIND, answer: EMPTY + WALLET_UTF16, body: endless }));
    const spent = fastProgram(cell).run(
      'decide',
      [fakePayment({})],
      counted(facts, () => (asked += 1)),
    );
    expect(spent).toEqual({ outcome: 'failed', code: 'limit', detail: 'the fuel is spent', fuel: 1_000_000 });
    expect(asked).toBe(1);
  });

  it('is barred while the cell starts and while it cleans up', async () => {
    const start = '(func $early i32.const 0 i32.const 0 call $available drop) (start $early)';
    expect(await runText({ imports: AVAILABLE, answer: EMPTY, rest: start })).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/starting|start function/),
    });
    const late = '(func (export "cabi_post_decide") (param i32) i32.const 0 i32.const 0 call $available drop)';
    expect(await runText({ imports: AVAILABLE, answer: EMPTY, rest: late })).toMatchObject({
      code: 'trap',
      detail: expect.stringContaining('where it may not'),
    });
  });

  it('that was not granted is refused before anything runs', async () => {
    const manifest = { ...WAT_MANIFEST, grants: { ...WAT_MANIFEST.grants, imports: ALL_GRANTS.slice(0, 1) } };
    const cell = await watCell(cellText({ imports: SET, answer: EMPTY }), { manifest });
    expect(() => run(cell)).toThrow('imports chautari:cell/state@0.1.0, which its manifest does not grant');
  });

  it('whose facts fail throws on to whoever gave them, and the next request is served', async () => {
    const cell = await watCell(cellText({ imports: FIND, answer: EMPTY + WALLET_UTF16, body: `${ID_AND_FIND} i32.const 1024` }));
    const facts: CellFacts = {
      ...fakeFacts(),
      find: () => {
        throw new Error('disk I/O');
      },
    };
    expect(() => run(cell, facts)).toThrow(FactsError);
    expect(run(cell)).toMatchObject({ outcome: 'returned' });
  });

  it('may not run a cell in turn', async () => {
    const cell = await watCell(cellText({ imports: FIND, answer: EMPTY + WALLET_UTF16, body: `${ID_AND_FIND} i32.const 1024` }));
    const facts: CellFacts = {
      ...fakeFacts(),
      find: () => {
        run(cell);
        return undefined;
      },
    };
    expect(() => run(cell, facts)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: 'a cell is running already' }) }),
    );
    expect(run(cell)).toMatchObject({ outcome: 'returned' });
  });
});

function counted(facts: CellFacts, count: () => void): CellImports {
  return new CellImports(['wallet'], {
    ...facts,
    find: (id) => {
      count();
      return facts.find(id);
    },
  });
}

describe('an instance', () => {
  // Gives back as the length of its receipt what it found at 60,000, and leaves a mark there and in a global.
  const leaving = `(i32.store (i32.const 1044) (i32.add (i32.load (i32.const 60000)) (global.get $seen)))
    (i32.store (i32.const 60000) (i32.const 1)) (global.set $seen (i32.const 1))`;
  const rest = '(global $seen (mut i32) (i32.const 0))';

  it.each([
    ['ends well', ''],
    ['traps', '(if (i32.load (i32.const 60000)) (then unreachable))'],
    ['lets its memory grow', '(drop (memory.grow (i32.const 1)))'],
  ])('leaves nothing to the next where it %s', async (_name, act) => {
    const cell = await watCell(cellText({ answer: EMPTY, body: `${leaving} ${act} i32.const 1024`, rest }));
    const clean = await watCell(cellText({ answer: EMPTY, body: `${leaving} i32.const 1024`, rest }));
    for (let again = 0; again < 3; again += 1) {
      run(cell);
      expect(run(clean)).toMatchObject({ value: { val: { receipt: [] } } });
    }
  });

  it.each([
    ['never ends', '(loop br 0) i32.const 1024', '', 'limit', 'fuel'],
    ['calls itself without end', 'call $deep i32.const 1024', '(func $deep call $deep)', 'limit', 'nested'],
    [
      'takes all memory and then traps',
      '(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable',
      '',
      'limit',
      'memory is full',
    ],
    ['traps', 'unreachable', '', 'trap', 'unreachable'],
    ['writes beyond its memory', '(i32.store (i32.const -4) (i32.const 1)) i32.const 1024', '', 'trap', 'out of bounds'],
    ['divides by zero', '(i32.div_u (i32.const 1) (i32.const 0))', '', 'trap', 'zero'],
  ])('that %s is ended', async (_name, body, rest_, code, detail) => {
    const cell = await watCell(cellText({ answer: EMPTY, body, rest: rest_ }));
    const first = run(cell);
    expect(first).toEqual({ outcome: 'failed', code, detail: expect.stringContaining(detail), fuel: expect.any(Number) });
    expect(run(cell)).toEqual(first);
  });

  it('is made for an export of its world alone', async () => {
    const cell = await watCell(cellText({ answer: EMPTY }));
    const imports = new CellImports([], fakeFacts());
    expect(() => fastProgram(cell).run('cabi_realloc', [], imports)).toThrow('has no export cabi_realloc');
    expect(() => fastProgram({ ...cell, fast: undefined }).run('decide', [], imports)).toThrow('is of the class slow');
    expect(() => fastProgram({ ...cell, fast: { ...notUndefined(cell.fast), glue: () => ({}) } }).run('decide', [], imports)).toThrow(
      'prepare the cell again',
    );
  });
});

function notUndefined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is there');
  return value;
}
