/** Resolved WIT: types without open names or aliases, and the functions of one world. What layout and generators work on. */
import type { PrimitiveName } from './syntax.ts';

export type Field = { name: string; type: WitType };
export type Case = { name: string; type: WitType | undefined };

export type RecordType = { kind: 'record'; name: string; fields: Field[] };
export type VariantType = { kind: 'variant'; name: string; cases: Case[] };
export type EnumType = { kind: 'enum'; name: string; cases: string[] };
export type ListType = { kind: 'list'; element: WitType };
export type OptionType = { kind: 'option'; some: WitType };
export type ResultType = { kind: 'result'; ok: WitType | undefined; error: WitType | undefined };
export type PrimitiveType = { kind: 'primitive'; name: PrimitiveName };

export type DefinedType = RecordType | VariantType | EnumType;
export type WitType = PrimitiveType | ListType | OptionType | ResultType | DefinedType;

export type WitFunction = { name: string; line: number; parameters: Field[]; result: WitType | undefined };

/** An imported interface; `module` is the name by which a core module imports its functions. */
export type ImportedInterface = { name: string; module: string; functions: WitFunction[] };

export type World = { package: string; name: string; imports: ImportedInterface[]; exports: WitFunction[] };

/** A name for generated helpers that says the type and nothing else: equal types have equal names. `nameOf` spells those of the contract. */
export function typeKey(type: WitType, nameOf: (name: string) => string): string {
  const keyOf = (inner: WitType | undefined): string => (inner === undefined ? 'nothing' : typeKey(inner, nameOf));
  switch (type.kind) {
    case 'primitive':
      return type.name;
    case 'list':
      return `list_${keyOf(type.element)}`;
    case 'option':
      return `option_${keyOf(type.some)}`;
    case 'result':
      return `result_${keyOf(type.ok)}_${keyOf(type.error)}`;
    case 'record':
    case 'variant':
    case 'enum':
      return nameOf(type.name);
  }
}

/** The cases of whatever has a discriminant, in the order of their numbers; `undefined` is a case without a value. */
export function casesOf(type: VariantType | OptionType | ResultType | EnumType): (WitType | undefined)[] {
  switch (type.kind) {
    case 'variant':
      return type.cases.map((found) => found.type);
    case 'option':
      return [undefined, type.some];
    case 'result':
      return [type.ok, type.error];
    case 'enum':
      return type.cases.map(() => undefined);
  }
}
