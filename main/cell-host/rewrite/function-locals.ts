/** A function's locals: its own, and behind them those of metering, each made when it is first needed. */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readValueType } from './core-module.ts';
import { checkCount } from './fault.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { TYPE } from './opcode.ts';

const SCRATCH_TYPES = { left: TYPE.i32, outside: TYPE.i32, length: TYPE.i32, f32: TYPE.f32, f64: TYPE.f64 } as const;
type Scratch = keyof typeof SCRATCH_TYPES;

export class FunctionLocals {
  /** Parameters and declared locals: what the function itself may name. */
  readonly own: number;
  private readonly groups: { readonly count: number; readonly type: number }[] = [];
  private readonly made = new Map<Scratch, number>();

  /** Reads the declarations, with which a body begins. */
  constructor(params: number, reader: ByteReader) {
    let own = params;
    const groups = checkCount(reader.u32(), REWRITE_LIMITS.localsMax, 'groups of locals in one function');
    for (let index = 0; index < groups; index += 1) {
      const count = reader.u32();
      own = checkCount(own + count, REWRITE_LIMITS.localsMax, 'locals in one function');
      this.groups.push({ count, type: readValueType(reader, 'a local') });
    }
    this.own = own;
  }

  get count(): number {
    return this.own + this.made.size;
  }

  known(name: Scratch): number | undefined {
    return this.made.get(name);
  }

  scratch(name: Scratch): number {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const index = this.count;
    this.made.set(name, index);
    return index;
  }

  /** Count and groups, as a body begins with them. */
  declarations(): Uint8Array {
    const out = new ByteWriter().u32(this.groups.length + this.made.size);
    for (const { count, type } of this.groups) out.u32(count).byte(type);
    for (const name of this.made.keys()) out.u32(1).byte(SCRATCH_TYPES[name]);
    return out.view();
  }
}
