/**
 * What a gateway's Node is started with. Left alone, V8 lets each thread's young generation grow to more than 100 MiB before it looks
 * for what is dead there, and the old one by hundreds; a box of a shop has better use for them. What a gateway keeps is about 25 MiB.
 * Whoever starts a gateway puts these before the script.
 */
export const GATEWAY_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=256'];

/** The same for the writer thread, which Node lets a program say itself. */
export const WRITER_YOUNG_GENERATION_MIB = 12;
