/**
 * The judge: one cell, one request and its facts, through the program that a gateway runs it by and through jco's own output. Both must
 * say the same, read the same, write the same and queue the same; and the fuel must be the same on every run.
 *
 * Three differences are known, and nothing else passes: jco does not meter, so it may answer where fuel, depth or a limit of the glue ends
 * a request; jco reads half a surrogate pair as U+FFFD where the canonical ABI and the glue trap; and jco's decoders take a byte order mark
 * off the beginning of a text, so that no text here begins with one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import type { World } from '../../cells/sdk/wit/types.ts';
import type { CellAccount, CellFacts, CellPayment } from '../../main/cell-host/cell.ts';
import { programOf } from '../../main/cell-host/cell-host.ts';
import { CellImports } from '../../main/cell-host/cell-imports.ts';
import { SITE_FIELDS } from '../../main/cell-host/fake-facts.ts';
import { jcoProgram } from '../../main/cell-host/jco-program.ts';
import { isPaymentManifest } from '../../main/cell-host/manifest.ts';
import type { PreparedCell } from '../../main/cell-host/prepared-cell.ts';
import type { CellProgram, CellRun } from '../../main/cell-host/program.ts';
import { factsFromTrace } from '../../main/cell-host/trace-facts.ts';
import { anyText, valuesOf } from './mirror.ts';

const ROOT = join(import.meta.dirname, '../..');
const WIT = readFileSync(join(ROOT, 'cells/wit/cell.wit'), 'utf8');

export type Request = { readonly exportName: string; readonly args: readonly unknown[]; readonly facts: Facts };
/**
 * What can be asked of the facts, by what is asked: the same answer for the same words. `kind`: every account is there, with enough, and
 * the state is what approved requests left.
 */
type Facts = { readonly salt: number; readonly texts: readonly string[]; readonly mood: 'kind' | 'generous' | 'wild' };
type Kept = ReadonlyMap<string, Uint8Array>;
type Outcome = 'approved' | 'declined' | 'failed' | 'limited' | 'half-pair' | 'other';

function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

const EXTREMES = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 62n];

/** What a host lends to cells in their state: the energy cell sells nothing without a lease of its counter. */
const LENT: ReadonlyMap<string, Uint8Array> = new Map([
  ['host.lease', new TextEncoder().encode('7 2 1042 bc41ec9530f6dac86b1a29ab82edc5fb 516959010 standard all add-time day 1500 NPR')],
]);
const ENOUGH = 1_000_000_000n;

function kindFacts(kept: Kept): CellFacts {
  return {
    find: (id) => ({ id, kind: id.slice(0, id.indexOf(':')), currency: 'NPR', limit: ENOUGH, open: true }),
    available: () => ENOUGH,
    refundable: () => ENOUGH,
    stateGet: (key) => kept.get(key) ?? LENT.get(key),
  };
}

function factsOf({ salt, texts, mood }: Facts, kept: Kept): CellFacts {
  if (mood === 'kind') return kindFacts(kept);
  const generous = mood === 'generous';
  const amount = (id: string, kind: number): bigint => {
    const drawn = hash(id, salt + kind);
    if (generous && drawn % 8 > 0) return BigInt(drawn) + 1_000_000n;
    return drawn % 3 === 0 ? (EXTREMES[drawn % EXTREMES.length] ?? 0n) : BigInt(drawn % 100_000);
  };
  return {
    find: (id): CellAccount | undefined => {
      const drawn = hash(id, salt);
      if (drawn % 12 === 0) return undefined;
      return {
        id,
        kind: id.slice(0, id.indexOf(':')),
        currency: drawn % 17 === 1 ? 'EUR' : 'NPR',
        limit: amount(id, 1),
        open: drawn % 13 !== 2,
      };
    },
    available: (id) => amount(id, 2),
    refundable: (id) => BigInt.asUintN(64, amount(id, 3)),
    stateGet: (key) => {
      const drawn = hash(key, salt + 4);
      if (drawn % 3 === 0) return undefined;
      if (drawn % 3 === 1) return new TextEncoder().encode(texts[drawn % texts.length] ?? '');
      return Uint8Array.from({ length: drawn % 40 }, (_none, index) => hash(key, index) & 0xff);
    },
  };
}

/** Texts that stand in the cell itself: names of fields, keys, words that it compares with. */
export function wordsOf(component: Uint8Array): string[] {
  const text = Buffer.from(component).toString('latin1');
  const found = new Set<string>();
  for (const [run] of text.matchAll(/(?:[ -~]\0){3,40}/g)) found.add(run.replaceAll('\0', ''));
  return [...found].slice(0, 400);
}

const IDS = ['wallet:W-1042', 'khata:K-1', 'voucher:V-9', 'energy:M-204', 'merchant:tea', 'bank:nabil'];
const SITE_ID = fc.constantFrom(...SITE_FIELDS.map((field) => field.value));

/** Payments of a well-behaved kiosk. */
function soundPayments(actions: readonly string[], kinds: readonly string[], words: readonly string[]): fc.Arbitrary<CellPayment> {
  const own = IDS.filter((id) => kinds.includes(id.slice(0, id.indexOf(':'))));
  const account = fc.constantFrom('', ...own, ...own);
  const amount = fc.oneof(fc.constantFrom(1_500n, 3_000n, 15_000n), fc.bigInt({ min: 1n, max: 50_000n }));
  const value = fc.oneof(amount.map(String), fc.constantFrom('', ...words, ...own));
  const field = fc.record({ name: fc.constantFrom('tendered', ...words), value });
  return fc
    .record({
      id: fc.constantFrom('0123456789.1', '0123456789.2'),
      action: fc.constantFrom(...actions),
      account,
      counterparty: account,
      amount,
      refersTo: fc.option(fc.constant('0123456789.9'), { nil: undefined }),
      at: fc.bigInt({ min: 1_790_000_000_000n, max: 1_800_000_000_000n }),
      original: fc.option(fc.record({ action: fc.constantFrom(...actions), account, counterparty: account }), { nil: undefined }),
      method: fc.constantFrom(...kinds, 'cash'),
      more: fc.array(field, { maxLength: 2 }),
    })
    .map(({ original, method, more, refersTo, ...plain }) => ({
      ...plain,
      currency: 'NPR',
      operator: 'maya',
      ...(refersTo === undefined ? {} : { refersTo }),
      fields: [
        ...SITE_FIELDS,
        ...Object.entries(original === undefined ? {} : { method, ...original }).map(([name, found]) => ({
          name: `original.${name}`,
          value: found,
        })),
        ...more,
      ],
    }));
}

/** Payments of anybody: whatever the types can say. */
function payments(actions: readonly string[], words: readonly string[]): fc.Arbitrary<CellPayment> {
  const word = fc.constantFrom('', ...words);
  const text = fc.oneof({ weight: 3, arbitrary: word }, anyText, fc.string({ unit: 'binary-ascii', maxLength: 64 }));
  const account = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('', ...IDS) }, SITE_ID, text);
  const amount = fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: 1n, max: 50_000n }) },
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n),
  );
  const field = fc.record({ name: fc.oneof({ weight: 4, arbitrary: word }, text), value: fc.oneof(text, amount.map(String), account) });
  const original = fc.record({ method: word, action: fc.constantFrom(...actions, ''), account, counterparty: account });
  return fc
    .record({
      id: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('0123456789.1', 'a.2') }, text),
      action: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...actions) }, text),
      account,
      counterparty: account,
      amount,
      currency: fc.oneof({ weight: 12, arbitrary: fc.constant('NPR') }, text),
      refersTo: fc.option(fc.constantFrom('0123456789.9', '', 'x'.repeat(64)), { nil: undefined }),
      operator: text,
      at: fc.oneof({ weight: 4, arbitrary: fc.bigInt({ min: 1_700_000_000_000n, max: 1_900_000_000_000n }) }, amount),
      site: fc.oneof({ weight: 12, arbitrary: fc.constant(SITE_FIELDS) }, fc.constant([])),
      original: fc.option(original, { nil: undefined }),
      more: fc.oneof(
        { weight: 12, arbitrary: fc.array(field, { maxLength: 4 }) },
        fc.array(field, { minLength: 40, maxLength: 300, size: 'max' }),
      ),
    })
    .map(({ site, original: of, more, refersTo, ...plain }) => ({
      ...plain,
      ...(refersTo === undefined ? {} : { refersTo }),
      fields: [...site, ...Object.entries(of ?? {}).map(([name, value]) => ({ name: `original.${name}`, value })), ...more],
    }));
}

function anyPayment(actions: readonly string[], kinds: readonly string[], words: readonly string[]): fc.Arbitrary<CellPayment> {
  const sound = { weight: 3, arbitrary: soundPayments(actions, kinds, words) };
  return fc.oneof(sound, { weight: 2, arbitrary: payments(actions, words) });
}

function requestsOf(world: World, actions: readonly string[], kinds: readonly string[], words: readonly string[]): fc.Arbitrary<Request> {
  const mood = fc.constantFrom('kind', 'kind', 'generous', 'wild');
  const facts = fc.record({ salt: fc.integer({ min: 0 }), mood, texts: fc.constant(['', '{}', '0', '1:5', ...words]) });
  const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('device-1', ...words) }, anyText);
  const calls = world.exports.map((found) => {
    const args =
      world.name === 'payment-cell' && found.name === 'decide'
        ? fc.tuple(anyPayment(actions, kinds, words))
        : fc.tuple(...found.parameters.map(({ type }) => valuesOf(type, text)));
    return fc.record({ exportName: fc.constant(found.name), args, facts }) as fc.Arbitrary<Request>;
  });
  return fc.oneof(...calls);
}

/** Half a surrogate pair somewhere: what a request can hold in JavaScript, and no contract can say. */
function withHalfPairs(request: Request, words: readonly string[]): fc.Arbitrary<Request> {
  const half = fc.constantFrom('\ud800', 'a\udc00b', `${words[0] ?? 'x'}\udfff`);
  return half.map((text) => ({ ...request, args: request.args.map((value) => replaceFirst(value, text)) }));
}

function replaceFirst(value: unknown, text: string): unknown {
  if (typeof value === 'string') return text;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return { ...value, operator: text, deviceId: text };
}

const startsWithMark = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.startsWith('\ufeff')
    : typeof value === 'object' && value !== null && Object.values(value).some(startsWithMark);

const holds = (value: unknown, letter: string): boolean =>
  typeof value === 'string'
    ? value.includes(letter)
    : typeof value === 'object' && value !== null && Object.values(value).some((one) => holds(one, letter));

type Seen = { readonly run: CellRun; readonly imports: CellImports };

export class Judge {
  readonly name: string;
  readonly #prepared: PreparedCell;
  readonly #program: CellProgram;
  readonly #reference: CellProgram;
  readonly #requests: fc.Arbitrary<Request>;
  readonly #words: readonly string[];
  readonly #kinds: readonly string[];
  readonly #kept = new Map<string, Uint8Array>();

  constructor(prepared: PreparedCell, component: Uint8Array) {
    const { manifest } = prepared;
    this.name = manifest.name;
    this.#prepared = prepared;
    this.#program = programOf(prepared);
    this.#reference = jcoProgram(prepared, { metered: false });
    this.#words = wordsOf(component);
    this.#kinds = isPaymentManifest(manifest) ? manifest.grants.accounts : [];
    const actions = isPaymentManifest(manifest) ? Object.keys(manifest.actions) : [];
    this.#requests = requestsOf(resolveWorld(WIT, manifest.world), actions, this.#kinds, this.#words);
  }

  requests(seed: number, count: number): Request[] {
    const plain = fc.sample(this.#requests, { numRuns: count, seed }).filter((request) => !startsWithMark(request.args));
    return plain.map((request, index) =>
      index % 16 === 7 ? (fc.sample(withHalfPairs(request, this.#words), { numRuns: 1, seed })[0] ?? request) : request,
    );
  }

  #see(program: CellProgram, { exportName, args }: Request, facts: CellFacts): Seen {
    const imports = new CellImports(this.#kinds, facts, { at: 1_800_000_000_000n, seed: 'the same for both' });
    return { run: program.run(exportName, args, imports), imports };
  }

  /** Throws what is wrong; else a word for what happened. */
  judge(request: Request): Outcome {
    const facts = factsOf(request.facts, this.#kept);
    const first = this.#see(this.#program, request, facts);
    const again = this.#see(this.#program, request, facts);
    const replayed = this.#see(this.#program, request, factsFromTrace({ reads: first.imports.reads() }));
    for (const other of [again, replayed]) {
      this.#same(request, 'another run of the same program', first.run, other.run);
      this.#same(request, 'what another run read', first.imports.reads(), other.imports.reads());
    }
    const reference = this.#see(this.#reference, request, facts);
    const outcome = this.#compare(request, first, reference);
    if (outcome === 'approved') this.#keep(first.imports);
    return outcome;
  }

  /** Bounded: a cell that keeps everything begins anew. */
  #keep(imports: CellImports): void {
    if (this.#kept.size > 64) this.#kept.clear();
    for (const { key, value } of imports.stateWrites()) {
      if (value === undefined) this.#kept.delete(key);
      else this.#kept.set(key, value);
    }
  }

  #compare(request: Request, ours: Seen, reference: Seen): Outcome {
    if (ours.run.outcome === 'failed') return this.#failed(request, ours.run, reference.run);
    if (reference.run.outcome === 'failed') this.#wrong(request, 'jco fails where the program answers', ours.run, reference.run);
    else this.#same(request, 'the answer', ours.run.value, reference.run.value);
    this.#same(request, 'what was read', ours.imports.reads(), reference.imports.reads());
    this.#same(request, 'what was written', ours.imports.stateWrites(), reference.imports.stateWrites());
    this.#same(request, 'what was queued', ours.imports.outbox(), reference.imports.outbox());
    const { tag } = ours.run.value as { tag?: unknown };
    return tag === 'ok' ? 'approved' : tag === 'err' ? 'declined' : 'other';
  }

  #failed(request: Request, ours: CellRun & { outcome: 'failed' }, reference: CellRun): Outcome {
    if (reference.outcome === 'failed') return 'failed';
    if (ours.code === 'limit') return 'limited';
    if (ours.code === 'bad-answer' && ours.detail.includes('not well-formed') && holds(reference.value, '\ufffd')) return 'half-pair';
    return this.#wrong(request, 'the program fails where jco answers', ours, reference);
  }

  #same(request: Request, what: string, ours: unknown, reference: unknown): void {
    if (!isDeepStrictEqual(ours, reference)) this.#wrong(request, what, ours, reference);
  }

  #wrong(request: Request, what: string, ours: unknown, reference: unknown): never {
    const show = (value: unknown): string => JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? `${one}n` : one));
    const { version } = this.#prepared.manifest;
    throw new Error(
      `${this.name} ${version}: ${what} differs\n  asked: ${show(request)}\n  ours: ${show(ours)}\n  reference: ${show(reference)}`,
    );
  }
}
