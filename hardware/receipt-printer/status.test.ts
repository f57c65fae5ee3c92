// A printer's answers, told apart by their fixed bits, however they are split; anything else is passed over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyReader, isCoverOpen, isOffline, isPaperLow, isPaperOut, readStatus, type StatusEvent } from './status.ts';

const read = (...bytes: readonly number[]): StatusEvent[] => readStatus(emptyReader, Uint8Array.from(bytes)).events;

describe('status', () => {
  it('reads the answers to DLE EOT and to GS r, and XON and XOFF', () => {
    expect(read(0x12, 0x1a, 0x00, 0x0f, 0x13, 0x11)).toEqual([
      { kind: 'answer', byte: 0x12 },
      { kind: 'answer', byte: 0x1a },
      { kind: 'printed', isPaperOut: false, isPaperLow: false },
      { kind: 'printed', isPaperOut: true, isPaperLow: true },
      { kind: 'flow', mayGoOn: false },
      { kind: 'flow', mayGoOn: true },
    ]);
  });

  it('reads an automatic status of four bytes, with another answer in its middle', () => {
    expect(read(0x38, 0x00, 0x12, 0x0c, 0x0f)).toEqual([
      { kind: 'answer', byte: 0x12 },
      { kind: 'automatic', isOffline: true, isCoverOpen: true, isPaperOut: true },
    ]);
  });

  it('knows what the bits mean', () => {
    expect([isOffline(0x1a), isCoverOpen(0x16), isPaperOut(0x72), isPaperLow(0x1e)]).toEqual([true, true, true, true]);
    expect([isOffline(0x12), isCoverOpen(0x12), isPaperOut(0x12), isPaperLow(0x12)]).toEqual([false, false, false, false]);
  });

  it('reads the same however the bytes are split, in memory of three bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const whole = readStatus(emptyReader, bytes);
        const first = readStatus(emptyReader, bytes.subarray(0, cut));
        const second = readStatus(first.reader, bytes.subarray(cut));
        expect([...first.events, ...second.events]).toEqual(whole.events);
        expect(first.reader.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
