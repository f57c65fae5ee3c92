/** `prepared.json`: what preparation made of a cell, by digest. Read as strictly as a manifest, for everything is loaded by what it says. */
import type { Result } from '../../ledger-sync/ledger/result.ts';
import { LIMITS } from './limits.ts';
import { asResult, readersOf } from './strict-json.ts';

export type PreparedRecord = {
  /** The release of rewriter, glue and jco that made it; another one prepares again. */
  readonly preparer: string;
  /** Of the component that it was made of. */
  readonly digest: string;
  /** The class fast alone: `core.wasm` is the rewritten core module, `glue` a shared text. */
  readonly fast?: {
    readonly core: string;
    readonly memory?: { readonly initial: number; readonly maximum: number };
    readonly glue: string;
  };
  /** jco's text (shared) and core modules; `metered` the rewritten ones, of the class slow alone. */
  readonly jco: { readonly text: string; readonly modules: Readonly<Record<string, JcoModule>> };
};

export type JcoModule = { readonly plain: string; readonly metered?: string };
export type RecordFault = { readonly code: 'not-prepared'; readonly detail: string };

const SHA256 = /^[0-9a-f]{64}$/;
const MODULE = /^cell\.core[0-9]{0,3}\.wasm$/;
const MODULES_MAX = 64;
/** Of a text that is loaded. */
export const TEXT_BYTES_MAX: number = 8 * 1024 * 1024;
const { refuse, record, text, whole, object } = readersOf('not-prepared');

function fastOf(value: unknown): NonNullable<PreparedRecord['fast']> {
  const fast = object(value, 'fast', ['core', 'glue'], ['memory']);
  const memory = fast.memory === undefined ? undefined : object(fast.memory, 'fast.memory', ['initial', 'maximum']);
  const pages = (members: Record<string, unknown>) => ({
    initial: whole(members.initial, 'fast.memory.initial', 0, LIMITS.memoryPagesMax),
    maximum: whole(members.maximum, 'fast.memory.maximum', 0, LIMITS.memoryPagesMax),
  });
  return {
    core: text(fast.core, 'fast.core', SHA256),
    glue: text(fast.glue, 'fast.glue', SHA256),
    ...(memory === undefined ? {} : { memory: pages(memory) }),
  };
}

export function parsePreparedRecord(value: unknown): Result<PreparedRecord, RecordFault> {
  return asResult(() => {
    const members = object(value, 'prepared', ['preparer', 'digest', 'jco'], ['fast']);
    const jco = object(members.jco, 'jco', ['text', 'modules']);
    const named = Object.entries(record(jco.modules, 'jco.modules'));
    if (named.length > MODULES_MAX) refuse(`jco.modules has more than ${MODULES_MAX} modules`);
    const modules: Record<string, JcoModule> = {};
    for (const [name, about] of named) {
      const where = `jco.modules.${text(name, 'the name of a module', MODULE)}`;
      const module = object(about, where, ['plain'], ['metered']);
      modules[name] = {
        plain: text(module.plain, `${where}.plain`, SHA256),
        ...(module.metered === undefined ? {} : { metered: text(module.metered, `${where}.metered`, SHA256) }),
      };
    }
    return {
      preparer: text(members.preparer, 'preparer', SHA256),
      digest: text(members.digest, 'digest', SHA256),
      ...(members.fast === undefined ? {} : { fast: fastOf(members.fast) }),
      jco: { text: text(jco.text, 'jco.text', SHA256), modules },
    };
  });
}

/** Where a module lies in the folder of what was prepared. */
export const modulePath = (name: string, metered: boolean): string => `jco/${metered ? name.replace(/\.wasm$/, '.metered.wasm') : name}`;
