/**
 * Where the writer thread stands, told to the main thread through shared words: in a cell, in a cell's read of SQLite, or in neither.
 * Invariant: a cell's run that was condemned is never left. The last step of a run and the condemnation are one exchange of the same word,
 * so either the thread has left the cell and may commit, or it never commits again: what it held can be handed to another thread (I1).
 */
const TURN = 0;
const ORDER = 1;
const READS = 2;
const READ_MICROSECONDS = 3;
const SLOW = 4;
const WORDS = 5;

const CONDEMNED = -1;
const TURNS = 0x7fff_fffe;
/** A cell that reads for ever reads from memory: those reads are its own time. */
const SLOW_READ_MS = 1;

/** The low half of an order's id: few enough orders are under way that it names one. */
export const orderWord = (id: number): number => id | 0;

export const progressWords = (): SharedArrayBuffer => new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);

/** The writer thread's end. `now` rises, in milliseconds. */
export class ProgressTeller {
  private readonly words: Int32Array;
  private readonly now: () => number;
  private turn = 0;
  private reads = 0;

  constructor(words: SharedArrayBuffer, now: () => number) {
    this.words = new Int32Array(words);
    this.now = now;
  }

  begins(order: number): void {
    Atomics.store(this.words, ORDER, orderWord(order));
  }

  /** Runs what a cell does. Never returns where the run was condemned meanwhile. `isSlow`: the cell is of the class slow. */
  inCell<T>(run: () => T, isSlow = false): T {
    const entered = this.turn + 1;
    Atomics.store(this.words, SLOW, isSlow ? 1 : 0);
    Atomics.store(this.words, TURN, entered);
    try {
      return run();
    } finally {
      const left = (this.turn + 2) % TURNS;
      // The thread is about to be ended from outside: it must not go on to its COMMIT.
      while (Atomics.compareExchange(this.words, TURN, entered, left) !== entered) Atomics.wait(this.words, TURN, CONDEMNED);
      this.turn = left;
    }
  }

  /** A read of SQLite in the midst of a cell's run. Where it is slow, its time is the disk's and not the cell's. */
  inRead<T>(read: () => T): T {
    const start = this.now();
    Atomics.store(this.words, READS, ++this.reads | 0);
    try {
      return read();
    } finally {
      const tookMs = this.now() - start;
      if (tookMs >= SLOW_READ_MS) Atomics.add(this.words, READ_MICROSECONDS, Math.round(tookMs * 1_000) | 0);
      Atomics.store(this.words, READS, ++this.reads | 0);
    }
  }
}

/** One look at the thread. `turn` is odd in a cell, and another one for each run; the reads of one run take `readMs` together. */
export type Progress = {
  readonly turn: number;
  readonly order: number;
  readonly isInCell: boolean;
  readonly isSlow: boolean;
  readonly reads: number;
  readonly isReading: boolean;
  /** Of slow reads, of all runs so far; differences are what counts. Whole microseconds in 32 bits, so a difference is good for half an hour. */
  readonly readMicroseconds: number;
};

/** The main thread's end. */
export class ProgressReader {
  private readonly words: Int32Array;

  constructor(words: SharedArrayBuffer) {
    this.words = new Int32Array(words);
  }

  look(): Progress {
    const turn = Atomics.load(this.words, TURN);
    const reads = Atomics.load(this.words, READS);
    return {
      turn,
      order: Atomics.load(this.words, ORDER),
      isInCell: turn > 0 && turn % 2 === 1,
      isSlow: Atomics.load(this.words, SLOW) === 1,
      reads,
      isReading: (reads & 1) === 1,
      readMicroseconds: Atomics.load(this.words, READ_MICROSECONDS),
    };
  }

  /** Whether the run of this turn goes on, and will now never be left. */
  condemn(turn: number): boolean {
    return Atomics.compareExchange(this.words, TURN, turn, CONDEMNED) === turn;
  }
}
