/**
 * The door to jco: what a component is transpiled to, and components made of core modules. Only preparation comes through here, so that
 * a gateway whose cells are prepared never loads it. jco's bindings are taken by themselves: its front brings a minifier and an optimizer.
 */
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { componentEmbed, componentNew, componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { LIFTED_BYTES_MAX } from './glue/runtime-source.ts';

/** One name for every cell, so that cells of one shape have the same text. */
const NAME = 'cell';

export type WrappedEncoding = 'utf8' | 'utf16';

export type Transpiled = {
  /** The ES module that instantiates. */
  readonly text: string;
  /** Core modules by the names that the text asks for. */
  readonly modules: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** TypeScript's view of the interfaces and the world: what types are compared by. */
  readonly declarations: ReadonlyMap<string, string>;
  /** Interfaces of which something is called, without versions. */
  readonly called: readonly string[];
};

/**
 * jco's text lifts every string that a list names, the same one a thousand times as well, so that a few hundred KiB of a cell's memory could fill the
 * host's. Its decoders are made anew for each instance: here they come with a budget, the fast host's own, of which an empty text takes some too.
 */
const BYTES_A_TEXT = 64;
const BOUNDED_DECODER = `class BoundedTextDecoder {
  constructor(label) { this.decoder = new globalThis.TextDecoder(label); this.left = ${LIFTED_BYTES_MAX}; }
  decode(view) {
    this.left -= ${BYTES_A_TEXT} + (view === undefined ? 0 : view.byteLength);
    if (this.left < 0) throw Object.assign(new Error('the cell hands over more than ${LIFTED_BYTES_MAX} bytes'), { code: 'limit' });
    return this.decoder.decode(view);
  }
}
`;

function boundTexts(text: string): string {
  return `${BOUNDED_DECODER}${text.replaceAll(/\bnew TextDecoder\(/g, 'new BoundedTextDecoder(')}`;
}

/** Throws where the bytes are no component that jco takes; after some of them jco cannot be used in this thread any more. */
export async function transpile(component: Uint8Array): Promise<Transpiled> {
  await $init;
  const { files, imports } = generate(component, {
    name: NAME,
    map: [],
    instantiation: { tag: 'sync' },
    noNodejsCompat: true,
    noTypescript: false,
    base64Cutoff: 0,
  });
  const modules = new Map<string, Uint8Array<ArrayBuffer>>();
  const declarations = new Map<string, string>();
  let text: string | undefined;
  for (const [name, contents] of files) {
    if (name.endsWith('.wasm')) modules.set(name, new Uint8Array(contents));
    else if (name.endsWith('.d.ts')) declarations.set(name, Buffer.from(contents).toString('utf8'));
    else if (name === `${NAME}.js`) text = Buffer.from(contents).toString('utf8');
  }
  if (text === undefined) throw new Error('jco gave no module');
  return { text: boundTexts(text), modules, declarations, called: imports };
}

/** The first core module's name in what jco gives. */
export const FIRST_MODULE = `${NAME}.core.wasm`;

/** The component that wit-component makes of one core module for a world. Throws where they do not fit. */
export async function standardComponent(
  core: Uint8Array,
  wit: string,
  world: string,
  stringEncoding: WrappedEncoding,
): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ binary: core, witSource: wit, world, stringEncoding }), []);
}

/** A component that has a world's types and nothing behind them. */
export async function dummyComponent(wit: string, world: string): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ dummy: true, witSource: wit, world }), []);
}

/** Every import of a component, as its own WIT says, with versions. Throws where it is no component. */
export async function importsOf(component: Uint8Array): Promise<string[]> {
  const wit = await componentWit(component);
  const world = /world root \{([\s\S]*?)\n\}/.exec(wit)?.[1] ?? '';
  return [...world.matchAll(/^\s*import ([^;\s]+)(?:;|: .*)$/gm)].map((match) => match[1] ?? '');
}
