/** Something that can be fuzzed for as long as wished. `run.ts` lists the targets; a new one is a file and a line there. */
export type FuzzTarget = {
  readonly name: string;
  /** Runs one case, the same for the same seed. Throws what is wrong; returns a word for what happened, which is counted. */
  readonly run: (seed: number) => string | Promise<string>;
  /** How many seeds run with the tests, where the usual number would take too long. */
  readonly seedsInTests?: number;
};
