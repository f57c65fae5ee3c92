/**
 * The range coding of a payload (SPEC B10): an adaptive binary range coder over the values of the columns. Every column has its own
 * statistics, learned from the batch itself while it goes, so nothing but the code is sent. Integer arithmetic only: the same bytes everywhere.
 * Bounds: the statistics are two fixed arrays, made once; reading stops five bytes past the end and after MAX_INFLATED_BYTES values.
 */
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER_COLUMNS, SYMBOL_COLUMNS } from './columns.ts';
import { MAX_INFLATED_BYTES } from './limits.ts';

const CLASS_BITS = 6;
const MODELLED_BITS = 3;
const NUMBER_SLOTS = 64 + 64 * 8;
const SYMBOL_BITS = 10;
const SYMBOL_SLOTS = 1 << SYMBOL_BITS;
const TEXT_SLOTS = 256;
const SYMBOLS_AT = NUMBER_COLUMNS * NUMBER_SLOTS;
const TEXTS_AT = SYMBOLS_AT + SYMBOL_COLUMNS * SYMBOL_SLOTS;
const SLOTS = TEXTS_AT + 256 * TEXT_SLOTS;

/** By how many bits a slot has seen: the weight of the next one, in 1/65536. About 1/(n + 1.6), then constant. */
const WEIGHTS = Uint16Array.from({ length: 64 }, (_, seen) => Math.floor(655_360 / (seen * 10 + 16)));
const LOWEST = 96;
const HIGHEST = 65_536 - LOWEST;
const TOP = 2 ** 24;

/** Chance of a 0 bit in 1/65536 for every slot, and how often the slot was used. Coding is synchronous, so one model serves all. */
const chances = new Uint16Array(SLOTS);
const seenCounts = new Uint8Array(SLOTS);

/** Where every batch begins: even chances, or what `teach` made of them. */
const firstChances = new Uint16Array(SLOTS).fill(32_768);
const firstSeen = new Uint8Array(SLOTS);
/** What was taught counts as at most so many observations, so that a batch soon outweighs it. */
const TAUGHT_LIMIT = 12;

function resetModel(): void {
  chances.set(firstChances);
  seenCounts.set(firstSeen);
}

/** Makes the statistics after these values the ones that every batch begins with. What is written goes nowhere. */
export function teach(write: (writer: ValueWriter) => void): void {
  write(new RangeWriter());
  firstChances.set(chances);
  for (let slot = 0; slot < SLOTS; slot++) firstSeen[slot] = Math.min(seenCounts[slot] as number, TAUGHT_LIMIT);
}

function learn(slot: number, bit: number): void {
  const chance = chances[slot] as number;
  const seen = seenCounts[slot] as number;
  const weight = WEIGHTS[seen] as number;
  const moved = bit === 0 ? chance + (((65_536 - chance) * weight) >>> 16) : chance - ((chance * weight) >>> 16);
  chances[slot] = moved < LOWEST ? LOWEST : moved > HIGHEST ? HIGHEST : moved;
  if (seen < 63) seenCounts[slot] = seen + 1;
}

const bitLength = (value: number): number => (value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32)));
const symbolBits = (size: number): number => 32 - Math.clz32(size - 1);

export class RangeWriter implements ValueWriter {
  private low = 0;
  private range = 0xffff_ffff;
  private cache = 0;
  private pending = 0;
  private started = false;
  private buffer = new Uint8Array(4096);
  private used = 0;

  constructor() {
    resetModel();
  }

  number(column: number, value: number): void {
    const bits = bitLength(value);
    const base = column * NUMBER_SLOTS;
    this.tree(base, bits, CLASS_BITS);
    if (bits < 2) return;
    const modelled = Math.min(MODELLED_BITS, bits - 1);
    const rawBits = bits - 1 - modelled;
    const scale = 2 ** rawBits;
    this.tree(base + 64 + bits * 8, Math.floor(value / scale) % (1 << modelled), modelled);
    this.raw(value % scale, rawBits);
  }

  symbol(column: number, value: number, size: number): void {
    if (size <= 1) return;
    const bits = symbolBits(size);
    const modelled = Math.min(bits, SYMBOL_BITS);
    const rawBits = bits - modelled;
    this.tree(SYMBOLS_AT + column * SYMBOL_SLOTS, value >>> rawBits, modelled);
    this.raw(value & ((1 << rawBits) - 1), rawBits);
  }

  textByte(before: number, value: number): void {
    this.tree(TEXTS_AT + before * TEXT_SLOTS, value, 8);
  }

  finish(): Uint8Array {
    // Any number within the range will do: the one that ends in zeros, which are not sent.
    this.low = Math.floor((this.low + this.range - 1) / TOP) * TOP;
    for (let index = 0; index < 5; index++) this.shift();
    let end = this.used;
    while (end > 0 && end > this.used - 4 && this.buffer[end - 1] === 0) end--;
    return this.buffer.slice(0, end);
  }

  private tree(base: number, value: number, bits: number): void {
    let node = 1;
    for (let index = bits - 1; index >= 0; index--) {
      const bit = (value >>> index) & 1;
      this.bit(base + node, bit);
      node = node * 2 + bit;
    }
  }

  private bit(slot: number, bit: number): void {
    const bound = (this.range >>> 16) * (chances[slot] as number);
    if (bit === 0) this.range = bound;
    else {
      this.low += bound;
      this.range -= bound;
    }
    learn(slot, bit);
    while (this.range < TOP) {
      this.range = (this.range * 256) >>> 0;
      this.shift();
    }
  }

  private raw(value: number, bits: number): void {
    for (let index = bits - 1; index >= 0; index--) {
      this.range >>>= 1;
      if (Math.floor(value / 2 ** index) % 2 === 1) this.low += this.range;
      if (this.range < TOP) {
        this.range = (this.range * 256) >>> 0;
        this.shift();
      }
    }
  }

  /** Gives out the top byte; a run of 0xff waits, because a carry may still turn it over. */
  private shift(): void {
    if (this.low < 0xff00_0000 || this.low > 0xffff_ffff) {
      const carry = this.low > 0xffff_ffff ? 1 : 0;
      if (this.started) this.put((this.cache + carry) & 255);
      for (; this.pending > 0; this.pending--) this.put((255 + carry) & 255);
      this.started = true;
      this.cache = Math.floor(this.low / TOP) & 255;
    } else this.pending++;
    this.low = (this.low % TOP) * 256;
  }

  private put(byte: number): void {
    if (this.used === this.buffer.length) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.used++] = byte;
  }
}

export class RangeReader implements ValueReader {
  failed = false;
  private readonly bytes: Uint8Array;
  private at = 0;
  private range = 0xffff_ffff;
  private code = 0;
  private valuesLeft = MAX_INFLATED_BYTES;

  constructor(bytes: Uint8Array) {
    resetModel();
    this.bytes = bytes;
    for (let index = 0; index < 4; index++) this.code = this.code * 256 + this.next();
  }

  number(column: number): number {
    if (!this.spend()) return 0;
    const base = column * NUMBER_SLOTS;
    const bits = this.tree(base, CLASS_BITS);
    if (bits < 2) return bits;
    if (bits > 53) return this.fail();
    const modelled = Math.min(MODELLED_BITS, bits - 1);
    const rawBits = bits - 1 - modelled;
    const top = (1 << modelled) + this.tree(base + 64 + bits * 8, modelled);
    return top * 2 ** rawBits + this.raw(rawBits);
  }

  symbol(column: number, size: number): number {
    if (size <= 1 || !this.spend()) return 0;
    const bits = symbolBits(size);
    const modelled = Math.min(bits, SYMBOL_BITS);
    const rawBits = bits - modelled;
    const value = this.tree(SYMBOLS_AT + column * SYMBOL_SLOTS, modelled) * 2 ** rawBits + this.raw(rawBits);
    return value < size ? value : this.fail();
  }

  textByte(before: number): number {
    return this.spend() ? this.tree(TEXTS_AT + before * TEXT_SLOTS, 8) : 0;
  }

  finished(): boolean {
    return !this.failed && this.at >= this.bytes.length;
  }

  private spend(): boolean {
    if (--this.valuesLeft < 0) this.failed = true;
    return !this.failed;
  }

  private fail(): 0 {
    this.failed = true;
    return 0;
  }

  private next(): number {
    if (this.at >= this.bytes.length + 5) this.failed = true;
    return this.bytes[this.at++] ?? 0;
  }

  private tree(base: number, bits: number): number {
    let node = 1;
    for (let index = 0; index < bits; index++) node = node * 2 + this.bit(base + node);
    return node - (1 << bits);
  }

  private bit(slot: number): number {
    const bound = (this.range >>> 16) * (chances[slot] as number);
    let bit = 0;
    if (this.code < bound) this.range = bound;
    else {
      this.code -= bound;
      this.range -= bound;
      bit = 1;
    }
    learn(slot, bit);
    while (this.range < TOP) {
      this.range = (this.range * 256) >>> 0;
      this.code = this.code * 256 + this.next();
    }
    return bit;
  }

  private raw(bits: number): number {
    let value = 0;
    for (let index = 0; index < bits; index++) {
      this.range >>>= 1;
      let bit = 0;
      if (this.code >= this.range) {
        this.code -= this.range;
        bit = 1;
      }
      value = value * 2 + bit;
      if (this.range < TOP) {
        this.range = (this.range * 256) >>> 0;
        this.code = this.code * 256 + this.next();
      }
    }
    return value;
  }
}
