/**
 * A random function's body: numbers, locals, blocks with and without values, loops, branches, dead code, calls of each kind, memory. Each
 * function and each turn of a loop takes from the global STEPS, and traps at 0.
 */
import { signed, unsigned, vector } from './module-bytes.ts';
import type { Random } from './random.ts';
import {
  BINARY,
  COMPARE,
  CONVERSIONS,
  constant,
  F32,
  F64,
  I32,
  I64,
  INTERESTING,
  LOADS,
  MEMORY_BYTES,
  SIGNATURES,
  type Signature,
  STEPS,
  STORES,
  TYPES,
  type Type,
  UNARY,
} from './random-opcodes.ts';

export class FunctionMaker {
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
        if (random.chance(30)) {
          this.value(I32, depth - 1);
          out.push(0x04, ...unsigned(5), ...constant(random, I32), 0x05, ...constant(random, I32), 0x0b);
        } else {
          this.inBlock(random.pick([0x02, 0x03]), unsigned(5), [], () => out.push(0x41, ...signed(random.pick(INTERESTING))));
        }
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
