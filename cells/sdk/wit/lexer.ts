/**
 * Splits a WIT text into tokens. Comments (line, document and nested block comments) fall away; every token knows its line, so that
 * a later error can name it. Identifiers are kebab-case; a leading `%` (an escaped keyword) is marked and taken off.
 */
import { WitError } from './wit-error.ts';

export type Token = { kind: 'name' | 'version' | 'number' | 'mark' | 'end'; text: string; line: number; escaped: boolean };

const NAME = /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*/;
const VERSION = /^[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?/;
const MARKS = new Set(['{', '}', '(', ')', '<', '>', ',', ';', ':', '=', '.', '/', '@', '_', '*']);

/** The place behind a block comment that begins at `start`. Block comments nest. */
function skipBlockComment(text: string, start: number, line: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === '/*') {
      depth += 1;
      at += 2;
    } else if (two === '*/') {
      depth -= 1;
      at += 2;
      if (depth === 0) return at;
    } else {
      at += 1;
    }
  }
  throw new WitError(line, 'this block comment is not closed');
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const letter = text.charAt(at);
    const rest = text.slice(at, at + 256);
    if (letter === '\n') {
      line += 1;
      at += 1;
    } else if (/\s/.test(letter)) {
      at += 1;
    } else if (rest.startsWith('//')) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (rest.startsWith('/*')) {
      const end = skipBlockComment(text, at, line);
      line += countLines(text.slice(at, end));
      at = end;
    } else if (rest.startsWith('->')) {
      tokens.push({ kind: 'mark', text: '->', line, escaped: false });
      at += 2;
    } else if (/[0-9]/.test(letter)) {
      const version = VERSION.exec(rest)?.[0];
      const found = version ?? /^[0-9]+/.exec(rest)?.[0] ?? letter;
      tokens.push({ kind: version === undefined ? 'number' : 'version', text: found, line, escaped: false });
      at += found.length;
    } else {
      const escaped = letter === '%';
      const name = NAME.exec(escaped ? rest.slice(1) : rest)?.[0];
      if (name !== undefined) {
        tokens.push({ kind: 'name', text: name, line, escaped });
        at += name.length + (escaped ? 1 : 0);
      } else if (MARKS.has(letter)) {
        tokens.push({ kind: 'mark', text: letter, line, escaped: false });
        at += 1;
      } else {
        throw new WitError(line, `the character ${JSON.stringify(letter)} has no meaning in WIT`);
      }
    }
  }
  tokens.push({ kind: 'end', text: 'the end of the file', line, escaped: false });
  return tokens;
}
