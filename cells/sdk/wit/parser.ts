/**
 * Reads the subset of WIT that cells are written in: one package with a version; interfaces and worlds; record, variant, enum and
 * type; list, option and result; worlds that import interfaces and export functions. Anything else is refused with its line and
 * a word on what to do, never skipped.
 */
import { type Token, tokenize } from './lexer.ts';
import {
  PRIMITIVES,
  type PrimitiveName,
  type SyntaxCase,
  type SyntaxDefinition,
  type SyntaxDocument,
  type SyntaxField,
  type SyntaxFunction,
  type SyntaxInterface,
  type SyntaxType,
  type SyntaxUse,
  type SyntaxWorld,
} from './syntax.ts';
import { WitError } from './wit-error.ts';

const OUTSIDE_TYPES = new Set(['tuple', 'own', 'borrow', 'stream', 'future', 'error-context', 'map']);
const OUTSIDE_ITEMS = new Set(['resource', 'flags', 'include', 'constructor', 'static']);
const TYPE_DEPTH_MAX = 32;

function isPrimitive(name: string): name is PrimitiveName {
  return (PRIMITIVES as readonly string[]).includes(name);
}

class Parser {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  #peek(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('the lexer gave no end token');
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #skipMark(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'mark' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #mark(text: string): void {
    const token = this.#next();
    if (token.kind !== 'mark' || token.text !== text) throw new WitError(token.line, `expected '${text}' but found ${token.text}`);
  }

  #name(what: string): Token {
    const token = this.#next();
    if (token.kind !== 'name') throw new WitError(token.line, `expected ${what} but found ${token.text}`);
    return token;
  }

  #keyword(): string | undefined {
    const token = this.#peek();
    return token.kind === 'name' && !token.escaped ? token.text : undefined;
  }

  #outside(line: number, what: string): WitError {
    return new WitError(line, `${what} is outside of the WIT subset of cells (record, variant, enum, type, list, option, result)`);
  }

  #refuseGate(): void {
    const token = this.#peek();
    if (token.kind === 'mark' && token.text === '@') throw this.#outside(token.line, 'a feature gate (@since, @unstable, @deprecated)');
  }

  document(): SyntaxDocument {
    const first = this.#name("'package'");
    if (first.text !== 'package') throw new WitError(first.line, "a WIT file of a cell begins with 'package namespace:name@version;'");
    const namespace = this.#name('the namespace of the package').text;
    this.#mark(':');
    const name = this.#name('the name of the package').text;
    this.#mark('@');
    const version = this.#next();
    if (version.kind !== 'version') throw new WitError(version.line, `expected a version such as 0.1.0 but found ${version.text}`);
    const after = this.#peek();
    if (after.kind === 'mark' && after.text === '{') throw this.#outside(after.line, 'a nested package');
    this.#mark(';');
    const document: SyntaxDocument = { package: { namespace, name, version: version.text }, interfaces: [], worlds: [] };
    for (;;) {
      this.#refuseGate();
      const token = this.#next();
      if (token.kind === 'end') return document;
      if (token.text === 'interface') document.interfaces.push(this.#interface());
      else if (token.text === 'world') document.worlds.push(this.#world());
      else if (token.text === 'use') throw this.#outside(token.line, "a 'use' outside of an interface or world");
      else throw new WitError(token.line, `expected 'interface' or 'world' but found ${token.text}`);
    }
  }

  #interface(): SyntaxInterface {
    const { text: name, line } = this.#name('the name of the interface');
    const found: SyntaxInterface = { name, line, definitions: [], uses: [], functions: [] };
    this.#mark('{');
    while (!this.#skipMark('}')) {
      this.#refuseGate();
      const definition = this.#definition();
      if (definition !== undefined) found.definitions.push(definition);
      else if (this.#keyword() === 'use') found.uses.push(...this.#use());
      else found.functions.push(this.#function());
    }
    return found;
  }

  #world(): SyntaxWorld {
    const { text: name, line } = this.#name('the name of the world');
    const found: SyntaxWorld = { name, line, definitions: [], uses: [], imports: [], exports: [] };
    this.#mark('{');
    while (!this.#skipMark('}')) {
      this.#refuseGate();
      const definition = this.#definition();
      if (definition !== undefined) {
        found.definitions.push(definition);
        continue;
      }
      const token = this.#peek();
      const keyword = this.#keyword();
      if (keyword === 'use') {
        found.uses.push(...this.#use());
      } else if (keyword === 'import') {
        this.#next();
        const { text: interfaceName, line: importLine } = this.#name('the name of an interface');
        if (!this.#skipMark(';')) throw this.#outside(importLine, 'an import that is not an interface of this package');
        found.imports.push({ interfaceName, line: importLine });
      } else if (keyword === 'export') {
        this.#next();
        const exported = this.#name('the name of a function');
        if (this.#peek().text !== ':') throw this.#outside(exported.line, 'an export that is not a function');
        this.#at -= 1;
        found.exports.push(this.#function());
      } else {
        throw new WitError(token.line, `expected 'use', 'import', 'export' or a type but found ${token.text}`);
      }
    }
    return found;
  }

  #use(): SyntaxUse[] {
    const { line } = this.#next();
    const interfaceName = this.#name('the name of an interface').text;
    const mark = this.#peek();
    if (mark.text === ':' || mark.text === '/') throw this.#outside(line, "a 'use' from another package");
    this.#mark('.');
    this.#mark('{');
    const uses: SyntaxUse[] = [];
    while (!this.#skipMark('}')) {
      const { text: name, line: nameLine } = this.#name('the name of a type');
      let localName = name;
      if (this.#keyword() === 'as') {
        this.#next();
        localName = this.#name('the new name of the type').text;
      }
      uses.push({ interfaceName, name, localName, line: nameLine });
      if (!this.#skipMark(',') && this.#peek().text !== '}') this.#mark(',');
    }
    this.#mark(';');
    return uses;
  }

  #definition(): SyntaxDefinition | undefined {
    const keyword = this.#keyword();
    if (keyword === undefined) return undefined;
    const { line } = this.#peek();
    if (OUTSIDE_ITEMS.has(keyword)) throw this.#outside(line, `'${keyword}'`);
    if (keyword !== 'record' && keyword !== 'variant' && keyword !== 'enum' && keyword !== 'type') return undefined;
    this.#next();
    const name = this.#name(`the name of the ${keyword}`).text;
    if (keyword === 'type') {
      this.#mark('=');
      const target = this.#type();
      this.#mark(';');
      return { kind: 'alias', name, line, target };
    }
    this.#mark('{');
    if (keyword === 'record') return { kind: 'record', name, line, fields: this.#list('}', () => this.#field()) };
    if (keyword === 'variant') return { kind: 'variant', name, line, cases: this.#filled(line, keyword, () => this.#case()) };
    return { kind: 'enum', name, line, cases: this.#filled(line, keyword, () => this.#name('the name of a case').text) };
  }

  #filled<T>(line: number, keyword: string, read: () => T): T[] {
    const items = this.#list('}', read);
    if (items.length === 0) throw new WitError(line, `${keyword === 'enum' ? 'an enum' : 'a variant'} needs at least one case`);
    return items;
  }

  /** Items with commas between them and perhaps one behind the last, up to `end`. */
  #list<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.#skipMark(end)) {
      this.#refuseGate();
      items.push(read());
      if (!this.#skipMark(',') && this.#peek().text !== end) this.#mark(',');
    }
    return items;
  }

  #field(): SyntaxField {
    const name = this.#name('the name of a field').text;
    this.#mark(':');
    return { name, type: this.#type() };
  }

  #case(): SyntaxCase {
    const name = this.#name('the name of a case').text;
    if (!this.#skipMark('(')) return { name, type: undefined };
    const type = this.#type();
    this.#mark(')');
    return { name, type };
  }

  #function(): SyntaxFunction {
    const { text: name, line } = this.#name('the name of a function');
    this.#mark(':');
    const keyword = this.#name("'func'");
    if (keyword.text === 'async' || keyword.text === 'static') throw this.#outside(keyword.line, `an '${keyword.text}' function`);
    if (keyword.text === 'interface') throw this.#outside(keyword.line, 'an interface written inside a world');
    if (keyword.text !== 'func') throw new WitError(keyword.line, `expected 'func' but found ${keyword.text}`);
    this.#mark('(');
    const parameters = this.#list(')', () => this.#field());
    let result: SyntaxType | undefined;
    if (this.#skipMark('->')) {
      const after = this.#peek();
      if (after.text === '(') throw this.#outside(after.line, 'a list of named results');
      result = this.#type();
    }
    this.#mark(';');
    return { name, line, parameters, result };
  }

  #type(depth = 0): SyntaxType {
    const token = this.#name('a type');
    const { text: name, line } = token;
    if (depth > TYPE_DEPTH_MAX) throw new WitError(line, `types nest deeper than ${TYPE_DEPTH_MAX}`);
    if (token.escaped) return { kind: 'named', name, line };
    if (isPrimitive(name)) return { kind: 'primitive', name };
    if (OUTSIDE_TYPES.has(name)) throw this.#outside(line, `'${name}'`);
    if (name === 'list' || name === 'option') {
      this.#mark('<');
      const inner = this.#type(depth + 1);
      if (this.#peek().text === ',') throw this.#outside(line, 'a list of fixed length');
      this.#mark('>');
      return name === 'list' ? { kind: 'list', element: inner } : { kind: 'option', some: inner };
    }
    if (name === 'result') {
      if (!this.#skipMark('<')) return { kind: 'result', ok: undefined, error: undefined };
      const ok = this.#skipMark('_') ? undefined : this.#type(depth + 1);
      const error = this.#skipMark(',') ? this.#type(depth + 1) : undefined;
      this.#mark('>');
      return { kind: 'result', ok, error };
    }
    return { kind: 'named', name, line };
  }
}

export function parseWit(text: string): SyntaxDocument {
  return new Parser(tokenize(text)).document();
}
