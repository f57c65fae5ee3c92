/**
 * How a process of Chautari starts and ends: one JSON ready line on stdout; exit codes 0 stopped as asked, 1 a fault that it names,
 * 2 wrong use, 3 the data needs a person.
 */
export type ExitCode = 0 | 1 | 2 | 3;

/** A fault that ends the process with a line saying what to do. */
export class ExitFault extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string) {
    super(message);
    this.name = 'ExitFault';
    this.code = code;
  }
}

/** Whoever read the output may leave (`| head`): that is no fault, and what was asked for is done to its end all the same. */
export function outliveReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

export function printReady(ready: { readonly ready: string; readonly [more: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify({ ...ready, pid: process.pid })}\n`);
}

/** Says the fault on stderr in one line and ends. An unexpected error also shows where it came from. */
export function exitWith(fault: unknown): never {
  if (fault instanceof ExitFault) {
    process.stderr.write(`chautari: ${fault.message}\n`);
    process.exit(fault.code);
  }
  process.stderr.write(`chautari: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
  process.exit(1);
}

/**
 * Runs `stop` once at SIGTERM or SIGINT, or when whoever started this over a channel is gone, then ends with 0; ends with 1 where stopping
 * takes longer than `limitMs`.
 */
export function stopOnSignal(stop: () => Promise<void>, limitMs = 5_000): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), limitMs).unref();
    stop().then(
      () => process.exit(0),
      (fault) => exitWith(fault),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // A village's process that was started over a channel ends with it: a village that is killed leaves nobody behind with its locks.
  // It may have gone while this was starting: then there is no event to come.
  if (process.send === undefined) return;
  if (process.connected) process.on('disconnect', onSignal);
  else onSignal();
}
