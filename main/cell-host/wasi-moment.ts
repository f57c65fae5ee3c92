/**
 * Time and chance as a cell may have them: the request's own. Every clock shows when the gateway accepted the request and stands still;
 * random bytes are drawn from a seed that the request's trace keeps. So a replay sees the same time and the same bytes, and a cell that
 * waits, or measures itself, finds that no time passes. Pure: neither clock nor entropy of the machine is asked.
 */
import { createHash } from 'node:crypto';
import type { CellMoment } from './cell-imports.ts';
import { LIMITS } from './limits.ts';

const NANOSECONDS_PER_MS = 1_000_000n;
const BLOCK_BYTES = 32;

/** Ends the request. */
type Refuse = (detail: string) => never;

/** A cell must not take 1970 for today. */
function timeOf(moment: CellMoment | undefined, refuse: Refuse): bigint {
  return moment === undefined ? refuse('this host gave the request no time') : moment.at;
}

/** Nor bytes that everybody can foretell for chance: a host that draws no seed gives an empty one. */
function seedOf(moment: CellMoment | undefined, refuse: Refuse): string {
  return moment === undefined || moment.seed === '' ? refuse('this host gave the request no randomness') : moment.seed;
}

/** `newPollable`: a thing that is ready at once, because waiting has no meaning where time stands still. */
export function clocksOf(moment: CellMoment | undefined, refuse: Refuse, newPollable: () => object) {
  const datetime = () => {
    const at = timeOf(moment, refuse);
    return { seconds: at / 1000n, nanoseconds: Number((at % 1000n) * NANOSECONDS_PER_MS) };
  };
  return {
    wallClock: { now: datetime, resolution: () => ({ seconds: 0n, nanoseconds: Number(NANOSECONDS_PER_MS) }) },
    monotonicClock: {
      now: () => BigInt.asUintN(64, timeOf(moment, refuse) * NANOSECONDS_PER_MS),
      resolution: () => NANOSECONDS_PER_MS,
      subscribeInstant: newPollable,
      subscribeDuration: newPollable,
    },
  };
}

/** Bytes without end from a seed and a name: SHA-256 of both and a counter, block by block. */
class SeededBytes {
  readonly #label: string;
  #counter = 0;
  #block: Uint8Array = new Uint8Array();

  constructor(seed: string, name: string) {
    this.#label = `chautari cell ${name} ${seed}`;
  }

  take(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.#block.length === 0) {
        this.#block = new Uint8Array(createHash('sha256').update(`${this.#label} ${this.#counter}`).digest());
        this.#counter += 1;
      }
      const part = this.#block.subarray(0, Math.min(count - filled, BLOCK_BYTES));
      bytes.set(part, filled);
      this.#block = this.#block.subarray(part.length);
      filled += part.length;
    }
    return bytes;
  }

  number(): bigint {
    return new DataView(this.take(8).buffer).getBigUint64(0, true);
  }
}

/** Each interface draws from a stream of its own, so that a runtime's insecure seed does not move the cell's own bytes. */
export function randomOf(moment: CellMoment | undefined, ends: { readonly limit: Refuse; readonly refuse: Refuse }) {
  let leftBytes: number = LIMITS.wasiRandomBytesMax;
  const stream = (name: string) => {
    let source: SeededBytes | undefined;
    return () => {
      source ??= new SeededBytes(seedOf(moment, ends.refuse), name);
      return source;
    };
  };
  const drawing = (source: () => SeededBytes) => {
    const paid = (bytes: bigint): SeededBytes => {
      if (bytes > BigInt(leftBytes)) ends.limit(`more than ${LIMITS.wasiRandomBytesMax} random bytes`);
      leftBytes -= Number(bytes);
      return source();
    };
    return {
      bytes: (length: bigint) => paid(length).take(Number(length)),
      number: () => paid(8n).number(),
    };
  };
  const secure = drawing(stream('random'));
  const insecure = drawing(stream('insecure'));
  const seed = stream('insecure-seed');
  return {
    random: { getRandomBytes: secure.bytes, getRandomU64: secure.number },
    insecure: { getInsecureRandomBytes: insecure.bytes, getInsecureRandomU64: insecure.number },
    insecureSeed: { insecureSeed: () => [seed().number(), seed().number()] },
  };
}
