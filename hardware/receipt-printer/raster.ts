/**
 * Rows as a picture of one bit a dot: the only way to Devanagari on a receipt printer, whose code pages have none. Names wrap between
 * words, never inside a syllable; amounts stand at the right edge, each Devanagari digit in a cell of its own, because Mukta's are not
 * of one width.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Bitmap } from './frames.ts';
import type { Row, RowSize } from './layout.ts';
import { fontOf, type Letters } from './letters.ts';

/** 203 dots an inch: 8 dots a millimetre. */
const SIZES_PX: Readonly<Record<RowSize, number>> = { small: 22, normal: 26, large: 36 };
const BANNER_PX = 34;
const LINE = 1.42;
const BASELINE = 1.04;
const GAP_DOTS = 12;
/** Cell of a Devanagari digit, in em. */
const DIGIT_CELL = 0.6;
const INK_BELOW = 150;

export type RasterLimits = { readonly dots: number; readonly maxRows: number };

type Placed = { readonly height: number; readonly draw: (top: number) => void };

/** Undefined where the receipt is longer than the limit. */
export function rasterRows(rows: readonly Row[], letters: Letters, { dots, maxRows }: RasterLimits): Bitmap | undefined {
  const measure = letters.canvas.createCanvas(1, 1).getContext('2d');
  let context: SKRSContext2D = measure;
  const placed = rows.flatMap((row) => place(row, letters, dots, measure, () => context));
  const height = Math.ceil(placed.reduce((sum, one) => sum + one.height, 0));
  if (height > maxRows) return undefined;
  const canvas = letters.canvas.createCanvas(dots, Math.max(1, height));
  context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, dots, height);
  context.fillStyle = '#000';
  let top = 0;
  for (const one of placed) {
    one.draw(Math.round(top));
    top += one.height;
  }
  return bitmapOf(context.getImageData(0, 0, dots, Math.max(1, height)).data, dots, Math.max(1, height));
}

function place(row: Row, letters: Letters, dots: number, measure: SKRSContext2D, context: () => SKRSContext2D): Placed[] {
  if (row.kind === 'rule') return [{ height: 14, draw: (top) => dashes(context(), top + 6, dots) }];
  const isBanner = row.kind === 'banner';
  const sizePx = isBanner ? BANNER_PX : SIZES_PX[row.size];
  const font = fontOf(letters, sizePx, isBanner || row.isBold);
  measure.font = font;
  const height = sizePx * LINE;
  const line = (draw: (context: SKRSContext2D, baseline: number) => void, ground?: (top: number) => void): Placed => ({
    height,
    draw: (top) => {
      ground?.(top);
      const target = context();
      target.font = font;
      draw(target, top + sizePx * BASELINE);
    },
  });
  const width = (text: string): number => measure.measureText(text).width;

  if (row.kind === 'banner') {
    return wrapped(row.text, dots - 2 * GAP_DOTS, width).map((text) => {
      const left = (dots - width(text)) / 2;
      return line(
        (target, baseline) => {
          target.fillStyle = '#fff';
          target.fillText(text, left, baseline);
          target.fillStyle = '#000';
        },
        (top) => context().fillRect(0, top, dots, Math.ceil(height)),
      );
    });
  }
  if (row.kind === 'text') {
    return wrapped(row.text, dots, width).map((text) => {
      const left = row.align === 'center' ? (dots - width(text)) / 2 : 0;
      return line((target, baseline) => target.fillText(text, left, baseline));
    });
  }
  const cells = row.isAmount ? cellsOf(row.right, sizePx, width) : [{ text: row.right, width: width(row.right), isDigit: false }];
  const rightWidth = cells.reduce((sum, cell) => sum + cell.width, 0);
  const right = (target: SKRSContext2D, baseline: number): void => {
    let left = dots - rightWidth;
    for (const cell of cells) {
      target.fillText(cell.text, cell.isDigit ? left + (cell.width - widthOn(target, cell.text)) / 2 : left, baseline);
      left += cell.width;
    }
  };
  const room = dots - rightWidth - (rightWidth > 0 ? GAP_DOTS : 0);
  const hasOwnLine = room < dots / 3;
  const names = wrapped(row.left, hasOwnLine ? dots : room, width);
  return [
    ...names.map((text, index) =>
      line((target, baseline) => {
        target.fillText(text, 0, baseline);
        if (!hasOwnLine && index === names.length - 1) right(target, baseline);
      }),
    ),
    ...(hasOwnLine ? [line(right)] : []),
  ];
}

const widthOn = (context: SKRSContext2D, text: string): number => context.measureText(text).width;

type Cell = { readonly text: string; readonly width: number; readonly isDigit: boolean };

function cellsOf(text: string, sizePx: number, width: (text: string) => number): Cell[] {
  return (text.match(/[०-९]|[^०-९]+/g) ?? []).map((part) => {
    const isDigit = /^[०-९]$/.test(part);
    return { text: part, width: isDigit ? sizePx * DIGIT_CELL : width(part), isDigit };
  });
}

function dashes(context: SKRSContext2D, top: number, dots: number): void {
  for (let left = 0; left < dots; left += 10) context.fillRect(left, top, Math.min(6, dots - left), 2);
}

const syllables = new Intl.Segmenter('ne', { granularity: 'grapheme' });

function wrapped(text: string, room: number, width: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string, joint: string): void => {
    const longer = line === '' ? piece : `${line}${joint}${piece}`;
    if (line === '' || width(longer) <= room) {
      line = longer;
      return;
    }
    lines.push(line);
    line = piece;
  };
  for (const word of text.split(' ')) {
    if (width(word) <= room) {
      add(word, ' ');
      continue;
    }
    // A word that is wider than the paper is broken between syllables.
    let joint = ' ';
    for (const { segment } of syllables.segment(word)) {
      add(segment, joint);
      joint = '';
    }
  }
  return [...lines, line];
}

function bitmapOf(pixels: Uint8ClampedArray, dots: number, rows: number): Bitmap {
  const rowBytes = Math.ceil(dots / 8);
  const bits = new Uint8Array(rowBytes * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < dots; column += 1) {
      if ((pixels[(row * dots + column) * 4] ?? 255) >= INK_BELOW) continue;
      const at = row * rowBytes + (column >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (column & 7));
    }
  }
  return { rowBytes, rows, bits };
}
