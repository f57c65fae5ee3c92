/**
 * What a printer says: one byte for DLE EOT and for GS r, four for an automatic status, XON and XOFF. The kinds differ in fixed bits, so
 * a reader needs no more memory than three bytes; a byte that is none of them is skipped.
 */
export type StatusEvent =
  /** The answer to DLE EOT; what it means depends on the question. */
  | { readonly kind: 'answer'; readonly byte: number }
  /** The answer to GS r 1. */
  | { readonly kind: 'printed'; readonly isPaperOut: boolean; readonly isPaperLow: boolean }
  | { readonly kind: 'automatic'; readonly isOffline: boolean; readonly isCoverOpen: boolean; readonly isPaperOut: boolean }
  | { readonly kind: 'flow'; readonly mayGoOn: boolean }
  | { readonly kind: 'unknown'; readonly byte: number };

/** The bytes of an automatic status that came so far: at most three. */
export type StatusReader = readonly number[];
export const emptyReader: StatusReader = [];

export function readStatus(reader: StatusReader, bytes: Uint8Array): { readonly reader: StatusReader; readonly events: StatusEvent[] } {
  let pending = [...reader];
  const events: StatusEvent[] = [];
  for (const byte of bytes) {
    if (byte === 0x11 || byte === 0x13) {
      events.push({ kind: 'flow', mayGoOn: byte === 0x11 });
    } else if ((byte & 0x93) === 0x12) {
      events.push({ kind: 'answer', byte });
    } else if ((byte & 0x93) === 0x10) {
      pending = [byte];
    } else if ((byte & 0x90) === 0 && pending.length > 0) {
      pending.push(byte);
      if (pending.length === 4) {
        events.push(automatic(pending));
        pending = [];
      }
    } else if ((byte & 0x90) === 0) {
      events.push({ kind: 'printed', isPaperOut: (byte & 0x0c) !== 0, isPaperLow: (byte & 0x03) !== 0 });
    } else {
      pending = [];
      events.push({ kind: 'unknown', byte });
    }
  }
  return { reader: pending, events };
}

function automatic([first = 0, , third = 0]: readonly number[]): StatusEvent {
  return { kind: 'automatic', isOffline: (first & 0x08) !== 0, isCoverOpen: (first & 0x20) !== 0, isPaperOut: (third & 0x0c) !== 0 };
}

export const isOffline = (printerByte: number): boolean => (printerByte & 0x08) !== 0;
export const isCoverOpen = (causeByte: number): boolean => (causeByte & 0x04) !== 0;
export const isStoppedByPaper = (causeByte: number): boolean => (causeByte & 0x20) !== 0;
export const isPaperOut = (paperByte: number): boolean => (paperByte & 0x60) !== 0;
export const isPaperLow = (paperByte: number): boolean => (paperByte & 0x0c) !== 0;
