/**
 * A payload is one sequence of whole numbers. `ValueWriter` and `ValueReader` are the two ends of a coding of that sequence: plain LEB128 bytes
 * (which zstd may shrink), or a range coder that models each column by itself. The columns are the same for every coding, so the codec of
 * entries is written once.
 * `number` is any safe integer from 0; `symbol` is below `size`, and takes nothing where `size` is 1.
 * Failure is sticky on reading, as in ByteReader: zeros come out, `failed` says so.
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

export interface ValueWriter {
  number(column: number, value: number): void;
  symbol(column: number, value: number, size: number): void;
  /** One byte of a text; `before` is the byte before it, 0 at the beginning. */
  textByte(before: number, value: number): void;
}

export interface ValueReader {
  readonly failed: boolean;
  number(column: number): number;
  symbol(column: number, size: number): number;
  textByte(before: number): number;
  /** Everything was read and nothing is left over. */
  finished(): boolean;
}

export class PlainWriter implements ValueWriter {
  private readonly writer = new ByteWriter(4096);

  number(_column: number, value: number): void {
    this.writer.unsigned(value);
  }

  symbol(_column: number, value: number, size: number): void {
    if (size > 1) this.writer.unsigned(value);
  }

  textByte(_before: number, value: number): void {
    this.writer.byte(value);
  }

  finish(): Uint8Array {
    return this.writer.finish();
  }
}

export class PlainReader implements ValueReader {
  private readonly reader: ByteReader;

  constructor(bytes: Uint8Array) {
    this.reader = new ByteReader(bytes);
  }

  get failed(): boolean {
    return this.reader.failed;
  }

  number(): number {
    return this.reader.unsigned();
  }

  symbol(_column: number, size: number): number {
    if (size <= 1) return 0;
    const value = this.reader.unsigned();
    if (value < size) return value;
    this.reader.failed = true;
    return 0;
  }

  textByte(): number {
    return this.reader.byte();
  }

  finished(): boolean {
    return this.reader.complete;
  }
}
