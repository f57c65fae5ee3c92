/**
 * Reads what ByteWriter wrote. Failure is sticky: after the first fault every read gives zero or nothing, and `failed` says so, so a
 * decoder reads a whole message and asks once. Never throws and never allocates more than the bytes that are there.
 */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const EMPTY = new Uint8Array(0);

export class ByteReader {
  failed = false;
  private readonly buffer: Uint8Array;
  private at = 0;

  constructor(buffer: Uint8Array) {
    // A Buffer's slice shares memory, a Uint8Array's copies: callers count on the copy.
    this.buffer = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
  }

  get left(): number {
    return this.buffer.length - this.at;
  }

  get position(): number {
    return this.at;
  }

  byte(): number {
    const value = this.buffer[this.at];
    if (value === undefined || this.failed) return this.fail();
    this.at++;
    return value;
  }

  /** LEB128 in its shortest form, at most a safe integer. */
  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 8; index++) {
      const part = this.byte();
      value += (part & 0x7f) * scale;
      if (part < 0x80) {
        if ((part === 0 && index > 0) || !Number.isSafeInteger(value)) return this.fail();
        return value;
      }
      scale *= 0x80;
    }
    return this.fail();
  }

  /** A view, not a copy. */
  bytes(count: number): Uint8Array {
    if (this.failed || count > this.left) {
      this.fail();
      return EMPTY;
    }
    const view = this.buffer.subarray(this.at, this.at + count);
    this.at += count;
    return view;
  }

  text(limitBytes: number): string {
    const length = this.unsigned();
    if (length > limitBytes) {
      this.fail();
      return '';
    }
    return this.utf8(this.bytes(length));
  }

  hex(count: number): string {
    return Buffer.from(this.bytes(count)).toString('hex');
  }

  uint32(): number {
    return (this.byte() * 0x1000000 + (this.byte() << 16) + (this.byte() << 8) + this.byte()) >>> 0;
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  /** Everything was read, and nothing was missing. */
  get complete(): boolean {
    return !this.failed && this.left === 0;
  }

  private utf8(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch {
      this.fail();
      return '';
    }
  }

  private fail(): 0 {
    this.failed = true;
    return 0;
  }
}
