/** Payment cells in WebAssembly's text format: an honest frame, in which each hostile cell has its one lie. */

/** Four bytes, little end first, as text of a data segment. */
export function word(value: number): string {
  return [0, 8, 16, 24].map((shift) => `\\${((value >>> shift) & 0xff).toString(16).padStart(2, '0')}`).join('');
}

export function long(value: bigint): string {
  const bits = BigInt.asUintN(64, value);
  return word(Number(bits & 0xffff_ffffn)) + word(Number(bits >> 32n));
}

/** Where things lie in the memory of every cell here. */
export const AT = { drawer: 256, sales: 288, wallet: 320, other: 352, float: 384, key: 416, answer: 1024, heap: 8192 } as const;

/** A posting's account by its place and length, and its amount. */
type Line = readonly [place: number, bytes: number, amount: bigint];
export const DRAWER = [AT.drawer, 13] as const;
export const SALES = [AT.sales, 12] as const;
export const WALLET = [AT.wallet, 10] as const;
export const OTHER = [AT.other, 10] as const;
export const FLOAT = [AT.float, 12] as const;

const LINES_AT = AT.answer + 24;
const OK = word(0) + word(0);

/** The bytes of an approval at AT.answer. */
export function approval(
  lines: readonly Line[],
  receipt: { readonly place: number; readonly count: number } = { place: 0, count: 0 },
): string {
  const postings = lines.map(([place, bytes, amount]) => word(place) + word(bytes) + long(amount)).join('');
  return OK + word(LINES_AT) + word(lines.length) + word(receipt.place) + word(receipt.count) + postings;
}

/** An approval whose lists are where the cell says. */
export function lists(postings: number, postingCount: number, receipt = 0, receiptCount = 0): string {
  return OK + word(postings) + word(postingCount) + word(receipt) + word(receiptCount);
}

/** The bytes of a decline: its case, and a text by place and length. */
export function decline(found: number, place: number, bytes: number): string {
  return word(1) + word(0) + word(found) + word(0) + word(place) + word(bytes);
}

/** The cash sale of 100 as it should be. */
export const HONEST: string = approval([
  [...DRAWER, 100n],
  [...SALES, -100n],
]);

const ALLOCATE =
  'global.get $next local.get 2 i32.add i32.const 1 i32.sub i32.const 0 local.get 2 i32.sub i32.and global.set $next ' +
  'global.get $next global.get $next local.get 3 i32.add global.set $next';

export type CellText = {
  /** Bytes at AT.answer. */
  readonly answer?: string;
  /** Instructions of decide, before it returns `at`. */
  readonly decide?: string;
  readonly at?: number;
  /** Instructions of cabi_realloc; they leave the place. */
  readonly allocate?: string;
  /** Further fields of the module. */
  readonly fields?: string;
  readonly memory?: string;
  readonly imports?: string;
};

export function cell({
  answer = HONEST,
  decide = '',
  at = AT.answer,
  allocate = ALLOCATE,
  fields = '',
  memory = '1',
  imports = '',
}: CellText): string {
  return `(module
    (import "chautari:cell/accounts@0.1.0" "find" (func $find (param i32 i32 i32)))
    (import "chautari:cell/accounts@0.1.0" "available" (func $available (param i32 i32) (result i64)))
    (import "chautari:cell/state@0.1.0" "get" (func $get (param i32 i32 i32)))
    (import "chautari:cell/state@0.1.0" "set" (func $set (param i32 i32 i32 i32)))
    (import "chautari:cell/outbox@0.1.0" "enqueue-sync" (func $enqueue (param i32 i32 i32 i32)))
    ${imports}
    (memory (export "memory") ${memory})
    (global $next (mut i32) (i32.const ${AT.heap}))
    (data (i32.const ${AT.drawer}) "drawer:syabru") (data (i32.const ${AT.sales}) "sales:syabru")
    (data (i32.const ${AT.wallet}) "wallet:W-1") (data (i32.const ${AT.other}) "wallet:W-2") (data (i32.const ${AT.float}) "float:syabru")
    (data (i32.const ${AT.key}) "key")
    (data (i32.const ${AT.answer}) "${answer}")
    ${fields}
    (func $allocate (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $i i32) ${allocate})
    (func $decide (export "decide") (param i32) (result i32) (local $i i32) (local $j i32) ${decide} i32.const ${at}))`;
}

/** `body` for $i from 0 up to `count`. */
export function repeat(count: number, body: string): string {
  return `i32.const 0 local.set $i loop ${body} local.get $i i32.const 1 i32.add local.tee $i i32.const ${count} i32.lt_u br_if 0 end`;
}
