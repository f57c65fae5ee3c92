/**
 * Makes the Rust side of a world as one crate root: `bindings` (its types, its imports as modules) and the exports that call the
 * author's functions in `cell`. It needs the standard library and no crate. Strings are UTF-8.
 */
import { coreSignature, fieldOffsets, flatten, hasIndirectParameters, hasIndirectResult, parameterRecord } from '../abi/layout.ts';
import { definitionsOf } from '../assemblyscript/types.ts';
import type { ImportedInterface, WitFunction, World } from '../wit/types.ts';
import { WitError } from '../wit/wit-error.ts';
import { FlatCode } from './flat-code.ts';
import { MemoryCode } from './memory-code.ts';
import { RUST_RUNTIME } from './runtime.ts';
import { declarationText, lentText, memberName, typeText } from './types.ts';

function numbered(types: readonly string[]): string {
  return types.map((type, index) => `p${index}: ${type}`).join(', ');
}

function arrow(type: string | undefined): string {
  return type === undefined ? '' : ` -> ${type}`;
}

function rawName(owner: ImportedInterface, called: WitFunction): string {
  return `import_${memberName(owner.name)}_${memberName(called.name)}`;
}

function rawText(owner: ImportedInterface, called: WitFunction): string {
  const { parameters, results } = coreSignature(called, 'import');
  return `    #[link_name = "${called.name}"]\n    fn ${rawName(owner, called)}(${numbered(parameters)})${arrow(results[0])};\n`;
}

function importText(owner: ImportedInterface, called: WitFunction, memory: MemoryCode): string {
  if (hasIndirectParameters(called)) {
    throw new WitError(
      called.line,
      `${called.name} takes more parameters than an import of a cell may (16 core values): use a record list`,
    );
  }
  const flat = new FlatCode(memory);
  const lines: string[] = [];
  const lowered = called.parameters.flatMap(({ name, type }) => {
    const lent = lentText(type).startsWith('&') ? memberName(name) : `(&${memberName(name)})`;
    return flat.lower(type, lent, lines);
  });
  const { result } = called;
  const call = (more: readonly string[]) => `${rawName(owner, called)}(${[...lowered, ...more].join(', ')})`;
  if (result === undefined) lines.push(`${call([])};`);
  else if (hasIndirectResult(called)) {
    lines.push(`let answer = ${memory.area(result)};`, `${call(['answer as i32'])};`, memory.load(result, 'answer', 0));
  } else lines.push(`let given = ${call([])};`, flat.lift(result, ['given']));
  const parameters = called.parameters.map(({ name, type }) => `${memberName(name)}: ${lentText(type)}`).join(', ');
  const type = arrow(result === undefined ? undefined : typeText(result));
  const body = lines.map((line) => `            ${line}\n`).join('');
  return `    pub fn ${memberName(called.name)}(${parameters})${type} {\n        unsafe {\n${body}        }\n    }\n`;
}

function exportText(called: WitFunction, memory: MemoryCode): string {
  const { parameters, results } = coreSignature(called, 'export');
  const flat = new FlatCode(memory);
  let given: string[];
  if (hasIndirectParameters(called)) {
    given = fieldOffsets(parameterRecord(called.parameters).fields).map((field) => memory.load(field.type, 'p0 as usize', field.offset));
  } else {
    let at = 0;
    given = called.parameters.map(({ type }) => {
      const names = flatten(type).map((_core, index) => `p${at + index}`);
      at += names.length;
      return flat.lift(type, names);
    });
  }
  const call = `crate::cell::${memberName(called.name)}(${given.join(', ')})`;
  const lines: string[] = [];
  const { result } = called;
  if (result === undefined) lines.push(`${call};`);
  else if (hasIndirectResult(called)) {
    lines.push(`let made: &${typeText(result)} = Box::leak(Box::new(${call}));`, `let answer = ${memory.area(result)};`);
    lines.push(memory.store(result, 'answer', 0, 'made'), 'answer as i32');
  } else {
    const before: string[] = [];
    const [lowered = ''] = flat.lower(result, '(&made)', before);
    lines.push(`let made: ${typeText(result)} = ${call};`, ...before, lowered);
  }
  const core = `unsafe extern "C" fn export_${memberName(called.name)}(${numbered(parameters)})${arrow(results[0])}`;
  return `#[export_name = "${called.name}"]\n${core} {\n${lines.map((line) => `    ${line}\n`).join('')}}\n`;
}

/** The crate root; the author's files lie beside it in `src`. */
export function generateRust(world: World): string {
  const called = [...world.imports.flatMap((found) => found.functions), ...world.exports];
  const definitions = definitionsOf(called.flatMap((one) => [...one.parameters.map(({ type }) => type), one.result]));
  const memory = new MemoryCode();
  const modules = world.imports.map((found) => {
    const functions = found.functions.map((one) => importText(found, one, memory)).join('\n');
    return `pub mod ${memberName(found.name)} {\n    use super::*;\n\n${functions}}\n`;
  });
  const raws = world.imports.map(
    (found) =>
      `#[link(wasm_import_module = "${found.module}")]\nextern "C" {\n${found.functions.map((one) => rawText(found, one)).join('')}}\n`,
  );
  const exported = world.exports.map((one) => exportText(one, memory));
  const bindings = [RUST_RUNTIME, ...definitions.map(declarationText), ...raws, ...modules, ...exported, memory.text()].join('\n');
  return (
    `// GENERATED by cells/sdk for the world ${world.name} of ${world.package}; do not edit.\n` +
    '#[path = "src/cell.rs"]\nmod cell;\n\n#[allow(dead_code, unused_imports, unused_parens, clippy::all)]\n' +
    `pub mod bindings {\n${bindings.replaceAll(/^(?=.)/gm, '    ')}}\n`
  );
}
