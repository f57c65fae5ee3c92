/** Why a module is not rewritten: a stable code, and a text for whoever made the module that says what is wrong and where. */
export type RewriteFault = {
  readonly code: /** Not a core module that this engine accepts: damaged, cut short, or wrongly typed. */
    | 'not-valid'
    /** A feature that no cell may use; the text names it. */
    | 'not-allowed'
    /** An import that a cell cannot have; the text names it. */
    | 'import-refused'
    /** A name that is the host's own. */
    | 'reserved-name'
    /** Larger than a limit; the text names both. */
    | 'too-large'
    /** It asks for more memory at its start than its budget has. */
    | 'memory-too-large'
    /** The caller's options are out of their range. */
    | 'bad-options'
    /** The rewritten module is not valid: a defect of the rewriter. */
    | 'not-rewritable';
  readonly detail: string;
};

/** Thrown inside this folder only; `rewriteModule` turns it into its fault. */
export class Refusal extends Error {
  readonly fault: RewriteFault;

  constructor(code: RewriteFault['code'], detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.fault = { code, detail };
  }
}

export function refuse(code: RewriteFault['code'], detail: string): never {
  throw new Refusal(code, detail);
}

/** `what` has `count` of something of which `max` are allowed. */
export function checkCount(count: number, max: number, what: string): number {
  if (count > max) refuse('too-large', `the module has ${count} ${what}; the limit is ${max}`);
  return count;
}
