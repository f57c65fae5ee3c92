/** Why a run ended without an answer, in the words of a CellRun: what was thrown, and what the instance's own counters say. */
import { CellBreach, type CellImports, FactsError } from './cell-imports.ts';
import type { CellFailureCode } from './program.ts';

export type RunFailure = { readonly code: CellFailureCode; readonly detail: string };

/** How the instance stood when it ended. */
export type RunEnd = { readonly fuelSpent: boolean; readonly depthExceeded: boolean; readonly memoryFull: boolean };

/** A breach or an error of the facts, whatever the cell made of it. Throws the latter on. */
export function endedBy(imports: CellImports): RunFailure | undefined {
  const { ended } = imports;
  if (ended === undefined) return undefined;
  if (ended instanceof FactsError) throw ended;
  return { code: ended.code === 'limit' ? 'limit' : 'trap', detail: ended.detail };
}

/** What the text of jco, with the bounds that preparation put into it, throws. */
function isBound(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'limit';
}

export function runFailure(thrown: unknown, end: RunEnd): RunFailure {
  if (end.fuelSpent) return { code: 'limit', detail: 'the fuel is spent' };
  if (end.depthExceeded) return { code: 'limit', detail: 'the calls are nested too deeply' };
  const detail = thrown instanceof Error ? thrown.message : 'the cell threw no error';
  if (thrown instanceof CellBreach || isBound(thrown)) return { code: 'limit', detail };
  // V8's own end of the stack: frames so large that they ended before the depth did.
  if (thrown instanceof RangeError && detail.includes('call stack')) return { code: 'limit', detail: 'the calls are nested too deeply' };
  if (end.memoryFull) return { code: 'limit', detail: `the memory is full (${detail})` };
  return { code: 'trap', detail };
}
