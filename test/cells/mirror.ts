/**
 * A component that hands on whatever it is given: each export calls the import of its name with its own argument and gives back what
 * came. So one call lowers a value twice and lifts it twice, flat and in memory, in the cell's own bytes, for any type and encoding.
 */
import fc from 'fast-check';
import { alignmentOf, coreSignature, hasIndirectResult, sizeOf } from '../../cells/sdk/abi/layout.ts';
import type { DefinedType, WitFunction, WitType, World } from '../../cells/sdk/wit/types.ts';
import { isTaggedOption } from '../../main/cell-host/glue/core-values.ts';

const PACKAGE = 'test:mirror';
const INNER = `${PACKAGE}/inner@0.1.0`;
const PRIMITIVES = ['bool', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64', 'char', 'string'] as const;

/** Any type that a contract can name, of moderate depth. Names stand for nothing yet: `mirrorWorld` gives them. */
export const anyType: fc.Arbitrary<WitType> = fc.letrec<{ type: WitType }>((tie) => {
  const inner = tie('type');
  const maybe = fc.option(inner, { nil: undefined, freq: 3 });
  const words = (count: number) => Array.from({ length: count }, (_none, index) => `c${index}`);
  return {
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...PRIMITIVES).map((name): WitType => ({ kind: 'primitive', name })),
      fc.constantFrom(1, 2, 255, 256, 257, 300).map((count): WitType => ({ kind: 'enum', name: '', cases: words(count) })),
      inner.map((element): WitType => ({ kind: 'list', element })),
      inner.map((some): WitType => ({ kind: 'option', some })),
      fc.tuple(maybe, maybe).map(([okType, error]): WitType => ({ kind: 'result', ok: okType, error })),
      fc.array(inner, { minLength: 1, maxLength: 5 }).map(
        (types): WitType => ({
          kind: 'record',
          name: '',
          fields: types.map((type, index) => ({ name: `field-${'abcde'[index]}`, type })),
        }),
      ),
      fc
        .array(maybe, { minLength: 1, maxLength: 5 })
        .map((types): WitType => ({ kind: 'variant', name: '', cases: types.map((type, index) => ({ name: `case-${index}`, type })) })),
    ),
  };
}).type;

/** Deeper than `anyType` goes: list<list<...<u32>>>. */
export function nestedLists(depth: number, core: WitType): WitType {
  return depth === 0 ? core : { kind: 'list', element: nestedLists(depth - 1, core) };
}

export type Mirror = { readonly world: World; readonly wit: string; readonly text: string };

function named(type: WitType, definitions: DefinedType[]): WitType {
  switch (type.kind) {
    case 'primitive':
      return type;
    case 'list':
      return { kind: 'list', element: named(type.element, definitions) };
    case 'option':
      return { kind: 'option', some: named(type.some, definitions) };
    case 'result':
      return {
        kind: 'result',
        ok: type.ok === undefined ? undefined : named(type.ok, definitions),
        error: type.error === undefined ? undefined : named(type.error, definitions),
      };
    default: {
      const found = definedBy(type, definitions);
      const defined = { ...found, name: `t${definitions.length}` };
      definitions.push(defined);
      return defined;
    }
  }
}

function definedBy(type: DefinedType, definitions: DefinedType[]): DefinedType {
  if (type.kind === 'enum') return type;
  if (type.kind === 'record') return { ...type, fields: type.fields.map((field) => ({ ...field, type: named(field.type, definitions) })) };
  return {
    ...type,
    cases: type.cases.map((found) => ({ ...found, type: found.type === undefined ? undefined : named(found.type, definitions) })),
  };
}

function typeText(type: WitType): string {
  switch (type.kind) {
    case 'list':
      return `list<${typeText(type.element)}>`;
    case 'option':
      return `option<${typeText(type.some)}>`;
    case 'result': {
      const okText = type.ok === undefined ? '_' : typeText(type.ok);
      if (type.error === undefined) return type.ok === undefined ? 'result' : `result<${okText}>`;
      return `result<${okText}, ${typeText(type.error)}>`;
    }
    default:
      return type.name;
  }
}

function definitionText(type: DefinedType): string {
  if (type.kind === 'enum') return `enum ${type.name} { ${type.cases.join(', ')} }`;
  if (type.kind === 'record') {
    return `record ${type.name} { ${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')} }`;
  }
  const cases = type.cases.map((found) => (found.type === undefined ? found.name : `${found.name}(${typeText(found.type)})`));
  return `variant ${type.name} { ${cases.join(', ')} }`;
}

function forwarder(found: WitFunction): { imported: string; exported: string } {
  const { name, result } = found;
  if (result === undefined) throw new Error('a mirror gives back what it got');
  const inside = coreSignature(found, 'import');
  const outside = coreSignature(found, 'export');
  const text = (word: string, types: readonly string[]): string => (types.length === 0 ? '' : `(${word} ${types.join(' ')})`);
  const given = outside.parameters.map((_type, index) => `local.get ${index}`).join(' ');
  const area = outside.parameters.length;
  const body = hasIndirectResult(found)
    ? `(local i32) i32.const 0 i32.const 0 i32.const ${alignmentOf(result)} i32.const ${sizeOf(result)} call $realloc local.set ${area}
       ${given} local.get ${area} call $${name} local.get ${area}`
    : `${given} call $${name}`;
  return {
    imported: `(import "${INNER}" "${name}" (func $${name} ${text('param', inside.parameters)} ${text('result', inside.results)}))`,
    exported: `(func (export "${name}") ${text('param', outside.parameters)} ${text('result', outside.results)} ${body})`,
  };
}

/** The allocator takes more memory where it needs some: the host's views must follow. */
const ALLOCATOR = `
  (memory (export "memory") 1 64)
  (global $next (mut i32) (i32.const 16))
  (func $realloc (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $bytes i32) (result i32)
    (local $place i32)
    (local.set $place (i32.and (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))
    (global.set $next (i32.add (local.get $place) (local.get $bytes)))
    (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
      (then (if (i32.eq (memory.grow (i32.shr_u (i32.add (i32.sub (global.get $next) (i32.shl (memory.size) (i32.const 16))) (i32.const 65535))
        (i32.const 16))) (i32.const -1)) (then unreachable))))
    (local.get $place))`;

/** One function for each type: `f0: func(x: T) -> T`. */
export function mirrorWorld(types: readonly WitType[]): Mirror {
  const definitions: DefinedType[] = [];
  const functions = types.map((type, index): WitFunction => {
    const own = named(type, definitions);
    return { name: `f${index}`, line: 1, parameters: [{ name: 'x', type: own }], result: own };
  });
  const world: World = {
    package: `${PACKAGE}@0.1.0`,
    name: 'mirror',
    imports: [{ name: 'inner', module: INNER, functions }],
    exports: functions,
  };
  const signatures = functions.map(
    (found) => `${found.name}: func(x: ${typeText(found.parameters[0]?.type as WitType)}) -> ${typeText(found.result as WitType)};`,
  );
  const names = definitions.map((type) => type.name).join(', ');
  const use = names === '' ? '' : `use inner.{${names}};`;
  const wit = `package ${PACKAGE}@0.1.0;
interface inner {\n${definitions.map(definitionText).join('\n')}\n${signatures.join('\n')}\n}
world mirror {\n${use}\nimport inner;\n${signatures.map((line) => `export ${line}`).join('\n')}\n}\n`;
  const parts = functions.map(forwarder);
  const text = `(module ${parts.map((part) => part.imported).join('\n')} ${ALLOCATOR} ${parts.map((part) => part.exported).join('\n')})`;
  return { world, wit, text };
}

const TYPED: Readonly<Record<string, (values: never[]) => unknown>> = {
  u8: (values) => Uint8Array.from(values),
  s8: (values) => Int8Array.from(values),
  u16: (values) => Uint16Array.from(values),
  s16: (values) => Int16Array.from(values),
  u32: (values) => Uint32Array.from(values),
  s32: (values) => Int32Array.from(values),
  u64: (values) => BigUint64Array.from(values),
  s64: (values) => BigInt64Array.from(values),
  f32: (values) => Float32Array.from(values),
  f64: (values) => Float64Array.from(values),
};

/** A number of a type; the ends of its range as often as all others together. */
function integers(bits: 8 | 16 | 32, signed: boolean): fc.Arbitrary<number> {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  return fc.oneof(fc.constantFrom(min, max, 0), fc.integer({ min, max }));
}

function longs(signed: boolean): fc.Arbitrary<bigint> {
  const min = signed ? -(2n ** 63n) : 0n;
  const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  return fc.oneof(fc.constantFrom(min, max, 0n), fc.bigInt({ min, max }));
}

/** Well-formed text of every plane, empty and long; a string of the type. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u{1f389}',
    '\uffff',
    '\u0000',
    '\ufeff',
    '\u00e9',
    '\u00ffa',
    'ब'.repeat(70),
    'x'.repeat(300),
    '\u{10ffff}'.repeat(40),
  ),
);

/** Values of a type, in jco's form, whose texts are drawn from `text`. */
export function valuesOf(type: WitType, text: fc.Arbitrary<string> = anyText): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'string' ? text : primitives(type.name);
    case 'enum':
      return fc.constantFrom(...type.cases);
    case 'list': {
      const { element } = type;
      const values = fc.array(valuesOf(element, text), { maxLength: 4, size: 'max' });
      const typed = element.kind === 'primitive' ? TYPED[element.name] : undefined;
      return typed === undefined ? values : values.map((found) => typed(found as never[]));
    }
    case 'option':
      if (isTaggedOption(type))
        return fc.oneof(
          fc.constant({ tag: 'none' }),
          valuesOf(type.some, text).map((val) => ({ tag: 'some', val })),
        );
      return fc.option(valuesOf(type.some, text), { nil: undefined, freq: 3 });
    case 'result':
      return fc.oneof(cased('ok', type.ok, text), cased('err', type.error, text));
    case 'variant':
      return fc.oneof(...type.cases.map((found) => cased(found.name, found.type, text)));
    case 'record':
      return fc.record(
        Object.fromEntries(
          type.fields.map((field) => [
            field.name.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase()),
            valuesOf(field.type, text),
          ]),
        ),
      );
  }
}

function cased(tag: string, type: WitType | undefined, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return type === undefined ? fc.constant({ tag, val: undefined }) : valuesOf(type, text).map((val) => ({ tag, val }));
}

function primitives(name: Exclude<(typeof PRIMITIVES)[number], 'string'>): fc.Arbitrary<unknown> {
  switch (name) {
    case 'bool':
      return fc.boolean();
    case 'u8':
    case 's8':
      return integers(8, name === 's8');
    case 'u16':
    case 's16':
      return integers(16, name === 's16');
    case 'u32':
    case 's32':
      return integers(32, name === 's32');
    case 'u64':
    case 's64':
      return longs(name === 's64');
    case 'f32':
      return fc.float();
    case 'f64':
      return fc.double();
    case 'char':
      return fc
        .oneof(fc.constantFrom(0, 0xd7ff, 0xe000, 0x10ffff), fc.integer({ min: 0, max: 0x10ffff }))
        .filter((code) => code < 0xd800 || code > 0xdfff)
        .map((code) => String.fromCodePoint(code));
  }
}
