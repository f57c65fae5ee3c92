/** A cell's sources by name within their folder (`cell.ts`, `refund.ts`, ...). */
export type CellSources = ReadonlyMap<string, string>;

/** A cell that does not compile: what the compiler said. */
export class CellCompileError extends Error {
  constructor(name: string, output: string) {
    super(`the cell ${name} does not compile:\n${output}`);
    this.name = 'CellCompileError';
  }
}
