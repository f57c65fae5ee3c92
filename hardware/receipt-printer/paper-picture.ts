/**
 * A simulated receipt as a PNG. Letters of the printer's own font are drawn one to a cell, from whatever fixed-width font the machine
 * has; rows of dots are drawn as they are. Black on white, one pixel a dot.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type CutPaper, LETTER_DOTS, type Letter, type PaperPart } from './paper.ts';

const MARGIN = 16;
const MAX_HEIGHT = 8_000;
const CODE_DOTS = 64;

function heightOf(part: PaperPart): number {
  switch (part.kind) {
    case 'line':
      return Math.max(LETTER_DOTS.lineHeight, ...part.letters.map((letter) => letter.style.tall * LETTER_DOTS.height + 6));
    case 'row':
      return 1;
    case 'code':
      return CODE_DOTS;
    case 'feed':
      return part.dots;
  }
}

export async function paperPicture(paper: CutPaper, dots: number): Promise<Uint8Array> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const height = Math.min(
    MAX_HEIGHT,
    paper.parts.reduce((sum, part) => sum + heightOf(part), 0),
  );
  const canvas = createCanvas(dots + 2 * MARGIN, height + 2 * MARGIN);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  let top = MARGIN;
  for (const part of paper.parts) {
    if (top - MARGIN > MAX_HEIGHT) break;
    draw(context, part, top, dots);
    top += heightOf(part);
  }
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  burn(image.data);
  context.putImageData(image, 0, 0);
  return canvas.encode('png');
}

/** Heat makes a dot black or leaves it white. */
function burn(pixels: Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4) pixels.fill((pixels[at] ?? 255) < 140 ? 0 : 255, at, at + 3);
}

function draw(context: SKRSContext2D, part: PaperPart, top: number, dots: number): void {
  switch (part.kind) {
    case 'row':
      drawRow(context, part.bits, top, dots);
      return;
    case 'line':
      drawLine(context, part.letters, part.align, top, dots);
      return;
    case 'code':
      context.strokeRect(MARGIN + 0.5, top + 0.5, CODE_DOTS * (part.what === 'qr' ? 1 : 4), CODE_DOTS - 4);
      return;
    case 'feed':
      return;
  }
}

function drawRow(context: SKRSContext2D, bits: Uint8Array, top: number, dots: number): void {
  for (let column = 0; column < Math.min(dots, bits.length * 8); column += 1) {
    if (((bits[column >> 3] ?? 0) & (0x80 >> (column & 7))) !== 0) context.fillRect(MARGIN + column, top, 1, 1);
  }
}

function drawLine(context: SKRSContext2D, letters: readonly Letter[], align: 'left' | 'center' | 'right', top: number, dots: number): void {
  const width = letters.reduce((sum, letter) => sum + letter.style.wide * LETTER_DOTS.width, 0);
  let left = MARGIN + (align === 'left' ? 0 : align === 'center' ? Math.floor((dots - width) / 2) : dots - width);
  context.textAlign = 'center';
  for (const { byte, style } of letters) {
    const cell = LETTER_DOTS.width * style.wide;
    const height = LETTER_DOTS.height * style.tall;
    context.fillStyle = '#000';
    if (style.isInverse) context.fillRect(left, top, cell, height + 4);
    if (style.isUnderlined) context.fillRect(left, top + height, cell, 2);
    context.fillStyle = style.isInverse ? '#fff' : '#000';
    context.save();
    context.translate(left + cell / 2, top + height * 0.8);
    context.scale(style.wide, style.tall);
    context.font = `${style.isBold ? 'bold ' : ''}20px "DejaVu Sans Mono", "Noto Sans Mono", "Nimbus Mono PS", monospace`;
    context.fillText(String.fromCharCode(byte), 0, 0, LETTER_DOTS.width);
    context.restore();
    left += cell;
  }
  context.fillStyle = '#000';
  context.textAlign = 'left';
}
