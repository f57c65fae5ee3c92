/** Bytes of the module that is being written, up to a limit. */
import { refuse } from './fault.ts';
import { REWRITE_LIMITS } from './limits.ts';

export class ByteWriter {
  length = 0;
  private buffer: Uint8Array<ArrayBuffer>;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
  }

  /** A view that the next write may overwrite. */
  view(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  byte(value: number): this {
    this.room(1);
    this.buffer[this.length] = value;
    this.length += 1;
    return this;
  }

  /** Opcodes and other single bytes. */
  raw(...values: readonly number[]): this {
    for (const value of values) this.byte(value);
    return this;
  }

  bytes(values: Uint8Array): this {
    this.room(values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
    return this;
  }

  u32(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  s32(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u32(bytes.length).bytes(bytes);
  }

  section(id: number, body: ByteWriter): this {
    return this.byte(id).u32(body.length).bytes(body.view());
  }

  private room(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    if (needed > REWRITE_LIMITS.outputBytesMax) {
      refuse('too-large', `the rewritten module would be larger than ${REWRITE_LIMITS.outputBytesMax} bytes`);
    }
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.view());
    this.buffer = grown;
  }
}
