/** Reads bytes of a module. Nothing is read beyond `end`; what is cut short or does not fit its type is a Refusal. */
import { refuse } from './fault.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined;
    if (value === undefined) return refuse('not-valid', `the module is cut short at byte ${this.at}`);
    this.at += 1;
    return value;
  }

  /** LEB128 of 32 bits, padded forms included (linkers leave room for relocations). */
  u32(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 5; index += 1) {
      const part = this.byte();
      value += (part & 0x7f) * scale;
      if (part < 0x80) return value < 0x1_0000_0000 ? value : this.tooLong(32);
      scale *= 0x80;
    }
    return this.tooLong(32);
  }

  /** A block type's or heap type's 33 bits, with its sign. */
  s33(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 5; index += 1) {
      const part = this.byte();
      value += (part & 0x7f) * scale;
      scale *= 0x80;
      if (part < 0x80) return (part & 0x40) === 0 ? value : value - scale;
    }
    return this.tooLong(33);
  }

  /** Past a signed number of at most `bits`: its value is copied, never looked at. */
  skipSigned(bits: 32 | 64): void {
    for (let index = 0; index * 7 < bits; index += 1) if (this.byte() < 0x80) return;
    this.tooLong(bits);
  }

  skip(count: number): void {
    if (count > this.end - this.at) refuse('not-valid', `the module is cut short at byte ${this.at}`);
    this.at += count;
  }

  /** A part of its own that ends `count` bytes from here; this reader goes on after it. */
  part(count: number): ByteReader {
    const start = this.at;
    this.skip(count);
    return new ByteReader(this.bytes, start, this.at);
  }

  name(bytesMax: number): string {
    const length = this.u32();
    if (length > bytesMax) refuse('too-large', `a name has ${length} bytes; the limit is ${bytesMax}`);
    const start = this.at;
    this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, this.at));
    } catch {
      return refuse('not-valid', `the name at byte ${start} is not UTF-8`);
    }
  }

  expectDone(what: string): void {
    if (!this.done) refuse('not-valid', `${what} goes on after its end, at byte ${this.at}`);
  }

  private tooLong(bits: number): never {
    return refuse('not-valid', `the number that ends at byte ${this.at} does not fit into ${bits} bits`);
  }
}
