/**
 * Hostile cells. Each is a real component of the payment world that lies once, and says how its request must end. `budget` and
 * `not-allowed` are the codes of the decline that the kiosk gets.
 */
import { AT, approval, type CellText, cell, DRAWER, decline, FLOAT, lists, OTHER, repeat, SALES, WALLET, word } from './wat.ts';

export type HostileCell = {
  /** Also the method's name. */
  readonly name: string;
  readonly text: string;
  readonly encoding?: 'utf16';
  readonly code: 'budget' | 'not-allowed' | 'invalid';
  readonly detail: RegExp;
};

const all: HostileCell[] = [];

function add(
  group: string,
  code: HostileCell['code'],
  detail: RegExp,
  cases: Readonly<Record<string, CellText>>,
  encoding?: 'utf16',
): void {
  for (const [name, text] of Object.entries(cases)) {
    all.push({ name: `${group}-${name}`, text: cell(text), code, detail, ...(encoding === undefined ? {} : { encoding }) });
  }
}

const SPIN = 'loop br 0 end';
const EFFECTS = `i32.const ${AT.key} i32.const 3 i32.const ${AT.drawer} i32.const 8 call $set
  i32.const ${AT.key} i32.const 3 i32.const ${AT.drawer} i32.const 8 call $enqueue`;

add('loop', 'budget', /fuel is spent/, {
  endless: { decide: SPIN },
  table: { decide: 'loop local.get 0 br_table 0 0 0 0 end' },
  indirect: { fields: '(table funcref (elem $nothing)) (func $nothing)', decide: 'loop i32.const 0 call_indirect br 0 end' },
  tail: { fields: '(func $tail return_call $tail)', decide: 'call $tail' },
  'in-start': { fields: `(func $start ${SPIN}) (start $start)` },
  'in-initialize': { fields: `(func (export "_initialize") ${SPIN})` },
  'in-allocator': { allocate: `${SPIN} i32.const 0` },
  'in-post-return': { fields: `(func (export "cabi_post_decide") (param i32) ${SPIN})` },
  'of-imports': { decide: `loop i32.const ${AT.drawer} i32.const 13 call $available drop br 0 end` },
  'of-reads': { decide: `loop i32.const ${AT.key} i32.const 3 i32.const 2048 call $get br 0 end` },
  'of-fills': { decide: 'loop i32.const 16384 i32.const 7 i32.const 49152 memory.fill br 0 end' },
  'of-copies': { decide: 'loop i32.const 16384 i32.const 0 i32.const 16384 memory.copy br 0 end' },
  'of-growth': { decide: 'loop i32.const 0 memory.grow drop br 0 end' },
  'of-failed-growth': { decide: 'loop i32.const 65535 memory.grow drop br 0 end' },
  'of-divisions': { decide: 'loop i64.const -9 i64.const 7 i64.div_s drop br 0 end' },
  'of-calls': { fields: '(func $leaf (param i64 i64 i64))', decide: 'loop i64.const 1 i64.const 2 i64.const 3 call $leaf br 0 end' },
});

add('recursion', 'budget', /nested too deeply/, {
  direct: { decide: 'local.get 0 call $decide drop' },
  mutual: { fields: '(func $a call $b) (func $b call $a)', decide: 'call $a' },
  indirect: { fields: '(table funcref (elem $r)) (func $r i32.const 0 call_indirect)', decide: 'call $r' },
  'huge-frames': { fields: `(func $huge (local ${'i64 '.repeat(3000)}) call $huge)`, decide: 'call $huge' },
  'wide-calls': {
    fields: `(func $wide (param ${'i64 '.repeat(120)}) ${Array.from({ length: 120 }, (_value, index) => `local.get ${index}`).join(' ')} call $wide)`,
    decide: `${'i64.const 1 '.repeat(120)} call $wide`,
  },
  'in-start': { fields: '(func $start call $start) (start $start)' },
  'in-allocator': { allocate: 'local.get 0 local.get 1 local.get 2 local.get 3 call $allocate' },
  'in-post-return': { fields: '(func $again (export "cabi_post_decide") (param i32) local.get 0 call $again)' },
});

add('memory', 'budget', /memory is full|fuel is spent/, {
  grabber: { decide: `loop i32.const 1 memory.grow drop br 0 end` },
  'grabs-and-fills': { decide: `i32.const 3 memory.grow drop ${repeat(100_000, 'i32.const 0 i32.const 1 i32.const 262144 memory.fill')}` },
  'grabs-and-traps': { decide: 'i32.const 3 memory.grow drop unreachable' },
  'grabs-in-the-allocator': {
    allocate: 'i32.const 1 memory.grow i32.const 0 i32.lt_s if unreachable end i32.const 16 i32.const 4096 i32.add',
  },
});

add('answer', 'not-allowed', /names a place|names a case|bad-answer/, {
  'beyond-memory': { at: 0x7ffffff0 },
  'at-minus-one': { at: -1 },
  'at-the-end': { at: 65_528 },
  unaligned: { at: AT.answer + 4 },
  'of-no-case': { answer: word(9) },
  'of-case-255': { answer: word(255) },
  'declines-without-case': { answer: decline(7, AT.key, 3) },
  'postings-beyond': { answer: lists(0x7ffffff8, 1) },
  'postings-at-the-end': { answer: lists(65_528, 1) },
  'postings-many': { answer: lists(2048, 0xffff_ffff) },
  'postings-that-wrap': { answer: lists(2048, 0x1000_0001) },
  'postings-that-wrap-to-nothing': { answer: lists(2048, 0x1000_0000) },
  'postings-unaligned': { answer: lists(2052, 1) },
  'postings-in-all-memory': { memory: '4', answer: lists(0, 16_384, 0, 16_384) },
  'receipt-beyond': { answer: lists(0, 0, 0xffff_fff0, 1) },
  'receipt-that-wraps': { answer: lists(0, 0, 2048, 0x1000_0001) },
  'receipt-unaligned': { answer: lists(0, 0, 2050, 1) },
  'account-beyond': { answer: approval([[0x7fff_fff0, 8, 1n]]) },
  'account-longer-than-memory': { answer: approval([[0, 0xffff_ffff, 1n]]) },
  'account-over-the-end': { answer: approval([[65_530, 13, 1n]]) },
  'text-beyond': { answer: decline(0, 0xffff_ffff, 1) },
  'text-longer-than-memory': { answer: decline(0, 0, 0x8000_0000) },
});

add('text', 'not-allowed', /not UTF-8/, {
  'invalid-byte': { answer: decline(0, 4096, 2), fields: '(data (i32.const 4096) "\\ff\\ff")' },
  'cut-short': { answer: decline(0, 4096, 2), fields: '(data (i32.const 4096) "a\\e0")' },
  overlong: { answer: decline(0, 4096, 2), fields: '(data (i32.const 4096) "\\c0\\80")' },
  surrogate: { answer: decline(0, 4096, 3), fields: '(data (i32.const 4096) "\\ed\\a0\\80")' },
  'beyond-unicode': { answer: decline(0, 4096, 4), fields: '(data (i32.const 4096) "\\f4\\90\\80\\80")' },
  'in-an-account': { answer: approval([[4096, 3, 1n]]), fields: '(data (i32.const 4096) "a\\80b")' },
  'in-a-key': { decide: 'i32.const 4096 i32.const 2 i32.const 0 i32.const 0 call $set', fields: '(data (i32.const 4096) "\\ff\\ff")' },
});
add(
  'wide-text',
  'not-allowed',
  /well-formed UTF-16|not aligned|beyond/,
  {
    'lone-surrogate': { answer: decline(0, 4096, 2), fields: '(data (i32.const 4096) "a\\00\\00\\d8")' },
    'many-units-with-one-surrogate': { answer: decline(0, 4096, 20), fields: '(data (i32.const 4134) "\\00\\dc")' },
    'at-an-odd-place': { answer: decline(0, 4097, 2) },
    'that-wraps': { answer: decline(0, 4096, 0x8000_0001) },
  },
  'utf16',
);

add('allocator', 'not-allowed', /names a place|broke/, {
  beyond: { allocate: 'i32.const 0x7ffffff0' },
  'minus-one': { allocate: 'i32.const -1' },
  'last-byte': { allocate: 'i32.const 65535' },
  unaligned: { allocate: 'i32.const 4097' },
  traps: { allocate: 'unreachable' },
  'divides-by-zero': { allocate: 'i32.const 1 i32.const 0 i32.div_u' },
  'calls-out': { allocate: `i32.const ${AT.drawer} i32.const 13 call $available drop i32.const 4096` },
  'writes-state': { allocate: `${EFFECTS} i32.const 4096` },
});
add('between-host-and-cell', 'not-allowed', /called out where it may not/, {
  'the-allocator-asks-again': {
    fields: '(global $asked (mut i32) (i32.const 0))',
    decide: `i32.const 1 global.set $asked i32.const ${AT.drawer} i32.const 13 i32.const 2048 call $find`,
    allocate: `global.get $asked if i32.const ${AT.drawer} i32.const 13 i32.const 2048 call $find end i32.const 4096`,
  },
  'the-start-asks': { fields: `(func $start i32.const ${AT.drawer} i32.const 13 call $available drop) (start $start)` },
  'the-start-writes': { fields: `(func $start ${EFFECTS}) (start $start)` },
  'the-end-asks': { fields: `(func (export "cabi_post_decide") (param i32) i32.const ${AT.drawer} i32.const 13 call $available drop)` },
  'the-end-writes': { fields: `(func (export "cabi_post_decide") (param i32) ${EFFECTS})` },
});

add('argument', 'not-allowed', /names a place/, {
  'key-beyond': { decide: 'i32.const 0x7ffffff0 i32.const 8 i32.const 0 i32.const 0 call $set' },
  'key-longer-than-memory': { decide: 'i32.const 0 i32.const -1 i32.const 0 i32.const 0 call $set' },
  'value-beyond': { decide: `i32.const ${AT.key} i32.const 3 i32.const 65000 i32.const 4000 call $set` },
  'value-that-wraps': { decide: `i32.const ${AT.key} i32.const 3 i32.const -8 i32.const 16 call $set` },
  'payload-beyond': { decide: `i32.const ${AT.key} i32.const 3 i32.const 0x7fffffff i32.const 1 call $enqueue` },
  'account-beyond': { decide: 'i32.const 65530 i32.const 13 call $available drop' },
  'result-beyond': { decide: `i32.const ${AT.drawer} i32.const 13 i32.const 65532 call $find` },
  'result-unaligned': { decide: `i32.const ${AT.drawer} i32.const 13 i32.const 2049 call $find` },
  'result-at-minus-one': { decide: `i32.const ${AT.drawer} i32.const 13 i32.const -1 call $find` },
});

add('instance', 'not-allowed', /broke/, {
  'start-traps': { fields: '(func $start unreachable) (start $start)' },
  'initialize-traps': { fields: '(func (export "_initialize") unreachable)' },
  'data-beyond-memory': { fields: '(data (i32.const 65530) "0123456789")' },
  'elements-beyond-table': { fields: '(table 1 funcref) (elem (i32.const 1) $allocate)' },
  'calls-nothing': { fields: '(table 4 funcref)', decide: 'i32.const 3 call_indirect' },
  'calls-another-type': { fields: '(table funcref (elem $allocate))', decide: 'i32.const 0 call_indirect' },
  unreachable: { decide: 'unreachable' },
});

add('effects', 'not-allowed', /broke|decided what it may not/, {
  'then-a-trap': { decide: `${EFFECTS} unreachable` },
  'then-a-bad-access': { decide: `${EFFECTS} i32.const -1 i32.load drop` },
  'then-a-lie': { decide: EFFECTS, answer: word(9) },
  'then-an-approval-that-is-none': { decide: EFFECTS, answer: approval([[...DRAWER, 100n]]) },
});
add('effects', 'budget', /fuel is spent|nested/, {
  'then-a-loop': { decide: `${EFFECTS} ${SPIN}` },
  'then-a-recursion': { fields: '(func $r call $r)', decide: `${EFFECTS} call $r` },
});
add('effects', 'invalid', /key/, { 'then-a-decline': { decide: EFFECTS, answer: decline(0, AT.key, 3) } });

const numbered = (call: string): string =>
  `i32.const ${AT.key} local.get $i i32.store8 i32.const ${AT.key} i32.const 3 i32.const 0 i32.const 8 call ${call}`;
const keyOf = (bytes: number, call: string): string =>
  `i32.const 16384 i32.const 97 i32.const 200 memory.fill i32.const 16384 i32.const ${bytes} i32.const 0 i32.const 0 call ${call}`;
add('flood', 'budget', /used up what it may use/, {
  'of-outbox-items': { decide: repeat(17, numbered('$enqueue')) },
  'of-outbox-items-of-one-key': { decide: repeat(1000, `i32.const ${AT.key} i32.const 3 i32.const 0 i32.const 8 call $enqueue`) },
  'of-an-outbox-payload': { decide: `i32.const ${AT.key} i32.const 3 i32.const 0 i32.const 1025 call $enqueue` },
  'of-state': { decide: repeat(65, numbered('$set')) },
  'of-state-under-one-key': { decide: repeat(1000, `i32.const ${AT.key} i32.const 3 i32.const 0 i32.const 8 call $set`) },
  'of-a-value': { decide: `i32.const ${AT.key} i32.const 3 i32.const 0 i32.const 4097 call $set` },
  'of-a-key': { decide: keyOf(129, '$set') },
  'of-an-outbox-key': { decide: keyOf(129, '$enqueue') },
  'of-an-empty-key': { decide: `i32.const ${AT.key} i32.const 0 i32.const 0 i32.const 8 call $set` },
  'into-the-hosts-keys': {
    fields: '(data (i32.const 4096) "host.lease")',
    decide: 'i32.const 4096 i32.const 10 i32.const 0 i32.const 8 call $set',
  },
  'of-texts': { memory: '4', decide: repeat(10_000, 'i32.const 180000 i32.const 80000 i32.const 0 i32.const 0 call $set') },
  'of-reads': {
    decide: `i32.const 16384 i32.const 97 i32.const 128 memory.fill ${repeat(
      1_000_000,
      'i32.const 16384 local.get $i i32.const 0x40404040 i32.xor i32.const 0x7f7f7f7f i32.and i32.store i32.const 16384 i32.const 128 i32.const 2048 call $get',
    )}`,
  },
});

/** Nothing lies behind this, so it is a sound text of any length. */
const LONG_AT = 180_000;
/** Postings or receipt lines from 16,384 on, `count` of them, all naming the same text. */
const many = (count: number, bytes: number): string =>
  repeat(
    count,
    `local.get $i i32.const 16 i32.mul local.tee $j i32.const ${LONG_AT} i32.store offset=16384 local.get $j i32.const ${bytes} i32.store offset=16388
     local.get $j i32.const ${LONG_AT} i32.store offset=16392 local.get $j i32.const ${bytes} i32.store offset=16396`,
  );
add('bomb', 'budget', /hands over more than/, {
  'of-one-long-account': { memory: '4', decide: many(10_000, 80_000), answer: lists(16_384, 10_000) },
  'of-one-long-receipt-text': { memory: '4', decide: many(10_000, 80_000), answer: lists(0, 0, 16_384, 10_000) },
  'of-empty-lines': { memory: '4', answer: lists(16_384, 15_000, 16_384, 15_000) },
});
add('bomb', 'budget', /too long|hands over/, { 'of-a-decline': { memory: '4', answer: decline(0, LONG_AT, 80_000) } });

add('money', 'not-allowed', /decided what it may not/, {
  'of-somebody-else': {
    answer: approval([
      [...OTHER, 100n],
      [...SALES, -100n],
    ]),
  },
  'from-the-float': {
    answer: approval([
      [...FLOAT, 100n],
      [...SALES, -100n],
    ]),
  },
  'from-nowhere': { answer: approval([[...SALES, -100n]]) },
  unbalanced: {
    answer: approval([
      [...DRAWER, 100n],
      [...SALES, -99n],
    ]),
  },
  'more-than-asked': {
    answer: approval([
      [...DRAWER, 100_000n],
      [...SALES, -100_000n],
    ]),
  },
  'less-than-asked': {
    answer: approval([
      [...DRAWER, 1n],
      [...SALES, -1n],
    ]),
  },
  'that-wraps': {
    answer: approval([
      [...DRAWER, 2n ** 63n - 1n],
      [...SALES, -(2n ** 63n)],
      [...WALLET, 1n],
    ]),
  },
  'of-nothing': { answer: approval([]) },
  'of-zero': {
    answer: approval([
      [...DRAWER, 0n],
      [...SALES, 0n],
    ]),
  },
  twice: {
    answer: approval([
      [...DRAWER, 50n],
      [...DRAWER, 50n],
      [...SALES, -100n],
    ]),
  },
  'to-an-unknown-account': {
    fields: '(data (i32.const 4096) "drawer:elsewhere")',
    answer: approval([
      [4096, 16, 100n],
      [...SALES, -100n],
    ]),
  },
  'to-no-account': {
    answer: approval([
      [AT.key, 3, 100n],
      [...SALES, -100n],
    ]),
  },
});

add('money', 'budget', /33 postings/, {
  'in-too-many-lines': { answer: approval(Array.from({ length: 33 }, () => [...DRAWER, 1n])) },
});

export const hostileCells: readonly HostileCell[] = all;

/** Cells that are not installed: what they are made of, and the words of the refusal. */
export type RefusedCell = { readonly name: string; readonly text: string; readonly detail: RegExp };
const refuse = (name: string, detail: RegExp, text: CellText): RefusedCell => ({ name, text: cell(text), detail });

export const refusedCells: readonly RefusedCell[] = [
  refuse('memory beyond its budget', /starts with 5 pages/, { memory: '5' }),
  refuse('shared memory', /threads/, { memory: '1 2 shared' }),
  refuse('a table of ten million entries', /10000000 entries/, { fields: '(table 10000000 funcref)' }),
  refuse('a table that grows', /reference types/, {
    fields: '(table 1 funcref)',
    decide: 'ref.null func i32.const 1000000 table.grow 0 drop',
  }),
  refuse('SIMD', /SIMD/, { decide: 'i32.const 0 v128.load i32x4.extract_lane 0 drop' }),
  refuse('atomics', /threads/, { decide: 'i32.const 0 i32.atomic.load drop' }),
  refuse('exceptions that catch the end of the fuel', /exception/, { fields: '(tag $t)', decide: 'block try_table (catch_all 0) end end' }),
  refuse('garbage-collected objects', /garbage/, { fields: '(type (struct (field i32)))' }),
  refuse('the name of the fuel', /chautari:fuel/, { fields: '(global (export "chautari:fuel") (mut i32) (i32.const 1000000000))' }),
  refuse('the name of the depth', /chautari:depth/, { fields: '(func (export "chautari:depth"))' }),
  refuse('a function of too many locals', /locals/, { fields: `(func (local ${'i64 '.repeat(5000)}))` }),
  refuse('blocks nested too deeply', /nested/, { fields: `(func ${'block '.repeat(5000)} ${'end '.repeat(5000)})` }),
  refuse('elements that are written again and again', /elements/, {
    fields: `(table 1 funcref) ${`(elem (i32.const 0) ${'$allocate '.repeat(1000)})`.repeat(70)}`,
  }),
];
