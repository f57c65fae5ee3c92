/** A growing buffer for messages: integers as LEB128, texts with their length before them (SPEC B1). */
const encoder = new TextEncoder();

export class ByteWriter {
  private buffer: Uint8Array;
  private used = 0;

  constructor(capacityBytes = 256) {
    this.buffer = new Uint8Array(capacityBytes);
  }

  get length(): number {
    return this.used;
  }

  byte(value: number): this {
    this.room(1);
    this.buffer[this.used++] = value;
    return this;
  }

  /** A non-negative safe integer. */
  unsigned(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a whole number from 0: ${value}`);
    this.room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.used++] = rest;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.room(value.length);
    this.buffer.set(value, this.used);
    this.used += value.length;
    return this;
  }

  text(value: string): this {
    const bytes = encoder.encode(value);
    return this.unsigned(bytes.length).bytes(bytes);
  }

  /** Bytes given as hex digits. */
  hex(digits: string): this {
    return this.bytes(Buffer.from(digits, 'hex'));
  }

  uint32(value: number): this {
    return this.byte((value >>> 24) & 255)
      .byte((value >>> 16) & 255)
      .byte((value >>> 8) & 255)
      .byte(value & 255);
  }

  /** A copy of what has been written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  private room(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.used + bytes));
    larger.set(this.buffer.subarray(0, this.used));
    this.buffer = larger;
  }
}
