/**
 * A cell's manifest: who it is, what it may see and do, and what it may spend. The author writes the first part; the build adds
 * digest, size and the digests of the transpiled files. Read strictly: an unknown member is refused, because it may be a restriction
 * that this release would not keep.
 */
import { type AccountKind, accountKinds } from '../../ledger-sync/ledger/account.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { LIMITS } from './limits.ts';

export const CONTRACT = 'chautari:cell@0.1.0';
export const PAYMENT_WORLD = 'payment-cell';

/**
 * What one action may do. `served`: whether the request's own account pays, receives, or is not touched by rule (cash). `legs`: how
 * often the amount is moved in the entry (a top-up moves it as e-money and as cash: 2). `debits`: kinds of further bounded accounts
 * that it may debit, beside the account that pays. `refunds`: it gives back what another payment took, and no more than is left of
 * it (P10).
 */
export type ActionRule = {
  readonly served: 'pays' | 'receives' | 'none';
  readonly legs: number;
  readonly debits: readonly AccountKind[];
  readonly refunds: boolean;
};

export type CellManifest = {
  /** Also the method's name in a payment. */
  readonly name: string;
  readonly version: string;
  readonly contract: string;
  readonly world: string;
  readonly actions: Readonly<Record<string, ActionRule>>;
  readonly grants: {
    /** Interfaces that the component may import, in full: `chautari:cell/accounts@0.1.0`. */
    readonly imports: readonly string[];
    /** Kinds of accounts that it may see and post to. Accounts of other kinds do not exist for it. */
    readonly accounts: readonly AccountKind[];
  };
  /** Fuel and call depth are declared here and enforced by a metering host; memory is capped in the module itself. */
  readonly budget: { readonly fuel: number; readonly callDepth: number; readonly memoryPages: number };
};

/** A manifest as it is shipped beside its component. */
export type BuiltManifest = CellManifest & {
  readonly component: { readonly file: string; readonly sha256: string; readonly bytes: number };
  /** The files that jco made of the component, by name; the first module is `entry`. */
  readonly transpiled: { readonly entry: string; readonly files: Readonly<Record<string, string>> };
};

export type ManifestFault = {
  readonly code: 'bad-manifest' | 'unknown-world' | 'unknown-contract' | 'wasi-denied';
  readonly detail: string;
};

class Refusal extends Error {
  readonly code: ManifestFault['code'];

  constructor(code: ManifestFault['code'], detail: string) {
    super(detail);
    this.code = code;
  }
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VERSION = /^[0-9]+\.[0-9]+\.[0-9]+$/;
const INTERFACE = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*@[0-9]+\.[0-9]+\.[0-9]+$/;
const SHA256 = /^[0-9a-f]{64}$/;
const FILE = /^[a-z0-9][a-z0-9.-]{0,79}$/;

/** What a language's runtime may import without having asked for it. All of it is empty here: see wasi.ts. */
const WASI_SERVED: Readonly<Record<string, readonly string[]>> = {
  cli: [
    'environment',
    'exit',
    'stdin',
    'stdout',
    'stderr',
    'terminal-input',
    'terminal-output',
    'terminal-stdin',
    'terminal-stdout',
    'terminal-stderr',
  ],
  io: ['error', 'poll', 'streams'],
  filesystem: ['types', 'preopens'],
};

/** Why an interface of WASI cannot be granted; undefined where it can, and for interfaces that are not WASI's. */
export function wasiDenial(name: string): string | undefined {
  const match = /^wasi:([a-z0-9-]+)\/([a-z0-9-]+)@([0-9.]+)$/.exec(name);
  if (match === null) return name.startsWith('wasi:') ? 'it has no version' : undefined;
  const [, group = '', inner = '', version = ''] = match;
  if (group === 'clocks' || group === 'random') return 'a cell has no clock and no randomness; time and ids come in the request';
  if (group === 'sockets' || group === 'http') return 'a cell has no network; what it wants sent goes into its outbox';
  const served = Object.hasOwn(WASI_SERVED, group) && WASI_SERVED[group]?.includes(inner);
  return served === true && /^0\.2\.[0-9]+$/.test(version)
    ? undefined
    : 'this host serves wasi:cli, wasi:io and wasi:filesystem 0.2, nothing else';
}

type Members = Record<string, unknown>;

function refuse(detail: string): never {
  throw new Refusal('bad-manifest', detail);
}

function object(value: unknown, where: string, names?: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(`${where} must be an object`);
  const members = value as Members;
  if (names === undefined) return members;
  for (const name of Object.keys(members)) if (!names.includes(name)) refuse(`${where}.${name} is not a member that this release knows`);
  for (const name of names) if (!Object.hasOwn(members, name)) refuse(`${where}.${name} is missing`);
  return members;
}

function text(value: unknown, where: string, pattern: RegExp): string {
  if (typeof value !== 'string' || value.length > 128 || !pattern.test(value)) refuse(`${where} is not of the form ${pattern.source}`);
  return value as string;
}

function whole(value: unknown, where: string, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    refuse(`${where} must be a whole number from ${least} to ${most}`);
  }
  return value as number;
}

function list<T>(value: unknown, where: string, read: (item: unknown, where: string) => T): T[] {
  if (!Array.isArray(value) || value.length > 32) refuse(`${where} must be a list of at most 32`);
  const items = (value as unknown[]).map((item, index) => read(item, `${where}[${index}]`));
  if (new Set(items).size !== items.length) refuse(`${where} names something twice`);
  return items;
}

function kind(value: unknown, where: string): AccountKind {
  const found = accountKinds().find((known) => known === value);
  return found ?? refuse(`${where} is not a kind of account (${accountKinds().join(', ')})`);
}

function importName(value: unknown, where: string): string {
  const name = text(value, where, INTERFACE);
  const denied = wasiDenial(name);
  if (denied !== undefined) throw new Refusal('wasi-denied', `${where} asks for ${name}: ${denied}`);
  return name;
}

function action(value: unknown, where: string): ActionRule {
  const members = object(value, where, ['served', 'legs', 'debits', 'refunds']);
  const served = members.served;
  if (served !== 'pays' && served !== 'receives' && served !== 'none') return refuse(`${where}.served must be pays, receives or none`);
  if (typeof members.refunds !== 'boolean') return refuse(`${where}.refunds must be true or false`);
  return {
    served,
    legs: whole(members.legs, `${where}.legs`, 1, 8),
    debits: list(members.debits, `${where}.debits`, kind),
    refunds: members.refunds,
  };
}

const AUTHOR_MEMBERS = ['name', 'version', 'contract', 'world', 'actions', 'grants', 'budget'] as const;

function readAuthored(members: Members): CellManifest {
  const contract = text(members.contract, 'contract', /^[ -~]+$/);
  if (contract !== CONTRACT) throw new Refusal('unknown-contract', `this host speaks ${CONTRACT}, not ${contract}`);
  const world = text(members.world, 'world', NAME);
  if (world !== PAYMENT_WORLD) throw new Refusal('unknown-world', `this host runs the world ${PAYMENT_WORLD}, not ${world}`);
  const actions: Record<string, ActionRule> = {};
  for (const [name, rule] of Object.entries(object(members.actions, 'actions'))) {
    actions[text(name, 'the name of an action', NAME)] = action(rule, `actions.${name}`);
  }
  const count = Object.keys(actions).length;
  if (count === 0 || count > 32) refuse('actions must name 1 to 32 actions');
  const grants = object(members.grants, 'grants', ['imports', 'accounts']);
  const budget = object(members.budget, 'budget', ['fuel', 'callDepth', 'memoryPages']);
  const manifest: CellManifest = {
    name: text(members.name, 'name', NAME),
    version: text(members.version, 'version', VERSION),
    contract,
    world,
    actions,
    grants: { imports: list(grants.imports, 'grants.imports', importName), accounts: list(grants.accounts, 'grants.accounts', kind) },
    budget: {
      fuel: whole(budget.fuel, 'budget.fuel', 1, 1_000_000_000),
      callDepth: whole(budget.callDepth, 'budget.callDepth', 1, 10_000),
      memoryPages: whole(budget.memoryPages, 'budget.memoryPages', 1, LIMITS.memoryPagesMax),
    },
  };
  for (const [name, rule] of Object.entries(actions)) {
    const beyond = rule.debits.find((debit) => !manifest.grants.accounts.includes(debit));
    if (beyond !== undefined) refuse(`actions.${name}.debits names ${beyond}, which grants.accounts does not`);
  }
  return manifest;
}

function asResult<T>(read: () => T): Result<T, ManifestFault> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof Refusal) return err({ code: error.code, detail: error.message });
    throw error;
  }
}

/** The manifest that an author writes beside the cell's source. */
export function parseManifest(value: unknown): Result<CellManifest, ManifestFault> {
  return asResult(() => readAuthored(object(value, 'manifest', AUTHOR_MEMBERS)));
}

/** The manifest that is shipped beside a component. */
export function parseBuiltManifest(value: unknown): Result<BuiltManifest, ManifestFault> {
  return asResult(() => {
    const members = object(value, 'manifest', [...AUTHOR_MEMBERS, 'component', 'transpiled']);
    const component = object(members.component, 'component', ['file', 'sha256', 'bytes']);
    const transpiled = object(members.transpiled, 'transpiled', ['entry', 'files']);
    const files: Record<string, string> = {};
    for (const [name, digest] of Object.entries(object(transpiled.files, 'transpiled.files'))) {
      files[text(name, 'the name of a transpiled file', FILE)] = text(digest, `transpiled.files.${name}`, SHA256);
    }
    const entry = text(transpiled.entry, 'transpiled.entry', FILE);
    if (!Object.hasOwn(files, entry)) refuse('transpiled.entry is not one of transpiled.files');
    return {
      ...readAuthored(members),
      component: {
        file: text(component.file, 'component.file', FILE),
        sha256: text(component.sha256, 'component.sha256', SHA256),
        bytes: whole(component.bytes, 'component.bytes', 8, LIMITS.componentBytesMax),
      },
      transpiled: { entry, files },
    };
  });
}
