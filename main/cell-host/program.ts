/**
 * One cell, ready to run: the interface that every kind of execution has and every world is run through. A run is one request: a fresh
 * instance, one export called once, nothing left behind. What a cell does never throws; an error of the facts (FactsError) is thrown on.
 */
import type { CellImports } from './cell-imports.ts';

/**
 * `trap`: the cell ended itself or broke WebAssembly's or the canonical ABI's rules. `limit`: it went beyond fuel, call depth, memory
 * or a limit of the host. `bad-answer`: it returned something that is no value of the export's type.
 */
export type CellFailureCode = 'trap' | 'limit' | 'bad-answer';

/** `fuel` is what was spent, in every case; 0 where the program does not meter. */
export type CellRun =
  | { readonly outcome: 'returned'; readonly value: unknown; readonly fuel: number }
  | { readonly outcome: 'failed'; readonly code: CellFailureCode; readonly detail: string; readonly fuel: number };

/**
 * Values are those of jco: records are objects with camelCase members, an option is the value or undefined, list<u8> is a Uint8Array,
 * u64 and s64 are bigints, variants are {tag, val}. A result at the top of an answer is {tag: 'ok' | 'err', val}.
 */
export interface CellProgram {
  /** `exportName` as the WIT has it: decide, process-telemetry. */
  run(exportName: string, args: readonly unknown[], imports: CellImports): CellRun;
}
