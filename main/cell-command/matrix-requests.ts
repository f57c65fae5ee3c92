/**
 * Requests for any cell, made from its manifest alone, and what came of them on this host: every action with every kind of account that is
 * granted, on both sides, with small, usual and impossible amounts. Deterministic, so that two runs compare the same.
 */

import type { CellReads } from '../cell-host/cell.ts';
import { CellImports } from '../cell-host/cell-imports.ts';
import { isPaymentManifest, type PaymentManifest } from '../cell-host/manifest.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import type { CellProgram } from '../cell-host/program.ts';
import { factsFromTrace } from '../cell-host/trace-facts.ts';
import { answerLine, toPlain } from './matrix-runner.mjs';
import { runTrial } from './run-trial.ts';
import type { TrialCell } from './trial-cell.ts';
import { TrialLedger } from './trial-ledger.ts';
import type { TrialCases } from './try-cases.ts';

const AT = 1_795_403_700_000n;
const SEED = '00112233445566778899aabbccddeeff';
const REQUESTS_MAX = 160;
const REFUNDED = 'matrix00000.1';

export type RecordedRequest = {
  readonly call: string;
  /** Plain JSON, as matrix-runner.mjs reads it. */
  readonly arguments: readonly unknown[];
  readonly reads: CellReads;
  readonly kinds: readonly string[];
  readonly at: string;
  readonly seed: string;
  /** What this host answered: one line. */
  readonly answer: string;
};

type Asked = { readonly call: string; readonly arguments: readonly unknown[]; readonly partition: string; readonly at: bigint };

/** Evenly over the whole, so that every action keeps its share. */
function sample<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_unused, index) => all[Math.floor((index * all.length) / most)]).filter((one) => one !== undefined);
}

function* paymentsOf(manifest: PaymentManifest, ledger: TrialLedger): Generator<Asked> {
  const ids = manifest.grants.accounts.flatMap((kind) => [`${kind}:one`, `${kind}:shut`]);
  let count = 0;
  for (const [action, rule] of Object.entries(manifest.actions)) {
    for (const account of ['', ...ids, 'wallet:nobody']) {
      for (const counterparty of ['', ...ids]) {
        for (const amount of [1n, 700n, 60_000n, 2n ** 64n - 1n]) {
          count += 1;
          const refersTo = rule.refunds ? REFUNDED : undefined;
          const original = refersTo === undefined ? [] : originalFields(manifest, account, counterparty);
          const fields = [...ledger.fields(undefined), ...original, { name: 'tendered', value: '1000' }];
          const payment = {
            id: `matrix00000.${count + 1}`,
            action,
            account,
            counterparty,
            amount,
            currency: 'NPR',
            refersTo,
            operator: 'matrix',
            at: AT,
            fields,
          };
          yield { call: 'decide', arguments: [payment], partition: account, at: AT };
        }
      }
    }
  }
}

function originalFields(manifest: PaymentManifest, account: string, counterparty: string): { name: string; value: string }[] {
  const action = Object.entries(manifest.actions).find(([, rule]) => !rule.refunds)?.[0] ?? '';
  return Object.entries({ method: manifest.name, action, account, counterparty }).map(([name, value]) => ({
    name: `original.${name}`,
    value,
  }));
}

function* readingsOf(world: string): Generator<Asked> {
  for (const device of ['meter-7', 'मिटर', '']) {
    for (const number of [0n, 1n, 5_000n, 2n ** 63n - 1n]) {
      if (world === 'telemetry-cell') {
        yield { call: 'process-telemetry', arguments: [device, number], partition: device, at: AT };
        yield { call: 'queue-reconciliation', arguments: [device], partition: device, at: AT };
      } else {
        for (const kind of ['passage', 'arrival', 'departure', 'speed', 'delay', '']) {
          for (const value of [number, -number]) {
            yield {
              call: 'decide-reading',
              arguments: [{ deviceId: device, at: AT + (number % 1_000_000n), kind, value }],
              partition: device,
              at: AT,
            };
          }
        }
      }
    }
  }
}

function ledgerOf(name: string, kinds: readonly string[]): TrialLedger {
  const account = { available: '50000', currency: 'NPR', open: true, limit: '0' };
  const accounts = Object.fromEntries(
    kinds.flatMap((kind) => [
      [`${kind}:one`, account],
      [`${kind}:shut`, { ...account, open: false }],
    ]),
  );
  return new TrialLedger(name, { accounts, refundable: { [REFUNDED]: '1500' } });
}

/** Asks this host's own program, and keeps what it read and answered. Requests of one partition find what the ones before them kept. */
export function recordRequests({ manifest }: PreparedCell, program: CellProgram): RecordedRequest[] {
  const kinds = isPaymentManifest(manifest) ? manifest.grants.accounts : [];
  const ledger = ledgerOf(manifest.name, kinds);
  const asked = [...(isPaymentManifest(manifest) ? paymentsOf(manifest, ledger) : readingsOf(manifest.world))];
  return sample(asked, REQUESTS_MAX).map((one) => {
    const imports = new CellImports(kinds, ledger.facts(one.partition), { at: one.at, seed: SEED });
    const answer = answerOf(program, one.call, one.arguments, imports);
    ledger.write(one.partition, imports.stateWrites());
    const plain = one.arguments.map((argument) => toPlain(argument));
    return { call: one.call, arguments: plain, reads: imports.reads(), kinds, at: String(one.at), seed: SEED, answer };
  });
}

/** The requests of a cases file, on the facts that they read here. */
export function recordCases(cell: TrialCell, program: CellProgram, cases: TrialCases): RecordedRequest[] {
  const kinds = isPaymentManifest(cell.manifest) ? cell.manifest.grants.accounts : [];
  return runTrial(cell, cases).flatMap(({ record: { call, values, at, seed, reads } }) => {
    // A request that the host refused itself reached no cell.
    if (reads === undefined) return [];
    const imports = new CellImports(kinds, factsFromTrace({ reads }), { at, seed });
    const answer = answerOf(program, call, values, imports);
    return [{ call, arguments: values.map((value) => toPlain(value)), reads, kinds, at: String(at), seed, answer }];
  });
}

/** A program's answer in the one form that all runtimes are compared in. */
export function answerOf(program: CellProgram, call: string, values: readonly unknown[], imports: CellImports): string {
  const run = program.run(call, values, imports);
  const answer = run.outcome === 'returned' ? run.value : { tag: 'trap', val: run.detail };
  const state = imports.stateWrites().map(({ key, value }): [string, unknown] => [key, value]);
  const outbox = imports.outbox().map(({ key, payload }): [string, unknown] => [key, payload]);
  return answerLine(answer, new Map(state), new Map(outbox));
}
