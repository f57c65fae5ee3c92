/**
 * From a signed cell to what the hosts run: validated, its imports covered by its grants, transpiled with jco, its core modules metered,
 * its glue generated. At build and install alone, and at a start after another release prepared it; never in a request's way. Pure but
 * for jco: the same cell gives the same files.
 */
import { readFileSync } from 'node:fs';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { checkSynchronous } from './canonical-built-ins.ts';
import type { CellFile } from './cell-file.ts';
import { generateGlue } from './glue/generate.ts';
import type { CellManifest, CellWorld } from './manifest.ts';
import { mergeData } from './merge-data.ts';
import { type JcoModule, modulePath, type PreparedRecord, parsePreparedRecord, TEXT_BYTES_MAX } from './prepared-record.ts';
import { CONTRACT_WIT, preparerDigest } from './preparer.ts';
import { SECTION } from './rewrite/core-module.ts';
import { rewriteModule } from './rewrite/rewrite-module.ts';
import { sectionsOf } from './rewrite/sections.ts';
import {
  dummyComponent,
  FIRST_MODULE,
  importsOf,
  standardComponent,
  type Transpiled,
  transpile,
  type WrappedEncoding,
} from './transpile.ts';

export type PrepareFault = {
  readonly code: 'not-a-component' | 'wrong-world' | 'import-not-granted' | 'not-fast' | 'not-metered' | 'not-synchronous' | 'too-large';
  readonly detail: string;
};

export type PreparedFiles = {
  readonly record: PreparedRecord;
  /** By path below the folder of what is prepared. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Texts that many cells share, by digest. */
  readonly texts: ReadonlyMap<string, string>;
};

const fault = (code: PrepareFault['code'], detail: string): { readonly ok: false; readonly error: PrepareFault } => err({ code, detail });

const WIT = readFileSync(CONTRACT_WIT, 'utf8');

/** What a declaration file says, one statement each: the order and what is left out of an interface do not matter. */
const statementsOf = (text: string): Set<string> =>
  new Set(
    text
      .split(/\n(?=export |\/\*\*|import )/)
      .map((statement) => statement.replace(/\/\*\*[\s\S]*?\*\//g, '').trim())
      .filter((statement) => statement.startsWith('export ')),
  );

const functionsOf = (declarations: Transpiled['declarations']): string[] =>
  (/export interface Root \{\n([\s\S]*?)\n\}/.exec(declarations.get('cell.d.ts') ?? '')?.[1] ?? '')
    .split('\n')
    .filter((line) => line !== '');

const references = new Map<CellWorld, Promise<Transpiled['declarations']>>();
function referenceOf(world: CellWorld): Promise<Transpiled['declarations']> {
  let reference = references.get(world);
  if (reference === undefined) {
    reference = dummyComponent(WIT, world).then(async (component) => (await transpile(component)).declarations);
    references.set(world, reference);
  }
  return reference;
}

/** Why the component is not of the world; undefined where it is. It may use less than the world offers. */
async function worldMismatch(world: CellWorld, declarations: Transpiled['declarations']): Promise<string | undefined> {
  const reference = await referenceOf(world);
  const offered = functionsOf(declarations);
  const missing = functionsOf(reference).find((line) => !offered.includes(line));
  if (missing !== undefined) return `it does not export ${missing.trim().replace(/,$/, '')}`;
  for (const [file, text] of declarations) {
    if (!file.startsWith('interfaces/chautari-cell-')) continue;
    const expected = statementsOf(reference.get(file) ?? '');
    const other = [...statementsOf(text)].find((statement) => !expected.has(statement));
    if (other !== undefined)
      return `its ${file.slice('interfaces/chautari-cell-'.length, -'.d.ts'.length)} is not that of the contract: ${other.slice(0, 120)}`;
  }
  return undefined;
}

/** An interface that only lends its types asks for nothing. */
function notGranted(imports: readonly string[], called: readonly string[], manifest: CellManifest): string[] {
  const lendsTypes = (name: string): boolean => name.includes('/') && !called.includes(name.replace(/@.*$/, ''));
  return imports.filter((name) => !manifest.grants.imports.includes(name) && !lendsTypes(name));
}

/** Names and producers mean nothing to what runs. The module is one that jco wrote down, so it is whole. */
function withoutCustomSections(module: Uint8Array): Buffer {
  return Buffer.concat(sectionsOf(module).flatMap(({ id, bytes }) => (id === SECTION.custom ? [] : [bytes])));
}

function sameTranspiled(left: Transpiled, right: Transpiled): boolean {
  if (left.text !== right.text || left.modules.size !== right.modules.size) return false;
  return [...left.modules].every(([name, bytes]) => {
    const other = right.modules.get(name);
    return other !== undefined && withoutCustomSections(other).equals(withoutCustomSections(bytes));
  });
}

/**
 * How the strings of a component in the standard wrapping are encoded; undefined for any other component. Only what wit-component itself
 * makes of the core module may be run without the component around it: anything else could mean something that the core does not say.
 */
async function standardEncoding(component: Uint8Array, transpiled: Transpiled, world: CellWorld): Promise<WrappedEncoding | undefined> {
  const core = transpiled.modules.get(FIRST_MODULE);
  if (core === undefined) return undefined;
  // jco knows no third one.
  for (const encoding of ['utf16', 'utf8'] as const) {
    const rebuilt = await standardComponent(core, WIT, world, encoding).catch(() => undefined);
    if (rebuilt === undefined) return undefined;
    if (Buffer.from(rebuilt).equals(component)) return encoding;
    // Made by another release of wit-component, perhaps: then what it means decides.
    if (sameTranspiled(await transpile(rebuilt), transpiled)) return encoding;
  }
  return undefined;
}

type Made = { readonly files: Map<string, Uint8Array>; readonly texts: Map<string, string> };

function keep(made: Made, path: string, bytes: Uint8Array): string {
  made.files.set(path, bytes);
  return sha256Hex(bytes);
}

function share(made: Made, text: string): string {
  const digest = sha256Hex(Buffer.from(text));
  made.texts.set(digest, text);
  return digest;
}

async function fastParts(file: CellFile, transpiled: Transpiled, made: Made): Promise<Result<PreparedRecord['fast'], PrepareFault>> {
  const { manifest } = file;
  const encoding = await standardEncoding(file.component, transpiled, manifest.world);
  const core = transpiled.modules.get(FIRST_MODULE);
  if (encoding === undefined || core === undefined) {
    return fault('not-fast', `the cell ${manifest.name} is not one core module in the standard wrapping: declare "class": "slow"`);
  }
  const world = resolveWorld(WIT, manifest.world);
  const rewritten = rewriteModule(core, {
    fuel: manifest.budget.fuel,
    callDepth: manifest.budget.callDepth,
    memoryPagesMax: manifest.budget.memoryPages,
    importMemory: true,
    exportStart: true,
    keepExports: [...world.exports.flatMap(({ name }) => [name, `cabi_post_${name}`]), 'cabi_realloc', '_initialize'],
  });
  if (!rewritten.ok) return fault('not-metered', `the cell ${manifest.name} cannot be metered: ${rewritten.error.detail}`);
  return ok({
    core: keep(made, 'core.wasm', mergeData(rewritten.value.bytes)),
    ...(rewritten.value.memory === undefined ? {} : { memory: rewritten.value.memory }),
    glue: share(made, generateGlue(world, encoding)),
  });
}

function jcoParts(manifest: CellManifest, transpiled: Transpiled, made: Made): Result<PreparedRecord['jco'], PrepareFault> {
  const modules: Record<string, JcoModule> = {};
  const { fuel, callDepth, memoryPages: memoryPagesMax } = manifest.budget;
  for (const [name, bytes] of [...transpiled.modules].toSorted(([left], [right]) => (left < right ? -1 : 1))) {
    const plain = keep(made, modulePath(name, false), bytes);
    modules[name] = { plain };
    if (manifest.class !== 'slow') continue;
    const rewritten = rewriteModule(bytes, { fuel, callDepth, memoryPagesMax, importMemory: false, linked: true });
    if (!rewritten.ok) return fault('not-metered', `the cell ${manifest.name} cannot be metered: ${name}: ${rewritten.error.detail}`);
    modules[name] = { plain, metered: keep(made, modulePath(name, true), rewritten.value.bytes) };
  }
  return ok({ text: share(made, transpiled.text), modules });
}

async function transpiledOf(component: Uint8Array): Promise<Result<{ transpiled: Transpiled; imports: string[] }, PrepareFault>> {
  try {
    const imports = await importsOf(component);
    return ok({ transpiled: await transpile(component), imports });
  } catch (error) {
    return fault('not-a-component', `this is not a component that can be run: ${String(error).slice(0, 300)}`);
  }
}

/** What the host would not load is not laid down. Types within types can make a text of megabytes of a component of a few KiB. */
function tooLarge(record: PreparedRecord, { texts }: Made): string | undefined {
  const parsed = parsePreparedRecord(record);
  if (!parsed.ok) return parsed.error.detail;
  const longest = Math.max(...[...texts.values()].map((text) => Buffer.byteLength(text)));
  return longest > TEXT_BYTES_MAX ? `its types make a text of ${longest} bytes; the limit is ${TEXT_BYTES_MAX}` : undefined;
}

export async function prepareCell(file: CellFile): Promise<Result<PreparedFiles, PrepareFault>> {
  const { manifest } = file;
  const synchronous = checkSynchronous(file.component);
  if (!synchronous.ok) {
    const { code, detail } = synchronous.error;
    return fault(code === 'not-valid' ? 'not-a-component' : 'not-synchronous', `the cell ${manifest.name} cannot be run: ${detail}`);
  }
  const read = await transpiledOf(file.component);
  if (!read.ok) return read;
  const { transpiled, imports } = read.value;
  const refused = notGranted(imports, transpiled.called, manifest);
  if (refused.length > 0) {
    return fault(
      'import-not-granted',
      `the cell ${manifest.name} imports ${refused.join(', ')}, which its manifest does not grant: add it to grants.imports, or do without`,
    );
  }
  const mismatch = await worldMismatch(manifest.world, transpiled.declarations);
  if (mismatch !== undefined) return fault('wrong-world', `the cell ${manifest.name} is not of the world ${manifest.world}: ${mismatch}`);

  const made: Made = { files: new Map(), texts: new Map() };
  const jco = jcoParts(manifest, transpiled, made);
  if (!jco.ok) return jco;
  const fast = manifest.class === 'fast' ? await fastParts(file, transpiled, made) : ok(undefined);
  if (!fast.ok) return fast;
  const record: PreparedRecord = {
    preparer: preparerDigest(),
    digest: file.digest,
    ...(fast.value === undefined ? {} : { fast: fast.value }),
    jco: jco.value,
  };
  made.files.set('prepared.json', Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`));
  const large = tooLarge(record, made);
  return large === undefined ? ok({ record, ...made }) : fault('too-large', `the cell ${manifest.name} cannot be run: ${large}`);
}
