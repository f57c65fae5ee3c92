/**
 * The memories that cells run over: few, however many cells there are, because each takes gigabytes of address space or bounds checks of
 * its own, and a page that is warm costs less than a new one. A memory is given back zeroed or not at all: one whose cell trapped or let
 * it grow is dropped.
 */
import type { Glue, MemoryViews } from './glue/glue.ts';

/** A memory with what one glue module needs of it. */
export type RecycledMemory = { readonly views: MemoryViews; readonly imports: WebAssembly.Imports };

export type MemorySize = { readonly initial: number; readonly maximum: number };

/** Kept in all, over all sizes; the one that was used longest ago goes first. */
const KEPT_MAX = 16;
const PAGE_BYTES = 65_536;

export class MemoryPool {
  /** One of a size and glue is enough: calls run one at a time. */
  readonly #kept = new Map<string, RecycledMemory>();
  readonly #glueNumbers = new Map<Glue, number>();

  /** The pool's own word for a size under a glue; made once for a cell. */
  keyOf(glue: Glue, { initial, maximum }: MemorySize): string {
    let number = this.#glueNumbers.get(glue);
    if (number === undefined) {
      number = this.#glueNumbers.size;
      this.#glueNumbers.set(glue, number);
    }
    return `${number}/${initial}/${maximum}`;
  }

  take(key: string, glue: Glue, size: MemorySize): RecycledMemory {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      return kept;
    }
    const memory = new WebAssembly.Memory({ initial: size.initial, maximum: size.maximum });
    return { views: glue.makeViews(memory), imports: glue.makeImports(memory) };
  }

  /** Only after a call that ended well. */
  give(key: string, recycled: RecycledMemory, size: MemorySize): void {
    const { u8, grown } = recycled.views;
    if (grown || u8.length !== size.initial * PAGE_BYTES) return;
    u8.fill(0);
    this.#kept.set(key, recycled);
    if (this.#kept.size <= KEPT_MAX) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  get size(): number {
    return this.#kept.size;
  }
}
