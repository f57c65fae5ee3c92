// Commands as bytes: pictures in bands, and never a real-time command inside one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askFrame, BAND_ROWS, joinFrames, MAX_ROW_BYTES, packFrames, paddingFrame, rasterFrames, textFrame } from './frames.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('frames', () => {
  it('asks with DLE EOT 1, 2 and 4', () => {
    expect([askFrame('printer'), askFrame('offline-cause'), askFrame('paper')].map(hex)).toEqual(['100401', '100402', '100404']);
  });

  it('sends printable ASCII as text and nothing else', () => {
    expect(hex(textFrame('Rs 1'))).toBe('527320310a');
    expect(() => textFrame('रु')).toThrow('printable ASCII');
    expect(() => textFrame('a\u001bp')).toThrow('printable ASCII');
  });

  it('cuts a picture into bands as wide as their ink', () => {
    const bits = new Uint8Array(4 * 25);
    bits[1] = 0x01;
    const [first, second, ...rest] = rasterFrames({ rowBytes: 4, rows: 25, bits });
    expect(rest).toEqual([]);
    expect(hex(first?.subarray(0, 10) ?? new Uint8Array())).toBe('1d7630000200180000' + '01');
    expect(first).toHaveLength(8 + 2 * BAND_ROWS);
    expect(hex(second ?? new Uint8Array())).toBe('1d76300001000100' + '00');
  });

  it('lets no picture ask, recover or open the drawer', () => {
    const risky = fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0x01, 0x00, 0xff);
    fc.assert(
      fc.property(fc.array(risky, { minLength: 60, maxLength: 60 }), (dots) => {
        const bits = Uint8Array.from(dots);
        for (const frame of rasterFrames({ rowBytes: 6, rows: 10, bits })) {
          expect(hex(frame)).not.toMatch(/^(..)*10(04|05|14)/);
        }
      }),
    );
  });

  it('pads at least the longest band', () => {
    const widest = rasterFrames({ rowBytes: MAX_ROW_BYTES, rows: BAND_ROWS, bits: new Uint8Array(MAX_ROW_BYTES * BAND_ROWS).fill(1) });
    expect(paddingFrame().length).toBeGreaterThanOrEqual((widest[0]?.length ?? 0) - 8);
  });

  it('packs whole frames into pieces, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 30 }), (frames) => {
        const pieces = packFrames(frames, 32);
        expect(hex(joinFrames(pieces))).toBe(hex(joinFrames(frames)));
        expect(pieces.every((piece) => piece.length <= 32 || frames.some((frame) => hex(frame) === hex(piece)))).toBe(true);
      }),
    );
  });
});
