/** Texts inside a payload: UTF-8 with their length, whole or front-coded after the text before (SPEC B6). */
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER } from './columns.ts';
import { MAX_INFLATED_BYTES } from './limits.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function checked(text: string, limitBytes: number): Uint8Array {
  const bytes = encoder.encode(text);
  if (bytes.length > limitBytes)
    throw new Error(`a text of ${bytes.length} bytes is over the limit of ${limitBytes}: ${text.slice(0, 40)}`);
  return bytes;
}

export function writeText(writer: ValueWriter, text: string, limitBytes: number): void {
  const bytes = checked(text, limitBytes);
  writer.number(NUMBER.textLength, bytes.length);
  let before = 0;
  for (const byte of bytes) {
    writer.textByte(before, byte);
    before = byte;
  }
}

/** Only for ASCII texts: the shared beginning is counted in characters. */
export function writeFrontCoded(writer: ValueWriter, previous: string, text: string, limitBytes: number): void {
  let shared = 0;
  while (shared < text.length && shared < previous.length && text[shared] === previous[shared]) shared++;
  writer.number(NUMBER.sharedPrefix, shared);
  writeText(writer, text.slice(shared), limitBytes);
}

/** Reads texts and counts what they take together: past MAX_INFLATED_BYTES everything fails. */
export class TextReader {
  private bytesLeft = MAX_INFLATED_BYTES;
  private readonly values: ValueReader;

  constructor(values: ValueReader) {
    this.values = values;
  }

  /** Undefined where it is over the limit or no UTF-8. */
  text(limitBytes: number): string | undefined {
    const length = this.values.number(NUMBER.textLength);
    if (this.values.failed || length > limitBytes || !this.spend(length)) return undefined;
    const bytes = new Uint8Array(length);
    let before = 0;
    for (let index = 0; index < length; index++) {
      before = this.values.textByte(before);
      bytes[index] = before;
    }
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }

  frontCoded(previous: string, limitBytes: number): string | undefined {
    const shared = this.values.number(NUMBER.sharedPrefix);
    if (shared > previous.length || !this.spend(shared)) return undefined;
    const rest = this.text(limitBytes);
    return rest === undefined || shared + rest.length > limitBytes ? undefined : previous.slice(0, shared) + rest;
  }

  private spend(bytes: number): boolean {
    this.bytesLeft -= bytes;
    return this.bytesLeft >= 0;
  }
}
