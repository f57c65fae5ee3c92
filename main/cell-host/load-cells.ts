/**
 * The host: loads every cell of a folder and lets each decide payments of its method, a fresh instance a request. Whatever a cell
 * does, the answer is a decision; after a trap or a broken limit nothing that the request wrote remains.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CellApproval, CellDecision, CellDecline, CellFacts, CellFault, CellHost, CellPayment } from './cell.ts';
import { CellImports, FactsError } from './cell-imports.ts';
import { checkDecision } from './check-decision.ts';
import { checkRequest, isSoundText } from './check-request.ts';
import { CellLoadError, type InstalledCell, installedCell } from './installed-cell.ts';
import { LIMITS } from './limits.ts';

function failed(code: CellFault['code'], detail: string): CellDecision {
  return { outcome: 'failed', fault: { code, detail: detail.slice(0, LIMITS.declineTextCharsMax) } };
}

function notEnough(available: bigint, imports: CellImports): CellDecline {
  const account = imports.accountOf(available);
  const where = account === undefined ? '' : ` in ${account}`;
  return { tag: 'not-enough', detail: `${available} is available here${where}`, availableHere: available };
}

/** What jco throws for the error of a result: the variant itself, or an error that carries it as payload. */
function declineOf(thrown: unknown, imports: CellImports): CellDecline | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const variant: { tag?: unknown; val?: unknown } = 'payload' in thrown && thrown.payload !== null ? (thrown.payload as object) : thrown;
  const { tag, val } = variant;
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

function endedBy(imports: CellImports): CellDecision | undefined {
  if (imports.ended === undefined) return undefined;
  if (imports.ended instanceof FactsError) throw imports.ended;
  return { outcome: 'failed', fault: imports.ended };
}

function approve(cell: InstalledCell, payment: CellPayment, approval: CellApproval, imports: CellImports): CellDecision {
  const checked = checkDecision(cell.manifest, payment, approval, imports.facts());
  if (!checked.ok) return failed(checked.error.code, checked.error.detail);
  return { outcome: 'approved', approval, stateWrites: imports.stateWrites(), outbox: imports.outbox() };
}

function run(cell: InstalledCell, payment: CellPayment, facts: CellFacts): CellDecision {
  const imports = new CellImports(cell.manifest, facts);
  let approval: CellApproval;
  try {
    approval = cell.instantiate(imports.interfaces(cell.manifest.grants.imports)).decide(payment);
  } catch (thrown) {
    const ended = endedBy(imports);
    if (ended !== undefined) return ended;
    const decline = declineOf(thrown, imports);
    if (decline === undefined) return failed('trap', thrown instanceof Error ? thrown.message : 'the cell threw no error');
    if (!isSoundText(decline.detail, LIMITS.declineTextCharsMax)) return failed('limit', 'the text of the decline is too long');
    return { outcome: 'declined', decline };
  }
  return endedBy(imports) ?? approve(cell, payment, approval, imports);
}

/** A host of the given cells; `loadCells` is how they come from a folder. */
export function hostOf(cells: readonly InstalledCell[]): CellHost {
  if (cells.length > LIMITS.cellsMax) throw new CellLoadError('too-many-cells', `${cells.length} cells; the limit is ${LIMITS.cellsMax}`);
  const byMethod = new Map<string, InstalledCell>();
  for (const cell of cells) {
    if (byMethod.has(cell.manifest.name)) throw new CellLoadError('name-twice', `two cells are called ${cell.manifest.name}`);
    byMethod.set(cell.manifest.name, cell);
  }
  return {
    decide: (method, payment, facts) => {
      const cell = byMethod.get(method);
      if (cell === undefined) return failed('unknown-method', `there is no cell for ${method}`);
      if (!Object.hasOwn(cell.manifest.actions, payment.action))
        return failed('unknown-action', `${method} has no action ${payment.action}`);
      const checked = checkRequest(payment);
      return checked.ok ? run(cell, payment, facts) : { outcome: 'failed', fault: checked.error };
    },
    methods: () => [...byMethod].map(([method, { manifest }]) => ({ method, actions: Object.keys(manifest.actions), manifest })),
  };
}

/** Loads every folder of `directory`, synchronously; a worker thread may call it. Throws a CellLoadError at the first cell that is not right. */
export function loadCells(directory: string): CellHost {
  let names: string[];
  try {
    names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted();
  } catch (error) {
    throw new CellLoadError('missing-file', `there are no cells in ${directory}: run "npm run build"`, { cause: error });
  }
  return hostOf(names.map((name) => installedCell(join(resolve(directory), name))));
}
