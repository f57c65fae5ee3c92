/**
 * The payment host: lets a cell decide one payment of its method, over whatever program runs it. Whatever a cell does, the answer is a
 * decision, with the trace of what it read and spent; after a trap or a broken limit nothing that the request wrote remains.
 */
import type { CellApproval, CellDecision, CellDecline, CellFacts, CellFault, CellHost, CellPayment, CellTrace } from './cell.ts';
import { CellImports } from './cell-imports.ts';
import { checkDecision } from './check-decision.ts';
import { checkRequest, isSoundText } from './check-request.ts';
import { fastProgram } from './fast-program.ts';
import { jcoProgram } from './jco-program.ts';
import { LIMITS } from './limits.ts';
import type { PaymentManifest } from './manifest.ts';
import type { PreparedCell } from './prepared-cell.ts';
import type { CellProgram, CellRun } from './program.ts';
import { endedBy } from './run-failure.ts';

/** A payment cell that can be asked. */
export type HostedCell = { readonly manifest: PaymentManifest; readonly digest: string; readonly program: CellProgram };

/** How a prepared cell runs: by its class. */
export function programOf(prepared: PreparedCell): CellProgram {
  return prepared.manifest.class === 'fast' ? fastProgram(prepared) : jcoProgram(prepared, { metered: true });
}

function failed(code: CellFault['code'], detail: string): CellDecision {
  return { outcome: 'failed', fault: { code, detail: detail.slice(0, LIMITS.declineTextCharsMax) } };
}

function notEnough(available: bigint, imports: CellImports): CellDecline {
  const account = imports.accountOf(available);
  const where = account === undefined ? '' : ` in ${account}`;
  return { tag: 'not-enough', detail: `${available} is available here${where}`, availableHere: available };
}

type Variant = { readonly tag?: unknown; readonly val?: unknown };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function declineOf(value: unknown, imports: CellImports): CellDecline | undefined {
  if (!isObject(value)) return undefined;
  const { tag, val }: Variant = value;
  switch (tag) {
    case 'not-enough':
      return typeof val === 'bigint' ? notEnough(val, imports) : undefined;
    case 'invalid':
    case 'unknown-account':
    case 'not-allowed':
    case 'already-done':
      return typeof val === 'string' ? { tag, detail: val } : undefined;
    default:
      return undefined;
  }
}

function declined(value: unknown, imports: CellImports): CellDecision {
  const decline = declineOf(value, imports);
  if (decline === undefined) return failed('bad-answer', 'the answer is neither an approval nor a decline');
  if (!isSoundText(decline.detail, LIMITS.declineTextCharsMax)) return failed('limit', 'the text of the decline is too long');
  return { outcome: 'declined', decline };
}

function approved(cell: HostedCell, payment: CellPayment, approval: CellApproval, imports: CellImports): CellDecision {
  const checked = checkDecision(cell.manifest, payment, approval, imports.facts());
  if (!checked.ok) return failed(checked.error.code, checked.error.detail);
  return { outcome: 'approved', approval, stateWrites: imports.stateWrites(), outbox: imports.outbox() };
}

function judged(cell: HostedCell, payment: CellPayment, run: CellRun, imports: CellImports): CellDecision {
  const ended = endedBy(imports);
  if (ended !== undefined) return failed(ended.code, ended.detail);
  if (run.outcome === 'failed') return failed(run.code, run.detail);
  const answer: Variant = isObject(run.value) ? run.value : {};
  // The program lifted it by the world's own types.
  return answer.tag === 'ok' ? approved(cell, payment, answer.val as CellApproval, imports) : declined(answer.val, imports);
}

/** `seed`: what granted randomness comes from, for the cells that are granted any. */
export function decideWith(cell: HostedCell, payment: CellPayment, facts: CellFacts, seed?: string): CellDecision {
  if (!Object.hasOwn(cell.manifest.actions, payment.action)) {
    return failed('unknown-action', `${cell.manifest.name} has no action ${payment.action}`);
  }
  const checked = checkRequest(payment);
  if (!checked.ok) return { outcome: 'failed', fault: checked.error };
  const imports = new CellImports(cell.manifest.grants.accounts, facts, { at: payment.at, seed: seed ?? '' });
  const run = cell.program.run('decide', [payment], imports);
  const decision = judged(cell, payment, run, imports);
  return Object.defineProperty(decision, 'trace', { value: traceOf(cell, run.fuel, imports, seed) });
}

function refOf({ manifest, digest }: HostedCell): CellTrace['cell'] {
  return { name: manifest.name, version: manifest.version, digest };
}

function traceOf(hosted: HostedCell, fuel: number, imports: CellImports, seed: string | undefined): CellTrace {
  const cell = refOf(hosted);
  return seed === undefined ? { cell, fuel, reads: imports.reads() } : { cell, fuel, reads: imports.reads(), seed };
}

/** A host of the given cells, one a method. */
export function cellHost(cells: readonly HostedCell[]): CellHost {
  const byMethod = new Map<string, HostedCell>();
  for (const cell of cells) {
    if (byMethod.has(cell.manifest.name)) throw new Error(`two cells are called ${cell.manifest.name}`);
    byMethod.set(cell.manifest.name, cell);
  }
  return {
    decide: (method, payment, facts, seed) => {
      const cell = byMethod.get(method);
      return cell === undefined ? failed('unknown-method', `there is no cell for ${method}`) : decideWith(cell, payment, facts, seed);
    },
    methods: () => [...byMethod].map(([method, { manifest }]) => ({ method, actions: Object.keys(manifest.actions), manifest })),
    opens: (method, action) => byMethod.get(method)?.manifest.actions[action]?.opens,
    cellOf: (method) => {
      const cell = byMethod.get(method);
      return cell === undefined ? undefined : refOf(cell);
    },
  };
}
