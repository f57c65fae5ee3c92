/**
 * Runs the cases of a cell against the made-up site: each request through the program of the cell's class and through jco's own output,
 * which must say the same. What came is given in plain JSON forms; whether it was expected is judge-trial.ts's to say.
 */
import { createHash } from 'node:crypto';
import type { WitFunction } from '../../cells/sdk/wit/types.ts';
import type { CellDecision, CellPayment, CellReads, CellStateWrite } from '../cell-host/cell.ts';
import { decideWith, programOf } from '../cell-host/cell-host.ts';
import { CellImports } from '../cell-host/cell-imports.ts';
import { jcoProgram } from '../cell-host/jco-program.ts';
import { isPaymentManifest, type PaymentManifest } from '../cell-host/manifest.ts';
import type { CellProgram, CellRun } from '../cell-host/program.ts';
import type { TrialCell } from './trial-cell.ts';
import { TrialLedger } from './trial-ledger.ts';
import { isCall, stateOf, type TrialCall, type TrialCase, type TrialCases, type TrialPayment, timeOf } from './try-cases.ts';
import { bytesToJson, CasesError, camelCase, valueFromJson, valueToJson } from './wit-json.ts';

const FIRST_AT = 1_716_800_000_000n;
const STEP_MS = 60_000n;

type Bytes = ReturnType<typeof bytesToJson>;
type Kept = { readonly state: Readonly<Record<string, Bytes | null>>; readonly outbox: Readonly<Record<string, Bytes>> };

/** What a request came to, in JSON forms. */
export type TrialOutcome =
  | ({
      readonly outcome: 'approved';
      readonly postings: Readonly<Record<string, string>>;
      readonly receipt: Readonly<Record<string, string>>;
    } & Kept)
  | { readonly outcome: 'declined'; readonly tag: string; readonly detail: string; readonly available?: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly detail: string }
  | ({ readonly outcome: 'ok'; readonly value: unknown } & Kept)
  | { readonly outcome: 'error'; readonly text: string };

/** What a program was asked, and which facts it read: enough to ask another one the same. */
export type TrialRecord = {
  readonly call: string;
  readonly values: readonly unknown[];
  readonly at: bigint;
  readonly seed: string;
  readonly reads: CellReads | undefined;
};

export type TrialResult = {
  readonly case: TrialCase;
  readonly came: TrialOutcome;
  readonly fuel: number;
  readonly record: TrialRecord;
  /** What jco's own output says, where that is something else. */
  readonly otherwise?: TrialOutcome;
};

type Ran = { readonly came: TrialOutcome; readonly fuel: number; readonly keep: () => unknown; readonly record: TrialRecord };
type Runner = (program: CellProgram) => Ran;

function keptOf(writes: readonly CellStateWrite[], outbox: readonly { key: string; payload: Uint8Array }[]): Kept {
  return {
    state: Object.fromEntries(writes.map(({ key, value }) => [key, value === undefined ? null : bytesToJson(value)])),
    outbox: Object.fromEntries(outbox.map(({ key, payload }) => [key, bytesToJson(payload)])),
  };
}

function decisionOutcome(decision: CellDecision): TrialOutcome {
  switch (decision.outcome) {
    case 'approved': {
      const { postings, receipt } = decision.approval;
      return {
        outcome: 'approved',
        postings: Object.fromEntries(postings.map(({ account, amount }) => [account, String(amount)])),
        receipt: Object.fromEntries(receipt.map(({ name, value }) => [name, value])),
        ...keptOf(decision.stateWrites, decision.outbox),
      };
    }
    case 'declined': {
      const { tag, detail, availableHere } = decision.decline;
      return { outcome: 'declined', tag, detail, ...(availableHere === undefined ? {} : { available: String(availableHere) }) };
    }
    case 'failed':
      return { outcome: 'failed', ...decision.fault };
  }
}

function paymentOf(request: TrialPayment, index: number, ledger: TrialLedger): CellPayment {
  const { action, account, counterparty, amount, currency, refersTo, operator } = request;
  const fields = [...ledger.fields(refersTo), ...Object.entries(request.fields).map(([name, value]) => ({ name, value }))];
  const at = timeOf(request.at) ?? FIRST_AT + BigInt(index) * STEP_MS;
  const id = request.id ?? `tria100000.${index + 1}`;
  return {
    id,
    action,
    account,
    counterparty,
    amount: BigInt(amount),
    currency,
    ...(refersTo === undefined ? {} : { refersTo }),
    operator,
    at,
    fields,
  };
}

function paymentRunner(cell: TrialCell, manifest: PaymentManifest, request: TrialPayment, index: number, ledger: TrialLedger): Runner {
  const payment = paymentOf(request, index, ledger);
  const facts = ledger.facts(payment.account);
  return (program) => {
    const decision = decideWith({ manifest, digest: cell.prepared.digest, program }, payment, facts, seedOf(index));
    const refunds = manifest.actions[payment.action]?.refunds ?? false;
    const keep = () => {
      if (decision.outcome === 'approved') ledger.post(payment, decision, refunds);
    };
    const record = { call: 'decide', values: [payment], at: payment.at, seed: seedOf(index), reads: decision.trace?.reads };
    return { came: decisionOutcome(decision), fuel: decision.trace?.fuel ?? 0, keep, record };
  };
}

/** The device that a sensor's request is about: its state is one partition. */
export function deviceOf(values: readonly unknown[]): string {
  const [first] = values;
  if (typeof first === 'string') return first;
  return typeof first === 'object' && first !== null && 'deviceId' in first ? String(first.deviceId) : '';
}

function callRunner(cell: TrialCell, request: TrialCall, index: number, ledger: TrialLedger): Runner {
  const called = cell.world.exports.find(({ name }) => name === request.call);
  if (called === undefined) {
    throw new CasesError(`call must be one of ${cell.world.exports.map(({ name }) => name).join(', ')}, not ${request.call}`);
  }
  const values = called.parameters.map(({ name, type }, at) =>
    valueFromJson(type, request.arguments[at], `arguments[${at}] (${camelCase(name)})`),
  );
  const device = deviceOf(values);
  const at = timeOf(request.at) ?? FIRST_AT + BigInt(index) * STEP_MS;
  return (program) => {
    const imports = new CellImports([], ledger.facts(device), { at, seed: seedOf(index) });
    const run = program.run(request.call, values, imports);
    const record = { call: request.call, values, at, seed: seedOf(index), reads: imports.reads() };
    const writes = imports.stateWrites();
    const came = callOutcome(called, run, keptOf(writes, imports.outbox()));
    return { came, fuel: run.fuel, keep: () => came.outcome === 'ok' && ledger.write(device, writes), record };
  };
}

function callOutcome(called: WitFunction, run: CellRun, kept: Kept): TrialOutcome {
  if (run.outcome === 'failed') return { outcome: 'failed', code: run.code, detail: run.detail };
  const { tag, val } = run.value as { tag: string; val: unknown };
  const { result } = called;
  if (tag !== 'ok' || result?.kind !== 'result') return { outcome: 'error', text: String(val) };
  return { outcome: 'ok', value: result.ok === undefined ? null : valueToJson(result.ok, val), ...kept };
}

/** The same in every trial, another for each request. */
function seedOf(index: number): string {
  return createHash('sha256').update(`trial ${index}`).digest('hex').slice(0, 32);
}

function runnerOf(cell: TrialCell, one: TrialCase, index: number, ledger: TrialLedger): Runner {
  const { request } = one;
  const { manifest } = cell;
  if (isPaymentManifest(manifest)) {
    if (isCall(request)) throw new CasesError(`the case "${one.name}": a ${manifest.world} is asked with action, account and amount`);
    ledger.keep(request.account, stateOf(one.state));
    return paymentRunner(cell, manifest, request, index, ledger);
  }
  if (!isCall(request)) throw new CasesError(`the case "${one.name}": a ${manifest.world} is asked with call and arguments`);
  ledger.keep(deviceOf(request.arguments), stateOf(one.state));
  return callRunner(cell, request, index, ledger);
}

export function runTrial(cell: TrialCell, cases: TrialCases): TrialResult[] {
  const program = programOf(cell.prepared);
  const reference = jcoProgram(cell.prepared, { metered: false });
  let ledger = new TrialLedger(cell.manifest.name, cases);
  return cases.cases.map((one, index) => {
    if (!one.continues) ledger = new TrialLedger(cell.manifest.name, cases);
    ledger.change(one.accounts);
    const run = runnerOf(cell, one, index, ledger);
    const { came, fuel, keep, record } = run(program);
    // A cell that spins would spin there for ever: only the metered program ends it.
    const other = came.outcome === 'failed' ? undefined : run(reference).came;
    keep();
    const differs = other !== undefined && JSON.stringify(other) !== JSON.stringify(came);
    return { case: one, came, fuel, record, ...(differs ? { otherwise: other } : {}) };
  });
}
