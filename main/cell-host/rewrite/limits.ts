/**
 * What a core module may be at most. Each limit bounds the time and memory of reading, rewriting, compiling or instantiating a
 * stranger's module; `docs/rewriter.md` says what it is taken from.
 */
export const REWRITE_LIMITS = {
  moduleBytesMax: 16 * 1024 * 1024,
  /** The rewritten module: metering makes ordinary code 1.3 to 2 times as long, a hostile one up to 25 times. */
  outputBytesMax: 64 * 1024 * 1024,
  sectionsMax: 64,
  typesMax: 4096,
  paramsMax: 128,
  resultsMax: 32,
  importsMax: 1024,
  functionsMax: 32_768,
  /** V8 refuses a body of more than 7,654,321 bytes; 25 times this is below. */
  functionBytesMax: 256 * 1024,
  /** Parameters and declared locals of one function. */
  localsMax: 4096,
  /** Locals, operands and what is passed on: 64 KiB of the engine's stack. A function that calls nothing is not counted by call depth. */
  frameSlotsMax: 8192,
  /** Blocks within blocks: a switch of many cases compiles to as many. */
  nestingMax: 4096,
  branchTableMax: 4096,
  globalsMax: 1024,
  /** Made anew for each request: 4,096 entries take some 70 µs and 40 KB, with a function in each 300 µs. */
  tableEntriesMax: 4096,
  /** Of one of several modules, which run in the slow class: a JavaScript engine's table. */
  linkedTableEntriesMax: 16_384,
  /** A segment may write the same entries again and again: its bytes are bounded as well. */
  elementBytesMax: 65_536,
  /** What the data may be larger than the memory it is copied into. */
  dataBytesBeyondMemoryMax: 65_536,
  exportsMax: 4096,
  nameBytesMax: 1024,
  segmentsMax: 16_384,
  constantExpressionMax: 64,
  /** What the options may ask for. */
  fuelMax: 1_000_000_000,
  callDepthMax: 1000,
  memoryPagesMax: 16_384,
} as const;
