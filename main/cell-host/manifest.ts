/**
 * A cell's manifest, version 2: who it is, what it may see and do, what it may spend, and how it runs. Its author writes it, the cell's
 * file carries it signed, and the host keeps to it. Read strictly (strict-json.ts).
 */
import { type AccountKind, accountKinds } from '../../ledger-sync/ledger/account.ts';
import type { Result } from '../../ledger-sync/ledger/result.ts';
import { LIMITS } from './limits.ts';
import { asResult, type Members, Refusal, readersOf } from './strict-json.ts';
import { isSocketAddress, wasiDenial } from './wasi-grants.ts';

export const CONTRACT = 'chautari:cell@0.1.0';
export const PAYMENT_WORLD = 'payment-cell';
export const WORLDS = [PAYMENT_WORLD, 'telemetry-cell', 'decision-cell'] as const;
export type CellWorld = (typeof WORLDS)[number];

/**
 * What one action may do. `served`: whether the request's own account pays, receives, or is not touched by rule (cash). `legs`: how
 * often the amount is moved in the entry (a top-up moves it as e-money and as cash: 2). `debits`: kinds of further bounded accounts
 * that it may debit, beside the account that pays. `refunds`: it gives back what another payment took, and no more than is left of
 * it (P10). `owned`: it uses up a counter that this journal's epoch must hold a lease of (P12).
 * `opens`: the kind of the request's own account, which the gateway opens in the same transaction where it is not there yet.
 */
export type ActionRule = {
  readonly served: 'pays' | 'receives' | 'none';
  readonly legs: number;
  readonly debits: readonly AccountKind[];
  readonly refunds: boolean;
  readonly owned?: true;
  readonly opens?: AccountKind;
};

/** `fast`: a fresh instance over a recycled memory for each request; `slow`: through jco's own output, for components of other shapes. */
export type CellClass = 'fast' | 'slow';

type Identity = {
  /** Also the method's name in a payment. */
  readonly name: string;
  readonly version: string;
  readonly contract: string;
  readonly class: CellClass;
  /** What one request may use: fuel of the metered module, nested calls, and pages of memory. */
  readonly budget: { readonly fuel: number; readonly callDepth: number; readonly memoryPages: number };
};

export type PaymentManifest = Identity & {
  readonly world: typeof PAYMENT_WORLD;
  readonly actions: Readonly<Record<string, ActionRule>>;
  readonly grants: {
    /** Interfaces that the component may import, in full: `chautari:cell/accounts@0.1.0`. */
    readonly imports: readonly string[];
    /** Kinds of accounts that it may see and post to. Accounts of other kinds do not exist for it. */
    readonly accounts: readonly AccountKind[];
  };
};

/** A cell of the sensors' thread: no money, no accounts; a telemetry cell of class slow may be granted sockets. */
export type SensorManifest = Identity & {
  readonly world: Exclude<CellWorld, typeof PAYMENT_WORLD>;
  readonly grants: { readonly imports: readonly string[]; readonly sockets?: readonly string[] };
};

export type CellManifest = PaymentManifest | SensorManifest;

export function isPaymentManifest(manifest: CellManifest): manifest is PaymentManifest {
  return manifest.world === PAYMENT_WORLD;
}

export type ManifestFault = {
  readonly code: 'bad-manifest' | 'unknown-world' | 'unknown-contract' | 'wasi-denied';
  readonly detail: string;
};

/** Short enough for a folder and for a payment's method; the hyphen inside alone, so that no name begins with a dot or a hyphen. */
const NAME = /^(?=.{1,48}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME_WORDS = 'lower-case words joined by hyphens, at most 48 characters';
/** Three numbers in one spelling each, so that two versions are equal exactly where their texts are. */
const VERSION = /^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$/;
const INTERFACE = /^[a-z][a-z0-9-]{0,47}:[a-z][a-z0-9-]{0,47}\/[a-z][a-z0-9-]{0,47}@[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$/;
const ACTIONS_MAX = 32;

const { refuse, record, text, whole, object, list, oneOf } = readersOf('bad-manifest');

export function isCellName(value: string): boolean {
  return NAME.test(value);
}

export function isCellVersion(value: string): boolean {
  return VERSION.test(value);
}

/** Less than 0 where `left` is the older one. */
export function compareVersions(left: string, right: string): number {
  const [lefts, rights] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (lefts[index] ?? 0) - (rights[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function kind(value: unknown, where: string): AccountKind {
  const found = accountKinds().find((known) => known === value);
  return found ?? refuse(`${where} is not a kind of account (${accountKinds().join(', ')})`);
}

function action(value: unknown, where: string): ActionRule {
  const members = object(value, where, ['served', 'legs', 'debits', 'refunds'], ['owned', 'opens']);
  if (typeof members.refunds !== 'boolean') return refuse(`${where}.refunds must be true or false`);
  if (members.owned !== undefined && members.owned !== true) return refuse(`${where}.owned must be true or left out`);
  return {
    served: oneOf(members.served, `${where}.served`, ['pays', 'receives', 'none']),
    legs: whole(members.legs, `${where}.legs`, 1, 8),
    debits: list(members.debits, `${where}.debits`, kind),
    refunds: members.refunds,
    ...(members.owned === true ? { owned: true } : {}),
    ...(members.opens === undefined ? {} : { opens: kind(members.opens, `${where}.opens`) }),
  };
}

function actionsOf(value: unknown, accounts: readonly AccountKind[]): Record<string, ActionRule> {
  const actions: Record<string, ActionRule> = {};
  const named = Object.entries(record(value, 'actions'));
  if (named.length === 0 || named.length > ACTIONS_MAX) refuse(`actions must name 1 to ${ACTIONS_MAX} actions`);
  for (const [name, rule] of named) {
    const read = action(rule, `actions.${text(name, `"${name}", the name of an action,`, NAME, NAME_WORDS)}`);
    const beyond = read.debits.find((debit) => !accounts.includes(debit));
    if (beyond !== undefined) refuse(`actions.${name}.debits names ${beyond}, which grants.accounts does not`);
    if (read.opens !== undefined && !(accounts.includes(read.opens) && read.served === 'receives')) {
      refuse(`actions.${name}.opens names ${read.opens}, which must be in grants.accounts and be served as one that receives`);
    }
    actions[name] = read;
  }
  return actions;
}

function socket(value: unknown, where: string): string {
  const address = text(value, where, /^udp:/);
  return isSocketAddress(address) ? address : refuse(`${where} is not an address like udp://127.0.0.1:9001`);
}

/** The interfaces that may be imported; what WASI a class may have is decided here. */
function importsOf(value: unknown, cellClass: CellClass, sockets: boolean): string[] {
  return list(value, 'grants.imports', (item, where) => {
    const name = text(item, where, INTERFACE, 'an interface\'s full name like "chautari:cell/state@0.1.0"');
    const denied =
      wasiDenial(name, { sockets }) ?? (name.startsWith('wasi:') && cellClass === 'fast' ? 'that needs "class": "slow"' : undefined);
    if (denied !== undefined) throw new Refusal('wasi-denied', `${where} asks for ${name}: ${denied}`);
    return name;
  });
}

function identityOf(members: Members): Identity {
  const budget = object(members.budget, 'budget', ['fuel', 'callDepth', 'memoryPages']);
  return {
    name: text(members.name, 'name', NAME, NAME_WORDS),
    version: text(members.version, 'version', VERSION, 'three numbers like "0.1.0"'),
    contract: CONTRACT,
    class: oneOf(members.class, 'class', ['fast', 'slow']),
    budget: {
      fuel: whole(budget.fuel, 'budget.fuel', 1, 1_000_000_000),
      callDepth: whole(budget.callDepth, 'budget.callDepth', 1, 1_000),
      memoryPages: whole(budget.memoryPages, 'budget.memoryPages', 1, LIMITS.memoryPagesMax),
    },
  };
}

function sensorGrants(value: unknown, world: CellWorld, cellClass: CellClass): SensorManifest['grants'] {
  const grants = object(value, 'grants', ['imports'], ['sockets']);
  if (grants.sockets === undefined) return { imports: importsOf(grants.imports, cellClass, false) };
  if (world !== 'telemetry-cell' || cellClass !== 'slow') refuse('grants.sockets is for a telemetry-cell of class slow alone');
  const sockets = list(grants.sockets, 'grants.sockets', socket);
  if (sockets.length === 0) refuse('grants.sockets names no address: leave it out');
  return { imports: importsOf(grants.imports, cellClass, true), sockets };
}

const MEMBERS = ['name', 'version', 'contract', 'world', 'class', 'grants', 'budget'] as const;

function readManifest(value: unknown): CellManifest {
  const members = object(value, 'manifest', MEMBERS, ['actions']);
  const contract = text(members.contract, 'contract', /^[ -~]+$/);
  if (contract !== CONTRACT) throw new Refusal('unknown-contract', `this host speaks ${CONTRACT}, not ${contract}`);
  const named = text(members.world, 'world', NAME);
  const world = WORLDS.find((known) => known === named);
  if (world === undefined) throw new Refusal('unknown-world', `this host runs the worlds ${WORLDS.join(', ')}, not ${named}`);
  const identity = identityOf(members);
  if (world !== PAYMENT_WORLD) {
    if (members.actions !== undefined) refuse(`manifest.actions is for a ${PAYMENT_WORLD} alone`);
    return { ...identity, world, grants: sensorGrants(members.grants, world, identity.class) };
  }
  const grants = object(members.grants, 'grants', ['imports', 'accounts']);
  const accounts = list(grants.accounts, 'grants.accounts', kind);
  const imports = importsOf(grants.imports, identity.class, false);
  const actions = actionsOf(object(members, 'manifest', [...MEMBERS, 'actions']).actions, accounts);
  return { ...identity, world, actions, grants: { imports, accounts } };
}

/** The manifest that an author writes beside the cell's source, and that the cell's file carries. */
export function parseManifest(value: unknown): Result<CellManifest, ManifestFault> {
  return asResult(() => readManifest(value));
}
