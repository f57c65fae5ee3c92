/**
 * What a simulated printer has put on paper: lines of letters and rows of dots, until the knife. Bounded: what is beyond the limit is
 * printed nowhere, as on a roll that nobody tears off. Pictures of it are made in paper-picture.ts.
 */
import type { PaperOrder } from './command-reader.ts';

export type Style = {
  readonly isBold: boolean;
  readonly isInverse: boolean;
  readonly isUnderlined: boolean;
  readonly wide: number;
  readonly tall: number;
  readonly align: 'left' | 'center' | 'right';
};

export type Letter = { readonly byte: number; readonly style: Style };
export type PaperPart =
  | { readonly kind: 'line'; readonly letters: readonly Letter[]; readonly align: Style['align'] }
  | { readonly kind: 'row'; readonly bits: Uint8Array }
  | { readonly kind: 'code'; readonly what: 'barcode' | 'qr' }
  | { readonly kind: 'feed'; readonly dots: number };

export type CutPaper = { readonly parts: readonly PaperPart[]; readonly isTruncated: boolean };

export const PLAIN_STYLE: Style = { isBold: false, isInverse: false, isUnderlined: false, wide: 1, tall: 1, align: 'left' };
export const LETTER_DOTS = { width: 12, height: 24, lineHeight: 30 } as const;
const MAX_PARTS = 20_000;
/** 2 m of feeding: a thousand blank lines are an accident. */
const MAX_FEED_DOTS = 16_000;

export class Paper {
  private readonly dots: number;
  private readonly onCut: (paper: CutPaper) => void;
  private parts: PaperPart[] = [];
  private letters: Letter[] = [];
  private style: Style = PLAIN_STYLE;
  private fedDots = 0;
  private isTruncated = false;
  private drawers = 0;

  constructor(dots: number, onCut: (paper: CutPaper) => void) {
    this.dots = dots;
    this.onCut = onCut;
  }

  /** What hangs out of the printer, not cut off. */
  hanging(): readonly PaperPart[] {
    return this.parts;
  }

  drawerPulses(): number {
    return this.drawers;
  }

  /** Lines of letters and rows of dots are what uses up paper; answers whether this order did. */
  obey(order: PaperOrder): boolean {
    switch (order.kind) {
      case 'text':
        return this.letter(order.byte);
      case 'line-feed':
        return this.endLine();
      case 'row':
        this.add({ kind: 'row', bits: order.bits });
        return true;
      case 'code':
        this.add({ kind: 'code', what: order.what });
        return true;
      case 'command':
        return this.command(order.name, order.parameters[0] ?? 0);
    }
  }

  reset(): void {
    this.style = PLAIN_STYLE;
    this.letters = [];
  }

  private letter(byte: number): boolean {
    const used = this.letters.reduce((sum, one) => sum + one.style.wide, 0) + this.style.wide;
    const isFull = used * LETTER_DOTS.width > this.dots;
    if (isFull) this.endLine();
    this.letters.push({ byte, style: this.style });
    return isFull;
  }

  private endLine(): boolean {
    this.add({ kind: 'line', letters: this.letters, align: this.style.align });
    this.letters = [];
    return true;
  }

  private feed(dots: number): boolean {
    if (this.letters.length > 0) this.endLine();
    this.fedDots += dots;
    if (dots > 0 && this.fedDots <= MAX_FEED_DOTS) this.add({ kind: 'feed', dots });
    return dots > 0;
  }

  private add(part: PaperPart): void {
    if (this.parts.length >= MAX_PARTS) this.isTruncated = true;
    else this.parts.push(part);
  }

  private command(name: string, value: number): boolean {
    switch (name) {
      case 'ESC @':
        this.reset();
        return false;
      case 'ESC !':
        this.style = {
          ...this.style,
          isBold: (value & 8) !== 0,
          isUnderlined: (value & 128) !== 0,
          tall: value & 16 ? 2 : 1,
          wide: value & 32 ? 2 : 1,
        };
        return false;
      case 'GS !':
        this.style = { ...this.style, wide: ((value >> 4) & 7) + 1, tall: (value & 7) + 1 };
        return false;
      case 'ESC E':
      case 'ESC G':
        this.style = { ...this.style, isBold: (value & 1) !== 0 };
        return false;
      case 'ESC -':
        this.style = { ...this.style, isUnderlined: value % 48 > 0 };
        return false;
      case 'GS B':
        this.style = { ...this.style, isInverse: (value & 1) !== 0 };
        return false;
      case 'ESC a':
        this.style = { ...this.style, align: (['left', 'center', 'right'] as const)[value % 48] ?? 'left' };
        return false;
      case 'ESC d':
        return this.feed(value * LETTER_DOTS.lineHeight);
      case 'ESC J':
        return this.feed(value);
      case 'ESC p':
        this.drawers += 1;
        return false;
      case 'GS V':
      case 'ESC i':
      case 'ESC m':
        this.cut();
        return false;
      default:
        return false;
    }
  }

  private cut(): void {
    if (this.letters.length > 0) this.endLine();
    const { parts, isTruncated } = this;
    this.parts = [];
    this.fedDots = 0;
    this.isTruncated = false;
    if (parts.length > 0) this.onCut({ parts, isTruncated });
  }
}
