/**
 * The part of every glue module that is the same for all worlds: the one call that runs now, the checks of what comes from a cell, and
 * how texts and lists cross the border. Nothing here is made anew for a call: imports are plain functions over the current call.
 *
 * `open` is the canonical ABI's may_leave: a cell may call out while its export runs, and not while it starts, allocates for the host,
 * or cleans up. A cell's memory is little-endian, as every machine is that Node runs on.
 */
import { FUEL_COSTS } from '../fuel-costs.ts';

/** How a component wants its texts. */
export type StringEncoding = 'utf8' | 'utf16' | 'latin1+utf16';

/** What one call may hand over in all, over every string and list: a list may point at one long string a thousand times. */
export const LIFTED_BYTES_MAX: number = 1024 * 1024;
const LIFTED_ELEMENTS_MAX = 16_384;

const CALL = `
export class Fault extends Error {
  constructor(code, message) { super(message); this.code = code; }
}
function broken(what) {
  throw new Fault(answering ? 'bad-answer' : 'trap', what);
}

let slot = null, host = null, realloc = null, fuel = null, open = false, answering = false;
let u8, u16, i32, u32, f32, f64, i64, size = 0;
let bytesLeft = 0, elementsLeft = 0, moved = 0, textPlace = 0, textLength = 0;

/** The views of a memory; made again where the cell let it grow, which the owner sees by \`grown\`. */
export function makeViews(memory) {
  const buffer = memory.buffer;
  return {
    memory, grown: false, u8: new Uint8Array(buffer), u16: new Uint16Array(buffer), i32: new Int32Array(buffer), u32: new Uint32Array(buffer),
    f32: new Float32Array(buffer), f64: new Float64Array(buffer), i64: new BigInt64Array(buffer), text: Buffer.from(buffer),
  };
}
function use(views) {
  slot = views; u8 = views.u8; u16 = views.u16; i32 = views.i32; u32 = views.u32; f32 = views.f32; f64 = views.f64; i64 = views.i64;
  size = u8.length;
}
/** After the cell ran: a memory that grew has a new buffer, and the old one has no bytes. */
function look() {
  if (u8.length === 0 && slot.memory.buffer.byteLength !== 0) {
    slot.grown = true;
    use(makeViews(slot.memory));
  }
}
/** From here until \`leave\` imports serve this host. */
export function enter(views, hostSide) {
  if (host !== null) throw new Error('a cell is running already');
  use(views);
  host = hostSide;
  open = answering = false;
  bytesLeft = ${LIFTED_BYTES_MAX};
  elementsLeft = ${LIFTED_ELEMENTS_MAX};
  moved = 0;
}
export function leave() {
  slot = host = realloc = fuel = null;
  open = false;
}

function serve(exports) {
  realloc = exports.cabi_realloc;
  fuel = exports['chautari:fuel'] ?? null;
}
function begin() {
  if (!open) broken('the cell called out where it may not: while starting, allocating or cleaning up');
  look();
  open = false;
  moved = 0;
}
/** The end of an import: what it cost, taken from the fuel that the cell's own code spends. */
function finish(base) {
  open = true;
  if (fuel === null) return;
  const left = fuel.value - base - moved * ${FUEL_COSTS.perByte};
  fuel.value = left < 0 ? -1 : left;
  if (left < 0) throw new Fault('limit', 'the fuel is spent');
}

function spendBytes(bytes) {
  moved += bytes;
  bytesLeft -= bytes;
  if (bytesLeft < 0) throw new Fault('limit', 'the cell hands over more than ${LIFTED_BYTES_MAX} bytes');
}
function spendElements(count) {
  elementsLeft -= count;
  if (elementsLeft < 0) throw new Fault('limit', 'the cell hands over more than ${LIFTED_ELEMENTS_MAX} elements of lists');
}
/** A place of \`bytes\` bytes that the cell named, as an unsigned number. */
function place(pointer, bytes, alignment) {
  const p = pointer >>> 0;
  if ((p & (alignment - 1)) !== 0) broken('the cell names a place that is not aligned');
  if (p + bytes > size) broken('the cell names a place beyond its memory');
  return p;
}
function allocate(old, oldBytes, alignment, bytes) {
  if (bytes > 0x7fffffff) throw new Fault('limit', 'a value is too large for a cell');
  const pointer = realloc(old, oldBytes, alignment, bytes);
  look();
  return place(pointer, bytes, alignment);
}

function caseOf(number, count) {
  if (number >>> 0 >= count) broken('the cell names a case that the type has not');
  return number >>> 0;
}
function liftChar(code) {
  const unsigned = code >>> 0;
  if (unsigned >= 0x110000 || (unsigned >= 0xd800 && unsigned <= 0xdfff)) broken('the cell gives a char that is no character');
  return String.fromCodePoint(unsigned);
}
function noCase(tag) {
  throw new TypeError('a value has the case ' + String(tag) + ', which its type has not');
}

const scratch = new DataView(new ArrayBuffer(8));
function bitsOfF32(value) { scratch.setFloat32(0, value); return scratch.getInt32(0); }
function f32OfBits(bits) { scratch.setInt32(0, bits); return scratch.getFloat32(0); }
function bitsOfF64(value) { scratch.setFloat64(0, value); return scratch.getBigInt64(0); }
function f64OfBits(bits) { scratch.setBigInt64(0, bits); return scratch.getFloat64(0); }

/** A list of numbers, copied out: the cell may write to its memory later. */
function liftNumbers(Kind, pointer, length) {
  const bytes = (length >>> 0) * Kind.BYTES_PER_ELEMENT;
  const p = place(pointer, bytes, Kind.BYTES_PER_ELEMENT);
  spendBytes(bytes);
  if (Kind === Uint8Array) return u8.slice(p, p + bytes);
  spendElements(length >>> 0);
  return new Kind(u8.buffer.slice(p, p + bytes));
}
/** Leaves the place in textPlace and the number of elements in textLength, as the texts do. */
function lowerNumbers(Kind, list) {
  const numbers = list instanceof Kind ? list : Kind.from(list);
  const bytes = numbers.byteLength;
  textPlace = allocate(0, 0, Kind.BYTES_PER_ELEMENT, bytes);
  textLength = numbers.length;
  moved += bytes;
  u8.set(Kind === Uint8Array ? numbers : new Uint8Array(numbers.buffer, numbers.byteOffset, bytes), textPlace);
}
`;

/** UTF-16 units at an even place: short texts unit by unit, longer ones in one native step. A lone surrogate is no text. */
const UNITS = `
function liftUnits(p, length) {
  const first = p >>> 1;
  let text = '';
  if (length <= 4) for (let index = 0; index < length; index += 1) text += String.fromCharCode(u16[first + index]);
  else text = slot.text.ucs2Slice(p, p + 2 * length);
  if (!text.isWellFormed()) broken('the cell gives a text that is not well-formed UTF-16');
  return text;
}
function writeUnits(p, text) {
  const length = text.length;
  if (length > 64) {
    slot.text.ucs2Write(text, p, 2 * length);
    return;
  }
  const first = p >>> 1;
  for (let index = 0; index < length; index += 1) u16[first + index] = text.charCodeAt(index);
}
`;

const TEXT: Readonly<Record<StringEncoding, string>> = {
  utf16: `${UNITS}
function liftText(pointer, units) {
  const length = units >>> 0;
  const p = place(pointer, 2 * length, 2);
  spendBytes(2 * length);
  return liftUnits(p, length);
}
function lowerText(given) {
  const text = given.isWellFormed() ? given : given.toWellFormed();
  const length = text.length;
  moved += 2 * length;
  textPlace = allocate(0, 0, 2, 2 * length);
  textLength = length;
  writeUnits(textPlace, text);
}
`,
  utf8: `
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function liftText(pointer, bytes) {
  const length = bytes >>> 0;
  const p = place(pointer, length, 1);
  spendBytes(length);
  let index = p;
  const end = p + length;
  while (index < end && u8[index] < 0x80) index += 1;
  if (index === end) return slot.text.latin1Slice(p, end);
  try {
    return decoder.decode(u8.subarray(p, end));
  } catch {
    return broken('the cell gives a text that is not UTF-8');
  }
}
function lowerText(given) {
  const text = given.isWellFormed() ? given : given.toWellFormed();
  const length = Buffer.byteLength(text);
  moved += length;
  textPlace = allocate(0, 0, 1, length);
  textLength = length;
  if (length > 32 || length !== text.length) slot.text.utf8Write(text, textPlace, length);
  else for (let index = 0; index < length; index += 1) u8[textPlace + index] = text.charCodeAt(index);
}
`,
  'latin1+utf16': `${UNITS}
const UTF16_TAG = 0x80000000;
function liftText(pointer, tagged) {
  const wide = (tagged & UTF16_TAG) !== 0;
  const length = wide ? (tagged ^ UTF16_TAG) >>> 0 : tagged >>> 0;
  const bytes = wide ? 2 * length : length;
  const p = place(pointer, bytes, 2);
  spendBytes(bytes);
  return wide ? liftUnits(p, length) : slot.text.latin1Slice(p, p + length);
}
function lowerText(given) {
  const text = given.isWellFormed() ? given : given.toWellFormed();
  const length = text.length;
  let narrow = true;
  for (let index = 0; index < length; index += 1) if (text.charCodeAt(index) > 0xff) narrow = false;
  const bytes = narrow ? length : 2 * length;
  moved += bytes;
  textPlace = allocate(0, 0, 2, bytes);
  textLength = narrow ? length : (length | UTF16_TAG) >>> 0;
  if (narrow) slot.text.latin1Write(text, textPlace, length);
  else writeUnits(textPlace, text);
}
`,
};

export function runtimeSource(encoding: StringEncoding): string {
  return `${CALL}${TEXT[encoding]}`;
}
