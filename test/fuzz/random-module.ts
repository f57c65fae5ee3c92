/**
 * Random valid core modules that end by themselves: each function and each turn of a loop takes from a counter, and at 0 the module
 * traps. They use what cells may use: numbers, locals, globals, blocks with and without values, loops, branches and tables of branches, dead
 * code, direct and indirect calls, memory with bulk operations and growth, a start function. NaNs are made canonical wherever their
 * bits could be seen, so that a module computes the same with and without the rewriter's own canonical NaNs.
 */
import { signed, text, unsigned, vector } from './module-bytes.ts';
import { Random } from './random.ts';
import { FunctionMaker } from './random-function.ts';
import { constant, FLOATS, I32, I64, INTERESTING, INTERESTING_64, SIGNATURES, type Signature, TYPES, type Type } from './random-opcodes.ts';

const LOG_TYPE = 1;
const STEPS_AT_FIRST = 250;

export type RandomModule = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The exported functions, with arguments for one call of each. */
  readonly calls: readonly { readonly name: string; readonly args: readonly (number | bigint)[] }[];
};

function section(id: number, body: readonly number[]): number[] {
  return [id, ...unsigned(body.length), ...body];
}

export function randomModule(seed: number): RandomModule {
  const random = new Random(seed);
  const signatures = [LOG_TYPE, ...Array.from({ length: 1 + random.below(5) }, () => random.below(SIGNATURES.length))];
  const starts = random.chance(15);
  if (starts) signatures.push(0);
  const defined = signatures.slice(1);
  const globals = [
    [I32, 1, 0x41, ...signed(BigInt(STEPS_AT_FIRST)), 0x0b],
    ...TYPES.map((type) => [type, 1, ...constant(random, type), 0x0b]),
  ];
  const names = defined.map((_signature, index) => `f${index}`);
  const exports = [
    ...names.map((name, index) => [...text(name), 0, ...unsigned(index + 1)]),
    ...globals.map((_global, index) => [...text(`g${index}`), 3, index]),
    [...text('memory'), 2, 0],
  ];
  const bodies = defined.map((signature) => new FunctionMaker(random, signatures, SIGNATURES[signature] as Signature).body());
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      vector(
        SIGNATURES.map(({ params, results }) => [0x60, ...vector(params.map((type) => [type])), ...vector(results.map((type) => [type]))]),
      ),
    ),
    ...section(2, vector([[...text('env'), ...text('log'), 0, LOG_TYPE]])),
    ...section(3, vector(defined.map((signature) => unsigned(signature)))),
    ...section(4, vector([[0x70, 0, ...unsigned(signatures.length + 2)]])),
    ...section(5, vector([random.chance(50) ? [1, 1, 3] : [0, 1]])),
    ...section(6, vector(globals)),
    ...section(7, vector(exports)),
    ...(starts ? section(8, unsigned(signatures.length - 1)) : []),
    ...section(9, vector([[0, 0x41, 0, 0x0b, ...vector(signatures.map((_signature, index) => unsigned(index)))]])),
    ...section(12, [2]),
    ...section(10, vector(bodies)),
    ...section(
      11,
      vector([
        [0, 0x41, ...signed(BigInt(random.below(60_000))), 0x0b, ...text('some bytes')],
        [1, ...text('passive')],
      ]),
    ),
  ]);
  const argument = (type: Type): number | bigint => {
    if (type === I32) return Number(random.pick(INTERESTING));
    return type === I64 ? random.pick(INTERESTING_64) : random.pick(FLOATS);
  };
  const calls = names.map((name, index) => ({ name, args: (SIGNATURES[defined[index] ?? 0] as Signature).params.map(argument) }));
  return { bytes, calls };
}
