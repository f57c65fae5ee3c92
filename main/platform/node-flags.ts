/**
 * What a gateway's Node is started with. Whoever starts a gateway puts these before the script (scripts/chautari.mjs has them by heart).
 *
 * Heaps: left alone, V8 lets each thread's young generation grow to more than 100 MiB before it looks for what is dead there, and the old
 * one by hundreds; a box of a shop has better use for them. What a gateway keeps is about 25 MiB. A smaller young generation than this
 * makes a payment's median no better and its tail worse: an instance a request is much to throw away.
 *
 * Cells: with its trap handler, V8 lays 8 GiB of address space around each WebAssembly memory and lets the processor find what is out of
 * bounds. A 39-bit address space, as small ARM kernels have it, holds about 50 of those, and under `ulimit -v` none. Without it a memory
 * takes its own size and every access is compared: 12 % of a loop that does nothing but load and store, nothing that can be measured of a
 * payment. It is the process's own switch: the writer's and the sensors' threads follow it.
 */
export const GATEWAY_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=256', '--disable-wasm-trap-handler'];

/** The same for the writer thread, which Node lets a program say itself. */
export const WRITER_YOUNG_GENERATION_MIB = 12;
