/**
 * Writes a world's glue: the text of one ES module that carries calls between JavaScript and a core module as the canonical ABI says,
 * for one encoding of strings. The text depends on the world, the encoding and this folder alone, so it is made once and kept by digest.
 *
 * An import becomes one function of the module, over the call that runs now; an export one function that lowers the arguments, calls,
 * lifts the answer and cleans up. Whatever comes from the cell is checked where it is read (runtime-source.ts).
 */
import {
  alignmentOf,
  type CoreType,
  coreSignature,
  fieldOffsets,
  flatten,
  hasIndirectParameters,
  hasIndirectResult,
  parameterRecord,
  sizeOf,
} from '../../../cells/sdk/abi/layout.ts';
import type { ImportedInterface, WitFunction, World } from '../../../cells/sdk/wit/types.ts';
import { FUEL_COSTS } from '../fuel-costs.ts';
import { memberName, type Slot, zeroOf } from './core-values.ts';
import { FlatSource } from './flat-source.ts';
import { MemorySource } from './memory-source.ts';
import { runtimeSource, type StringEncoding } from './runtime-source.ts';

const quoted = (text: string): string => JSON.stringify(text);

function slotsOf(prefix: string, cores: readonly CoreType[]): Slot[] {
  return cores.map((core, index) => ({ name: `${prefix}${index}`, core }));
}

function declared(slots: readonly Slot[]): string {
  return slots.length === 0 ? '' : `  let ${slots.map(({ name, core }) => `${name} = ${zeroOf(core)}`).join(', ')};\n`;
}

class GlueSource {
  readonly #memory = new MemorySource();
  readonly #flat = new FlatSource(this.#memory);
  readonly #functions: string[] = [];

  importFunction(name: string, owner: ImportedInterface, found: WitFunction): void {
    const parameters = slotsOf('a', coreSignature(found, 'import').parameters);
    const values = found.parameters.map((_parameter, index) => `x${index}`);
    const lines = ['begin();', ...this.#liftParameters(found, parameters)];
    const call = `host.${memberName(found.name)}(${values.join(', ')})`;
    const { result } = found;
    if (result === undefined) lines.push(`${call};`, finish(owner));
    else if (hasIndirectResult(found)) {
      const place = parameters.at(-1)?.name ?? '';
      lines.push(`const r = place(${place}, ${sizeOf(result)}, ${alignmentOf(result)});`, `const y = ${call};`);
      lines.push(this.#memory.store(result, 'r', 0, 'y'), finish(owner));
    } else {
      const slots = slotsOf('r', flatten(result));
      lines.push(`const y = ${call};`, declared(slots).trim(), this.#flat.lower(result, 'y', slots), finish(owner), 'return r0;');
    }
    this.#functions.push(`function ${name}(${parameters.map((slot) => slot.name).join(', ')}) {\n  ${lines.join('\n  ')}\n}\n`);
  }

  #liftParameters(found: WitFunction, slots: readonly Slot[]): string[] {
    if (hasIndirectParameters(found)) {
      const record = parameterRecord(found.parameters);
      const lines = fieldOffsets(record.fields).map(
        (field, index) => `const x${index} = ${this.#memory.load(field.type, 'p', field.offset)};`,
      );
      return [`const p = place(a0, ${sizeOf(record)}, ${alignmentOf(record)});`, ...lines];
    }
    let next = 0;
    return found.parameters.map((parameter, index) => {
      const own = slots.slice(next, next + flatten(parameter.type).length);
      next += own.length;
      return `const x${index} = ${this.#flat.lift(parameter.type, own)};`;
    });
  }

  exportFunction(name: string, found: WitFunction): void {
    const { result } = found;
    const { lines, passed } = this.#lowerParameters(found);
    const post = quoted(`cabi_post_${found.name}`);
    const call = `exports[${quoted(found.name)}](${passed.join(', ')})`;
    lines.push('open = true;', result === undefined ? `${call};` : `const r = ${call};`, 'open = false;', 'look();', 'answering = true;');
    if (result === undefined) lines.push('const value = undefined;');
    else if (hasIndirectResult(found)) {
      lines.push(`const q = place(r, ${sizeOf(result)}, ${alignmentOf(result)});`, `const value = ${this.#memory.load(result, 'q', 0)};`);
    } else {
      lines.push(`const value = ${this.#flat.lift(result, [{ name: 'r', core: flatten(result)[0] ?? 'i32' }])};`);
    }
    lines.push(
      'answering = false;',
      `const clean = exports[${post}];`,
      `if (clean !== undefined) clean(${result === undefined ? '' : 'r'});`,
    );
    this.#functions.push(`function ${name}(exports, args) {\n  serve(exports);\n  ${lines.join('\n  ')}\n  return value;\n}\n`);
  }

  #lowerParameters(found: WitFunction): { lines: string[]; passed: string[] } {
    const { parameters } = found;
    if (hasIndirectParameters(found)) {
      const record = parameterRecord(parameters);
      const lines = [`const p = allocate(0, 0, ${alignmentOf(record)}, ${sizeOf(record)});`];
      fieldOffsets(record.fields).forEach((field, index) => {
        lines.push(this.#memory.store(field.type, 'p', field.offset, `args[${index}]`));
      });
      return { lines, passed: ['p'] };
    }
    const slots = slotsOf('p', coreSignature(found, 'export').parameters);
    const lines = slots.length === 0 ? [] : [declared(slots).trim()];
    let next = 0;
    parameters.forEach((parameter, index) => {
      const own = slots.slice(next, next + flatten(parameter.type).length);
      next += own.length;
      lines.push(this.#flat.lower(parameter.type, `args[${index}]`, own));
    });
    return { lines, passed: slots.map((slot) => slot.name) };
  }

  text(): string {
    return `${this.#memory.text()}${this.#functions.join('')}`;
  }
}

function finish(owner: ImportedInterface): string {
  const base = FUEL_COSTS.byInterface[owner.name] ?? FUEL_COSTS.other;
  return `finish(${base});`;
}

/** The text of an ES module; `loadGlue` says what it gives. */
export function generateGlue(world: World, encoding: StringEncoding): string {
  const source = new GlueSource();
  const modules = world.imports.map((owner, index) => {
    const members = owner.functions.map((found, at) => {
      const name = `import${index}_${at}`;
      source.importFunction(name, owner, found);
      return `${quoted(found.name)}: ${name}`;
    });
    return `  ${quoted(owner.module)}: { ${members.join(', ')} },\n`;
  });
  const calls = world.exports.map((found, index) => {
    source.exportFunction(`export${index}`, found);
    return `  ${quoted(found.name)}: export${index},\n`;
  });
  return (
    `// GENERATED from the world ${world.name} of ${world.package} for strings in ${encoding}; do not edit.\n${runtimeSource(encoding)}${source.text()}` +
    `const modules = {\n${modules.join('')}};\n\n/** What a module of this world imports; the memory is the one that is recycled. */\n` +
    `export const makeImports = (memory) => ({ ...modules, 'chautari:host': { memory } });\n\n` +
    `/** One function an export, over an instance's exports and the list of arguments. */\nexport const calls = {\n${calls.join('')}};\n`
  );
}
