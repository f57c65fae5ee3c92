/**
 * WASI for cells. Language runtimes import wasi:cli, wasi:io and wasi:filesystem whether they use them or not, so a manifest may grant
 * them; what stands behind them is empty: no variable, argument, folder, terminal or input; output goes nowhere, up to a limit; leaving
 * ends the request. Clocks and randomness are the request's own (wasi-moment.ts), never the machine's.
 * The shim is loaded when the first such cell is: it brings a thread of its own, which nothing here ever calls.
 */
import { createRequire } from 'node:module';
import type { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';
import type { CellMoment } from './cell-imports.ts';
import { LIMITS } from './limits.ts';
import { clocksOf, randomOf } from './wasi-moment.ts';
import { nothingToWaitFor, Pollable, pollOf } from './wasi-pollable.ts';
import type { CellSockets } from './wasi-sockets.ts';

/** Ends the request; never returns, so that the cell cannot go on. */
export type WasiEnds = { readonly limit: (detail: string) => never; readonly exit: (detail: string) => never };

type Shim = {
  readonly WASIShim: typeof WASIShim;
  readonly cli: { readonly terminalInput: object; readonly terminalOutput: object };
  readonly error: object;
};

let loaded: Shim | undefined;

/** Synchronously, so that a worker can load its cells before its first command. */
export function loadWasi(): Shim {
  if (loaded !== undefined) return loaded;
  const load = createRequire(import.meta.url);
  const { WASIShim } = load('@bytecodealliance/preview2-shim/instantiation') as Pick<Shim, 'WASIShim'>;
  const { cli, io } = load('@bytecodealliance/preview2-shim') as { cli: Shim['cli']; io: { error: object } };
  loaded = { WASIShim, cli, error: io.error };
  return loaded;
}

/** What WASI throws for the end of a stream. */
const closed = (): never => {
  throw { tag: 'closed' };
};

/** An input that is at its end. */
class InputStream {
  read(): Uint8Array {
    return closed();
  }
  blockingRead(): Uint8Array {
    return closed();
  }
  skip(): bigint {
    return closed();
  }
  blockingSkip(): bigint {
    return closed();
  }
  subscribe(): Pollable {
    return new Pollable();
  }
}

/** What is written is counted and forgotten. */
class OutputStream {
  #left: number;
  readonly #over: () => never;

  constructor(limitBytes: number, over: () => never) {
    this.#left = limitBytes;
    this.#over = over;
  }
  #take(bytes: number): void {
    if (bytes > this.#left) this.#over();
    this.#left -= bytes;
  }
  checkWrite(): bigint {
    return BigInt(Math.max(1, this.#left));
  }
  write(bytes: Uint8Array): void {
    this.#take(bytes.length);
  }
  blockingWriteAndFlush(bytes: Uint8Array): void {
    this.#take(bytes.length);
  }
  writeZeroes(length: bigint): void {
    this.#take(Number(length));
  }
  blockingWriteZeroesAndFlush(length: bigint): void {
    this.#take(Number(length));
  }
  flush(): void {}
  blockingFlush(): void {}
  splice(): bigint {
    return closed();
  }
  blockingSplice(): bigint {
    return closed();
  }
  subscribe(): Pollable {
    return new Pollable();
  }
}

/** The interfaces of one request, by name without version. Without a moment, a clock or randomness that is asked ends the request. */
export function emptyWasi(ends: WasiEnds, moment?: CellMoment, sockets?: CellSockets): Readonly<Record<string, object>> {
  const { WASIShim, cli, error } = loadWasi();
  const limitBytes = LIMITS.wasiOutputBytesMax;
  const out = new OutputStream(limitBytes, () => ends.limit(`more than ${limitBytes} bytes written to stdout and stderr`));
  const leave = (): never => ends.exit('the cell ended itself');
  const shim = new WASIShim({
    sandbox: { preopens: {}, env: {}, args: [], enableNetwork: false },
    // The shim's own would end this process, know its folder, and write to its output.
    cli: {
      environment: { getEnvironment: () => [], getArguments: () => [], initialCwd: () => undefined },
      exit: { exit: leave, exitWithCode: leave },
      stdin: { getStdin: () => new InputStream() },
      stdout: { getStdout: () => out },
      stderr: { getStderr: () => out },
      terminalInput: cli.terminalInput,
      terminalOutput: cli.terminalOutput,
      terminalStdin: { getTerminalStdin: () => undefined },
      terminalStdout: { getTerminalStdout: () => undefined },
      terminalStderr: { getTerminalStderr: () => undefined },
    },
    // The shim's own wait in its thread; these are ready or at their end.
    io: { error, poll: pollOf(sockets?.wait ?? nothingToWaitFor, ends.limit), streams: { InputStream, OutputStream } },
    // The shim's own are those of this machine.
    clocks: clocksOf(moment, ends.exit, () => new Pollable()),
    random: randomOf(moment, { limit: ends.limit, refuse: ends.exit }),
  } as ConstructorParameters<typeof WASIShim>[0]);
  return { ...(shim.getImportObject() as Record<string, object>), ...sockets?.interfaces };
}
