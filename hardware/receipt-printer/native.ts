/** Rows in the printer's own font: a few hundred bytes, for receipts that are ASCII throughout. Amounts stand at the right edge. */
import { boldFrame, codePageFrame, inverseFrame, sizeFrame, textFrame } from './frames.ts';
import type { Row } from './layout.ts';

const PLAIN: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '—': '-',
  '×': 'x',
  '\u00a0': ' ',
  '·': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
};

/** The same text in ASCII where that says the same. */
export const plain = (text: string): string => text.replace(/[−–—×·’‘“”\u00a0]/g, (sign) => PLAIN[sign] ?? sign);

const textsOf = (row: Row): string[] => (row.kind === 'rule' ? [] : row.kind === 'pair' ? [row.left, row.right] : [row.text]);

export const isAscii = (rows: readonly Row[]): boolean =>
  rows.every((row) => textsOf(row).every((text) => /^[\x20-\x7e]*$/.test(plain(text))));

/** For a box without Nepali letters: what cannot be printed is a question mark. */
export const asciiOnly = (text: string): string => plain(text).replace(/[^\x20-\x7e]+/g, '?');

export function nativeFrames(rows: readonly Row[], columns: number): Uint8Array[] {
  return [codePageFrame(), ...rows.flatMap((row) => rowFrames(row, columns))];
}

function rowFrames(row: Row, columns: number): Uint8Array[] {
  if (row.kind === 'rule') return [textFrame('-'.repeat(columns))];
  if (row.kind === 'banner') {
    const lines = wrapped(asciiOnly(row.text), columns - 2).map((line) => textFrame(centered(line, columns).padEnd(columns)));
    return [inverseFrame(true), boldFrame(true), ...lines, boldFrame(false), inverseFrame(false)];
  }
  const isLarge = row.size === 'large';
  const styled = (lines: readonly string[], isWide: boolean): Uint8Array[] => [
    ...(isLarge ? [sizeFrame(true, isWide)] : []),
    ...(row.isBold ? [boldFrame(true)] : []),
    ...lines.map(textFrame),
    ...(row.isBold ? [boldFrame(false)] : []),
    ...(isLarge ? [sizeFrame(false, false)] : []),
  ];
  if (row.kind === 'pair') return styled(pairLines(asciiOnly(row.left), asciiOnly(row.right), columns), false);
  const width = isLarge ? Math.floor(columns / 2) : columns;
  const lines = wrapped(asciiOnly(row.text), width);
  return styled(row.align === 'center' ? lines.map((line) => centered(line, width)) : lines, true);
}

const centered = (line: string, columns: number): string => `${' '.repeat(Math.max(0, Math.floor((columns - line.length) / 2)))}${line}`;

function pairLines(left: string, right: string, columns: number): string[] {
  if (right === '') return wrapped(left, columns);
  const room = columns - right.length - 1;
  // A value that leaves no room for its name gets a line of its own.
  if (room < columns / 3) return [...wrapped(left, columns), ...wrapped(right, columns).map((line) => line.padStart(columns))];
  const lines = wrapped(left, room);
  const last = lines.pop() ?? '';
  return [...lines, last.padEnd(columns - right.length) + right];
}

export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length <= columns) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (word.length > columns) {
      lines.push(word.slice(0, columns));
      word = word.slice(columns);
    }
    line = word;
  }
  return [...lines, line];
}
