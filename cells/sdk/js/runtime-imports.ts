/** What the engine of cells in JavaScript imports of WASI; all of it is served empty, its clocks with the request's time. */
const WASI_VERSION = '0.2.12';

/** What every component of this engine imports beside the world's own interfaces. */
export const RUNTIME_IMPORTS: readonly string[] = [
  'cli/environment',
  'cli/exit',
  'cli/stderr',
  'cli/stdin',
  'cli/stdout',
  'cli/terminal-input',
  'cli/terminal-output',
  'cli/terminal-stderr',
  'cli/terminal-stdin',
  'cli/terminal-stdout',
  'clocks/monotonic-clock',
  'clocks/wall-clock',
  'filesystem/preopens',
  'filesystem/types',
  'io/error',
  'io/poll',
  'io/streams',
  'random/insecure-seed',
].map((name) => `wasi:${name}@${WASI_VERSION}`);
