/**
 * Turns a parsed document into one resolved world: every name becomes its type, aliases fall away. Refuses unknown names, names that
 * stand twice, types that contain themselves, and two different types of one name (the generated code has one name space).
 */
import { parseWit } from './parser.ts';
import type { SyntaxDefinition, SyntaxDocument, SyntaxFunction, SyntaxInterface, SyntaxType, SyntaxUse, SyntaxWorld } from './syntax.ts';
import type { DefinedType, WitFunction, WitType, World } from './types.ts';
import { WitError } from './wit-error.ts';

type Scope = { name: string; definitions: Map<string, SyntaxDefinition>; uses: Map<string, SyntaxUse> };

class Resolver {
  readonly #scopes = new Map<string, Scope>();
  readonly #done = new Map<string, WitType>();
  readonly #open = new Set<string>();
  readonly #owners = new Map<string, string>();

  constructor(document: SyntaxDocument) {
    for (const found of document.interfaces) {
      if (this.#scopes.has(found.name)) throw new WitError(found.line, `the interface ${found.name} stands twice`);
      this.#scopes.set(found.name, makeScope(found));
    }
  }

  scopeOf(name: string, line: number): Scope {
    const scope = this.#scopes.get(name);
    if (scope === undefined) throw new WitError(line, `there is no interface ${name} in this package`);
    return scope;
  }

  type(scope: Scope, type: SyntaxType): WitType {
    switch (type.kind) {
      case 'primitive':
        return type;
      case 'list':
        return { kind: 'list', element: this.type(scope, type.element) };
      case 'option':
        return { kind: 'option', some: this.type(scope, type.some) };
      case 'result':
        return {
          kind: 'result',
          ok: type.ok === undefined ? undefined : this.type(scope, type.ok),
          error: type.error === undefined ? undefined : this.type(scope, type.error),
        };
      case 'named':
        return this.#named(scope, type.name, type.line);
    }
  }

  #named(scope: Scope, name: string, line: number): WitType {
    const use = scope.uses.get(name);
    if (use !== undefined) {
      const source = this.scopeOf(use.interfaceName, use.line);
      if (!source.definitions.has(use.name) && !source.uses.has(use.name)) {
        throw new WitError(use.line, `the interface ${use.interfaceName} has no type ${use.name}`);
      }
      return this.#guarded(`use ${scope.name}.${name}`, name, use.line, () => this.#named(source, use.name, use.line));
    }
    const definition = scope.definitions.get(name);
    if (definition === undefined) throw new WitError(line, `the type ${name} is not known here (is a 'use' missing?)`);
    const key = `${scope.name}.${name}`;
    const done = this.#done.get(key);
    if (done !== undefined) return done;
    const type = this.#guarded(key, name, definition.line, () => this.#define(scope, definition));
    this.#done.set(key, type);
    return type;
  }

  /** Runs `make` unless it is running already: a type that needs itself has no size. */
  #guarded(key: string, name: string, line: number, make: () => WitType): WitType {
    if (this.#open.has(key)) throw new WitError(line, `the type ${name} contains itself`);
    this.#open.add(key);
    const type = make();
    this.#open.delete(key);
    return type;
  }

  #define(scope: Scope, definition: SyntaxDefinition): WitType {
    if (definition.kind === 'alias') return this.type(scope, definition.target);
    const owner = this.#owners.get(definition.name);
    if (owner !== undefined && owner !== scope.name) {
      throw new WitError(definition.line, `${owner} has a type ${definition.name} too: give one of them another name`);
    }
    this.#owners.set(definition.name, scope.name);
    return this.#body(scope, definition);
  }

  #body(scope: Scope, definition: Exclude<SyntaxDefinition, { kind: 'alias' }>): DefinedType {
    const { name, line } = definition;
    switch (definition.kind) {
      case 'record':
        refuseDoubles(line, name, definition.fields);
        if (definition.fields.length === 0) throw new WitError(line, `the record ${name} has no field`);
        return {
          kind: 'record',
          name,
          fields: definition.fields.map((field) => ({ name: field.name, type: this.type(scope, field.type) })),
        };
      case 'variant':
        refuseDoubles(line, name, definition.cases);
        return {
          kind: 'variant',
          name,
          cases: definition.cases.map((found) => ({
            name: found.name,
            type: found.type === undefined ? undefined : this.type(scope, found.type),
          })),
        };
      case 'enum':
        refuseDoubles(
          line,
          name,
          definition.cases.map((found) => ({ name: found })),
        );
        return { kind: 'enum', name, cases: definition.cases };
    }
  }

  function(scope: Scope, found: SyntaxFunction): WitFunction {
    refuseDoubles(found.line, found.name, found.parameters);
    return {
      name: found.name,
      line: found.line,
      parameters: found.parameters.map((parameter) => ({ name: parameter.name, type: this.type(scope, parameter.type) })),
      result: found.result === undefined ? undefined : this.type(scope, found.result),
    };
  }
}

function refuseDoubles(line: number, owner: string, items: { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    if (seen.has(name)) throw new WitError(line, `${name} stands twice in ${owner}`);
    seen.add(name);
  }
}

function makeScope(found: SyntaxInterface | SyntaxWorld): Scope {
  const scope: Scope = { name: found.name, definitions: new Map(), uses: new Map() };
  for (const use of found.uses) {
    if (scope.uses.has(use.localName)) throw new WitError(use.line, `${use.localName} stands twice in ${found.name}`);
    scope.uses.set(use.localName, use);
  }
  for (const definition of found.definitions) {
    if (scope.definitions.has(definition.name) || scope.uses.has(definition.name)) {
      throw new WitError(definition.line, `${definition.name} stands twice in ${found.name}`);
    }
    scope.definitions.set(definition.name, definition);
  }
  return scope;
}

/** Reads a WIT text and resolves one of its worlds. */
export function resolveWorld(text: string, worldName: string): World {
  const document = parseWit(text);
  const resolver = new Resolver(document);
  const world = document.worlds.find((found) => found.name === worldName);
  if (world === undefined) {
    throw new WitError(1, `there is no world ${worldName} in this file (it has ${document.worlds.map((found) => found.name).join(', ')})`);
  }
  const { namespace, name, version } = document.package;
  const imports = world.imports.map(({ interfaceName, line }) => {
    const scope = resolver.scopeOf(interfaceName, line);
    const source = document.interfaces.find((found) => found.name === interfaceName);
    return {
      name: interfaceName,
      module: `${namespace}:${name}/${interfaceName}@${version}`,
      functions: (source?.functions ?? []).map((found) => resolver.function(scope, found)),
    };
  });
  const scope = makeScope(world);
  return {
    package: `${namespace}:${name}@${version}`,
    name: worldName,
    imports,
    exports: world.exports.map((found) => resolver.function(scope, found)),
  };
}
