/** A fault in a WIT text, or WIT outside of the subset that the SDK understands; always with the line where it stands. */
export class WitError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'WitError';
    this.line = line;
  }
}
