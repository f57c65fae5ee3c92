/**
 * The cases file of `chautari cell try`: the accounts of a made-up site, and what a cell is asked and shall answer. Read strictly, because
 * a slip in a test is a rule that nobody tests.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesFromJson, CasesError } from './wit-json.ts';

const MINOR = 'must be minor units as digits in quotes: "12500" is 125.00';
const minor = z.string(MINOR).regex(/^-?[0-9]{1,20}$/, MINOR);
const bytes = z.union([z.string(), z.strictObject({ hex: z.string().regex(/^([0-9a-f]{2})*$/, 'must be pairs of hex digits') })]);
const bytesByKey = z.record(z.string(), bytes);

const account = z.strictObject({
  available: minor.default('0'),
  currency: z.string().default('NPR'),
  open: z.boolean().default(true),
  limit: minor.default('0'),
});

const payment = z.strictObject({
  action: z.string(),
  account: z.string().default(''),
  counterparty: z.string().default(''),
  amount: minor,
  currency: z.string().default('NPR'),
  refersTo: z.string().optional(),
  operator: z.string().default('trial'),
  id: z.string().optional(),
  at: z.union([z.iso.datetime({ offset: true }), minor]).optional(),
  fields: z.record(z.string(), z.string()).default({}),
});
/** For the worlds of sensors: an export and its arguments. */
const call = z.strictObject({
  call: z.string(),
  arguments: z.array(z.unknown()),
  at: z.union([z.iso.datetime({ offset: true }), minor]).optional(),
});

const kept = {
  state: z.record(z.string(), z.union([bytes, z.null()])).optional(),
  outbox: bytesByKey.optional(),
  fuelMax: z.number().int().optional(),
};
const expectation = z.union([
  z.strictObject({
    approved: z.strictObject({ postings: z.record(z.string(), minor).optional(), receipt: z.record(z.string(), z.string()).optional() }),
    ...kept,
  }),
  z.strictObject({ declined: z.string(), detail: z.string().optional(), available: minor.optional(), fuelMax: kept.fuelMax }),
  z.strictObject({ failed: z.string(), detail: z.string().optional() }),
  z.strictObject({ ok: z.unknown(), ...kept }),
  z.strictObject({ error: z.string(), fuelMax: kept.fuelMax }),
]);

const oneCase = z.strictObject({
  name: z.string().min(1),
  /** Goes on where the case before it ended: its postings made, its state kept. Else the case begins with the file's accounts. */
  continues: z.boolean().default(false),
  accounts: z.record(z.string(), z.union([account, z.null()])).default({}),
  state: bytesByKey.default({}),
  request: z.union([payment, call]),
  expect: expectation.optional(),
});

const file = z.strictObject({
  accounts: z.record(z.string(), account).default({}),
  refundable: z.record(z.string(), minor).default({}),
  cases: z.array(oneCase).min(1),
});

export type TrialCases = z.infer<typeof file>;
export type TrialCase = z.infer<typeof oneCase>;
export type TrialPayment = z.infer<typeof payment>;
export type TrialCall = z.infer<typeof call>;
export type TrialAccount = z.infer<typeof account>;
export type Expectation = z.infer<typeof expectation>;

export function isCall(request: TrialCase['request']): request is TrialCall {
  return 'call' in request;
}

/** The innermost thing that is wrong, of the alternative that came nearest. */
function deepest(issue: z.core.$ZodIssue): { readonly path: PropertyKey[]; readonly message: string } {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `"${key}"`).join(', ');
    return { path: issue.path, message: `there is no member ${names} here; docs/cell-sdk.md lists them` };
  }
  if (issue.code !== 'invalid_union') return issue;
  const nearest = issue.errors.toSorted((left, right) => left.length - right.length)[0]?.[0];
  if (nearest === undefined) return issue;
  const inner = deepest(nearest);
  return { path: [...issue.path, ...inner.path], message: inner.message };
}

/** Where it is, with the name of the case: nobody counts them. */
function placeOf(json: unknown, path: readonly PropertyKey[]): string {
  const [list, index] = path;
  const cases = list === 'cases' && typeof index === 'number' ? (json as { cases: { name?: unknown }[] }).cases : [];
  const name = cases[Number(index)]?.name;
  const called = typeof name === 'string' ? ` (the case "${name}")` : '';
  return `${path.map(String).join('.')}${called}`;
}

export function parseCases(text: string, path: string): TrialCases {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CasesError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const parsed = file.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const found = issue === undefined ? { path: [], message: 'it is not a cases file' } : deepest(issue);
  throw new CasesError(`${path}: ${placeOf(json, found.path)}: ${found.message}`);
}

export function readCases(path: string): TrialCases {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new CasesError(`there is no file ${path}: write what the cell is asked and shall answer, or name another with --cases`);
  }
  return parseCases(text, path);
}

export function stateOf(state: TrialCase['state']): Map<string, Uint8Array> {
  return new Map(Object.entries(state).map(([key, value]) => [key, bytesFromJson(value, `state.${key}`)]));
}

/** Milliseconds since 1970-01-01 UTC. */
export function timeOf(at: string | undefined): bigint | undefined {
  if (at === undefined) return undefined;
  return /^[0-9]+$/.test(at) ? BigInt(at) : BigInt(Date.parse(at));
}
