/**
 * Random valid core modules that end by themselves: each function and each turn of a loop takes from a counter, and at 0 the module
 * traps. They use what cells may use: numbers, locals, globals, blocks with and without values, loops, branches and tables of branches, dead
 * code, direct and indirect calls, memory with bulk operations and growth, a start function. NaNs are made canonical wherever their
 * bits could be seen, so that a module computes the same with and without the rewriter's own canonical NaNs.
 */
import { Random } from './random.ts';

type Type = 0x7f | 0x7e | 0x7d | 0x7c;
const I32 = 0x7f;
const I64 = 0x7e;
const F32 = 0x7d;
const F64 = 0x7c;
const TYPES: readonly Type[] = [I32, I64, F32, F64];
type Signature = { readonly params: readonly Type[]; readonly results: readonly Type[] };

const SIGNATURES: readonly Signature[] = [
  { params: [], results: [] },
  { params: [I32], results: [I32] },
  { params: [I32, I64], results: [I64] },
  { params: [F64, F32], results: [F64] },
  { params: [], results: [I32, I64] },
  { params: [I32], results: [I32, I32] },
  { params: [I64, I32, F32], results: [F32] },
  { params: [I32, I32], results: [] },
];
const LOG_TYPE = 1;
/** The globals: steps that are left, then one of each type. All are exported. */
const STEPS = 0;
const STEPS_AT_FIRST = 250;
const MEMORY_BYTES = 65_536;

const UNARY: Readonly<Record<Type, readonly number[]>> = {
  [I32]: [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1],
  [I64]: [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
  [F32]: [0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91],
  [F64]: [0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f],
};
const BINARY: Readonly<Record<Type, readonly number[]>> = {
  [I32]: [0x46, 0x47, 0x48, 0x49, 0x4a, 0x4f, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78],
  [I64]: [0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a],
  [F32]: [0x92, 0x93, 0x94, 0x95, 0x96, 0x97],
  [F64]: [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5],
};
/** [opcode, operand]: conversions to the type. Reinterpretations are left out: they would show a NaN's bits. */
const CONVERSIONS: Readonly<Record<Type, readonly (readonly [readonly number[], Type])[]>> = {
  [I32]: [
    [[0xa7], I64],
    [[0xa8], F32],
    [[0xaa], F64],
    [[0xfc, 0], F32],
    [[0xfc, 3], F64],
    [[0x50], I64],
  ],
  [I64]: [
    [[0xac], I32],
    [[0xad], I32],
    [[0xae], F32],
    [[0xb0], F64],
    [[0xfc, 4], F32],
    [[0xfc, 7], F64],
  ],
  [F32]: [
    [[0xb2], I32],
    [[0xb4], I64],
    [[0xb6], F64],
    [[0xbe], I32],
  ],
  [F64]: [
    [[0xb7], I32],
    [[0xb9], I64],
    [[0xbb], F32],
    [[0xbf], I64],
  ],
};
const COMPARE: readonly (readonly [number, Type])[] = [
  [0x51, I64],
  [0x53, I64],
  [0x5a, I64],
  [0x5b, F32],
  [0x5d, F32],
  [0x61, F64],
  [0x64, F64],
  [0x66, F64],
];
/** [opcode, alignment]. */
const LOADS: Readonly<Record<Type, readonly (readonly [number, number])[]>> = {
  [I32]: [
    [0x28, 2],
    [0x2c, 0],
    [0x2d, 0],
    [0x2e, 1],
    [0x2f, 1],
  ],
  [I64]: [
    [0x29, 3],
    [0x30, 0],
    [0x33, 1],
    [0x35, 2],
  ],
  [F32]: [[0x2a, 2]],
  [F64]: [[0x2b, 3]],
};
const STORES: Readonly<Record<Type, readonly (readonly [number, number])[]>> = {
  [I32]: [
    [0x36, 2],
    [0x3a, 0],
    [0x3b, 1],
  ],
  [I64]: [
    [0x37, 3],
    [0x3c, 0],
    [0x3e, 2],
  ],
  [F32]: [[0x38, 2]],
  [F64]: [[0x39, 3]],
};

export function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
  return out;
}

function signed(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}

function text(value: string): number[] {
  return [...unsigned(value.length), ...new TextEncoder().encode(value)];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

const INTERESTING = [0n, 1n, -1n, 2n, 7n, 63n, 255n, 65_535n, 0x7fff_ffffn, -0x8000_0000n];
const INTERESTING_64 = [...INTERESTING, 0x7fff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n];
const FLOATS = [0, -0, 1, -1, 0.5, 1e9, -3e10, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 123.25];

function constant(random: Random, type: Type): number[] {
  if (type === I32) return [0x41, ...signed(random.pick(INTERESTING))];
  if (type === I64) return [0x42, ...signed(random.pick(INTERESTING_64))];
  const view = new DataView(new ArrayBuffer(8));
  if (type === F32) {
    view.setFloat32(0, random.pick(FLOATS), true);
    return [0x43, ...new Uint8Array(view.buffer, 0, 4)];
  }
  view.setFloat64(0, random.pick(FLOATS), true);
  return [0x44, ...new Uint8Array(view.buffer)];
}

class FunctionMaker {
  private readonly random: Random;
  private readonly signatures: readonly number[];
  private readonly signature: Signature;
  private readonly locals: Type[];
  private readonly declared: Type[];
  /** What a branch to each label carries, outermost first. */
  private readonly labels: (readonly Type[])[];
  private out: number[] = [];
  /** Nodes that may still be made: keeps a body small. */
  private left: number;

  constructor(random: Random, signatures: readonly number[], signature: Signature) {
    this.random = random;
    this.signatures = signatures;
    this.signature = signature;
    this.declared = [...TYPES, ...Array.from({ length: random.below(6) }, () => random.pick(TYPES))];
    if (random.chance(5)) this.declared.push(...new Array<Type>(70).fill(I64));
    this.locals = [...signature.params, ...this.declared];
    this.labels = [signature.results];
    this.left = 20 + random.below(120);
  }

  body(): number[] {
    this.step();
    this.statements(4);
    if (this.random.chance(20)) this.returns();
    else for (const type of this.signature.results) this.value(type, 3);
    const groups = this.declared.map((type) => [1, type]);
    const bytes = [...vector(groups), ...this.out, 0x0b];
    return [...unsigned(bytes.length), ...bytes];
  }

  private step(): void {
    this.out.push(0x23, STEPS, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x23, STEPS, 0x41, 1, 0x6b, 0x24, STEPS);
  }

  private localOf(type: Type): number {
    const fitting = [...this.locals.keys()].filter((index) => this.locals[index] === type);
    return this.random.pick(fitting);
  }

  private globalOf(type: Type): number {
    return 1 + TYPES.indexOf(type);
  }

  /** An address that mostly lies in memory. */
  private address(depth: number): void {
    if (this.random.chance(70)) this.out.push(0x41, ...signed(BigInt(this.random.below(MEMORY_BYTES))));
    else {
      this.value(I32, depth - 1);
      if (this.random.chance(90)) this.out.push(0x41, ...signed(0xfff8n), 0x71);
    }
  }

  private memoryArgument([code, alignment]: readonly [number, number]): void {
    this.out.push(code, this.random.below(alignment + 1), ...unsigned(this.random.chance(95) ? this.random.below(40) : 0xffff_ffff));
  }

  /** NaNs become one NaN. */
  private plain(type: Type): void {
    if (type !== F32 && type !== F64) return;
    const local = this.locals.lastIndexOf(type);
    this.out.push(0x22, ...unsigned(local));
    if (type === F32) this.out.push(0x43, 0, 0, 0xc0, 0x7f);
    else this.out.push(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
    this.out.push(0x20, ...unsigned(local), 0x20, ...unsigned(local), type === F32 ? 0x5b : 0x61, 0x1b);
  }

  private inBlock(opcode: number, blockType: readonly number[], carries: readonly Type[], inside: () => void): void {
    this.out.push(opcode, ...blockType);
    this.labels.push(carries);
    inside();
    this.labels.pop();
    this.out.push(0x0b);
  }

  /** A label whose branch carries `types`, as the number that a branch gives it. */
  private labelFor(matches: (carries: readonly Type[]) => boolean): number | undefined {
    const fitting = this.labels.flatMap((carries, index) => (matches(carries) ? [this.labels.length - 1 - index] : []));
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  private returns(): void {
    for (const type of this.signature.results) this.value(type, 2);
    this.out.push(0x0f);
  }

  private call(index: number, depth: number, tail = 0): void {
    const signature = SIGNATURES[this.signatures[index] ?? 0] as Signature;
    for (const type of signature.params) this.value(type, depth - 1);
    if (this.random.chance(30)) {
      this.out.push(0x41, ...signed(BigInt(this.random.chance(85) ? index : this.random.below(9))));
      this.out.push(0x11 + tail, ...unsigned(this.signatures[index] ?? 0), 0);
    } else {
      this.out.push(0x10 + tail, ...unsigned(index));
    }
  }

  private tailCall(depth: number): boolean {
    const same = (signature: Signature): boolean => signature.results.join() === this.signature.results.join();
    const fitting = [...this.signatures.keys()].filter((index) => same(SIGNATURES[this.signatures[index] ?? 0] as Signature));
    if (fitting.length === 0) return false;
    this.call(this.random.pick(fitting), depth, 2);
    return true;
  }

  private callWith(matches: (signature: Signature) => boolean, depth: number): boolean {
    const fitting = [...this.signatures.keys()].filter((index) => matches(SIGNATURES[this.signatures[index] ?? 0] as Signature));
    if (fitting.length === 0) return false;
    this.call(this.random.pick(fitting), depth);
    return true;
  }

  private value(type: Type, depth: number): void {
    const { random, out } = this;
    this.left -= 1;
    if (depth <= 0 || this.left <= 0) {
      if (random.chance(50)) out.push(0x20, ...unsigned(this.localOf(type)));
      else out.push(...constant(random, type));
      return;
    }
    switch (random.below(16)) {
      case 0:
        out.push(...constant(random, type));
        return;
      case 1:
        out.push(0x23, this.globalOf(type));
        return;
      case 2:
        this.value(type, depth - 1);
        out.push(0x22, ...unsigned(this.localOf(type)));
        return;
      case 3:
        this.value(type, depth - 1);
        out.push(random.pick(UNARY[type]));
        return;
      case 4: {
        const [code, operand] = random.pick(CONVERSIONS[type]);
        this.value(operand, depth - 1);
        out.push(...code);
        return;
      }
      case 5:
        this.address(depth);
        this.memoryArgument(random.pick(LOADS[type]));
        return;
      case 6:
        this.value(type, depth - 1);
        this.value(type, depth - 1);
        this.value(I32, depth - 1);
        if (random.chance(50)) out.push(0x1b);
        else out.push(0x1c, 1, type);
        return;
      case 7:
        this.inBlock(0x02, [type], [type], () => {
          this.value(type, depth - 1);
          this.value(I32, depth - 1);
          out.push(0x0d, 0);
          if (random.chance(50)) this.statements(depth - 1);
        });
        return;
      case 8:
        this.value(I32, depth - 1);
        out.push(0x04, type);
        this.labels.push([type]);
        this.statements(depth - 2);
        this.value(type, depth - 1);
        out.push(0x05);
        if (random.chance(20)) this.returns();
        this.value(type, depth - 1);
        this.labels.pop();
        out.push(0x0b);
        return;
      case 9:
        if (this.callWith(({ results }) => results.length === 1 && results[0] === type, depth)) return;
        break;
      case 10:
        if (type !== I32) break;
        if (random.chance(50)) out.push(0x3f, 0);
        else {
          out.push(0x41, ...signed(random.pick([0n, 1n, 1n, 5n, -1n])), 0x40, 0);
        }
        return;
      case 11:
        if (type !== I32) break;
        {
          const [code, operand] = random.pick(COMPARE);
          this.value(operand, depth - 1);
          this.value(operand, depth - 1);
          out.push(code);
        }
        return;
      case 12:
        // A block that takes one value and leaves two.
        if (type !== I32) break;
        this.value(I32, depth - 1);
        this.inBlock(random.pick([0x02, 0x03]), unsigned(5), [], () => out.push(0x41, ...signed(random.pick(INTERESTING))));
        out.push(random.pick(BINARY[I32]));
        return;
      case 13: {
        const label = this.labelFor((carries) => carries.length === 1 && carries[0] === type);
        if (label === undefined) break;
        this.value(type, depth - 1);
        this.value(I32, depth - 1);
        out.push(0x0d, ...unsigned(label));
        return;
      }
      default:
        break;
    }
    this.value(type, depth - 1);
    this.value(type, depth - 1);
    out.push(random.pick(BINARY[type]));
  }

  private statements(depth: number): void {
    for (let count = this.random.below(5); count > 0 && this.left > 0; count -= 1) this.statement(depth);
  }

  private statement(depth: number): void {
    const { random, out } = this;
    this.left -= 1;
    const type = random.pick(TYPES);
    if (depth <= 0) {
      this.value(type, 1);
      out.push(0x21, ...unsigned(this.localOf(type)));
      return;
    }
    switch (random.below(17)) {
      case 0:
        this.value(type, depth);
        out.push(0x24, this.globalOf(type));
        return;
      case 1:
      case 2:
        this.address(depth);
        this.value(type, depth - 1);
        this.plain(type);
        this.memoryArgument(random.pick(STORES[type]));
        return;
      case 3:
        this.value(I32, depth - 1);
        this.inBlock(0x04, [0x40], [], () => {
          this.statements(depth - 1);
          if (random.chance(50)) {
            out.push(0x05);
            this.statements(depth - 1);
          }
        });
        return;
      case 4:
        this.inBlock(0x02, [0x40], [], () => this.statements(depth - 1));
        return;
      case 5:
        this.inBlock(0x03, [0x40], [], () => {
          this.step();
          this.statements(depth - 1);
          this.value(I32, depth - 1);
          out.push(0x0d, 0);
          this.statements(depth - 2);
        });
        return;
      case 6: {
        const label = this.labelFor((carries) => carries.length === 0);
        if (label === undefined) break;
        this.value(I32, depth - 1);
        out.push(0x0d, ...unsigned(label));
        return;
      }
      case 7: {
        const label = this.labelFor((carries) => carries.length === 0);
        if (label === undefined || random.chance(50)) break;
        // A backward branch needs a way out: the step counter. A loop's own label was counted at its head.
        out.push(0x0c, ...unsigned(label));
        return;
      }
      case 8: {
        const fitting = Array.from({ length: random.below(5) + 1 }, () => this.labelFor((carries) => carries.length === 0));
        if (fitting.includes(undefined)) break;
        this.value(I32, depth - 1);
        out.push(0x0e, ...vector(fitting.slice(1).map((label) => unsigned(label ?? 0))), ...unsigned(fitting[0] ?? 0));
        return;
      }
      case 9:
        if (random.chance(15)) {
          this.returns();
          return;
        }
        if (random.chance(30) && this.tailCall(depth)) return;
        break;
      case 10:
        if (this.callWith(({ results }) => results.length === 0, depth)) return;
        break;
      case 11:
        if (!this.callWith(({ results }) => results.length === 2, depth)) break;
        out.push(0x1a, 0x1a);
        return;
      case 12:
        this.address(depth);
        this.value(I32, 1);
        out.push(0x41, ...signed(BigInt(random.below(random.chance(90) ? 200 : 90_000))), 0xfc, 11, 0);
        return;
      case 13:
        this.address(depth);
        this.address(depth);
        out.push(0x41, ...signed(BigInt(random.below(random.chance(90) ? 200 : 90_000))), 0xfc, 10, 0, 0);
        return;
      case 14:
        if (random.chance(80)) {
          this.address(depth);
          out.push(0x41, ...signed(BigInt(random.below(4))), 0x41, ...signed(BigInt(random.below(9))), 0xfc, 8, 1, 0);
        } else {
          out.push(...random.pick([[0xfc, 9, 1], [0x01], [0x00], [0x41, 0, 0x41, 0, 0x41, 2, 0xfc, 14, 0, 0]]));
        }
        return;
      default:
        break;
    }
    this.value(type, depth);
    if (random.chance(10)) out.push(0x1a);
    else out.push(0x21, ...unsigned(this.localOf(type)));
  }
}

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
