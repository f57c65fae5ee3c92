/**
 * One function's body with metering in it. The instructions are followed once, with their blocks and the height of the operand stack:
 * the height says how large a frame can become. Straight-line segments are charged as one, before their first instruction; a segment ends
 * where control can go elsewhere or come from elsewhere. Code that cannot be reached is copied as it is.
 */
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type CoreModule, type FunctionType, readValueType } from './core-module.ts';
import { checkCount, refuse } from './fault.ts';
import { FunctionLocals } from './function-locals.ts';
import { REWRITE_LIMITS } from './limits.ts';
import { canonicalNan, chargeBounded, chargeConstant, chargeLength, type LengthScratch, leaveDepth, type MeterGlobals } from './meter.ts';
import { BULK, COST, OP, opcodeOf, refuseBulk } from './opcode.ts';

type Block = {
  readonly loop: boolean;
  /** The operand stack below the block's parameters. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
  /** Something branches to its end. */
  targeted: boolean;
  /** The block itself can be reached. */
  readonly live: boolean;
  /** An `if` whose `else` has not come: its end is reached by the condition alone. */
  open: boolean;
};

export type MeteredBody = {
  /** Count and groups of locals, those of metering included. */
  readonly locals: Uint8Array;
  /** The instructions, without the function's last `end`. */
  readonly code: Uint8Array;
  /** How many values its frame can hold at most. */
  readonly slots: number;
  /** The local that keeps the depth outside of the function; undefined for a leaf. */
  readonly outside: number | undefined;
};

export class FunctionBody {
  private readonly module: CoreModule;
  private readonly type: FunctionType;
  private readonly reader: ByteReader;
  private readonly globals: MeterGlobals;
  private readonly memoryPagesMax: number;
  private readonly code = new ByteWriter();
  private readonly segment = new ByteWriter();
  private readonly blocks: Block[] = [];
  private readonly locals: FunctionLocals;
  private segmentCost = 0;
  private live = true;
  private height = 0;
  private heightMax = 0;
  private callSlots = 0;

  constructor(module: CoreModule, type: FunctionType, reader: ByteReader, globals: MeterGlobals, memoryPagesMax: number) {
    this.module = module;
    this.type = type;
    this.reader = reader;
    this.globals = globals;
    this.memoryPagesMax = memoryPagesMax;
    this.locals = new FunctionLocals(type.params.length, reader);
  }

  rewrite(): MeteredBody {
    this.segmentCost = COST.enter + (this.locals.own >>> 3);
    this.blocks.push(this.block(false, 0, this.type.results.length));
    while (this.blocks.length > 0) this.instruction();
    this.reader.expectDone('a function');
    const slots = this.locals.count + this.heightMax + this.callSlots;
    checkCount(slots, REWRITE_LIMITS.frameSlotsMax, 'values in the frame of one function');
    return {
      locals: this.locals.declarations(),
      code: this.code.view(),
      slots,
      outside: this.locals.known('outside'),
    };
  }

  private lengthScratch(): LengthScratch {
    return { left: this.locals.scratch('left'), length: this.locals.scratch('length') };
  }

  private block(loop: boolean, params: number, results: number, open = false): Block {
    return { loop, base: this.height - params, params, results, targeted: false, live: this.live, open };
  }

  private stack(pops: number, pushes: number): void {
    if (!this.live) return;
    this.height -= pops;
    if (this.height < (this.blocks.at(-1)?.base ?? 0)) refuse('not-valid', `the operand stack is empty at byte ${this.reader.at}`);
    this.height += pushes;
    if (this.height > this.heightMax) this.heightMax = this.height;
  }

  /** Ends a segment: its charge, then its instructions. */
  private flush(): void {
    if (this.segmentCost > 0) chargeConstant(this.code, this.globals.fuel, this.locals.scratch('left'), this.segmentCost);
    this.code.bytes(this.segment.view());
    this.segment.clear();
    this.segmentCost = 0;
  }

  private copy(start: number): void {
    this.segment.bytes(this.reader.bytes.subarray(start, this.reader.at));
  }

  /** Between two segments, so that neither's charge comes on its wrong side. */
  private copyBetween(start: number): void {
    this.flush();
    this.code.bytes(this.reader.bytes.subarray(start, this.reader.at));
  }

  private instruction(): void {
    const start = this.reader.at;
    const code = this.reader.byte();
    if (code === OP.bulk) {
      this.bulk(start);
      return;
    }
    const row = opcodeOf(code, start);
    if (this.live) this.segmentCost += row.cost;
    if (row.immediate === 'control') {
      this.control(code, start);
      return;
    }
    this.skipImmediate(row.immediate);
    this.stack(row.pops, row.pushes);
    if (this.live && code === OP.memoryGrow)
      chargeBounded(this.segment, this.globals.fuel, this.lengthScratch(), this.memoryPagesMax, COST.growPageShift);
    this.copy(start);
    if (this.live && row.nan !== undefined) canonicalNan(this.segment, row.nan, this.locals.scratch(row.nan));
  }

  private skipImmediate(immediate: string): void {
    const { reader } = this;
    switch (immediate) {
      case 'none':
        return;
      case 'local':
        this.index(this.locals.own, 'local');
        return;
      case 'global':
        // Not only for a clear text: the globals of metering stand behind the module's own.
        this.index(this.module.globals, 'global');
        return;
      case 'i32':
        reader.skipSigned(32);
        return;
      case 'i64':
        reader.skipSigned(64);
        return;
      case 'f32':
        reader.skip(4);
        return;
      case 'f64':
        reader.skip(8);
        return;
      case 'zero-byte':
        if (reader.byte() !== 0) refuse('not-allowed', `the instruction at byte ${reader.at - 2} names another memory; a cell has one`);
        return;
      case 'memory-argument':
        if (reader.u32() >= 0x40) refuse('not-allowed', `the access at byte ${reader.at} names another memory; a cell has one`);
        reader.u32();
        return;
      default:
        throw new Error(`no way to read ${immediate}`);
    }
  }

  private index(count: number, what: string): void {
    const index = this.reader.u32();
    if (index >= count) refuse('not-valid', `the ${what} ${index} at byte ${this.reader.at} does not exist`);
  }

  private control(code: number, start: number): void {
    switch (code) {
      case OP.block:
      case OP.loop:
      case OP.if:
        this.open(code, start);
        return;
      case OP.else:
        this.otherwise(start);
        return;
      case OP.end:
        this.close(start);
        return;
      case OP.br:
        this.target(this.reader.u32());
        this.copy(start);
        this.leave();
        return;
      case OP.brIf:
        this.stack(1, 0);
        this.target(this.reader.u32());
        this.copy(start);
        this.flush();
        return;
      case OP.brTable:
        this.branchTable(start);
        return;
      case OP.return:
        // The function's own block lies outermost, and what metering does at its end must run.
        this.segment.byte(OP.br).u32(this.blocks.length - 1);
        this.leave();
        return;
      case OP.unreachable:
        this.copy(start);
        this.leave();
        return;
      case OP.call:
        this.call(start);
        return;
      case OP.callIndirect:
        this.callIndirect(start);
        return;
      case OP.returnCall:
      case OP.returnCallIndirect:
        this.tailCall(code, start);
        return;
      case OP.typedSelect:
        checkCount(this.reader.u32(), 1, 'types of one select');
        readValueType(this.reader, 'a select');
        this.stack(3, 1);
        this.copy(start);
        return;
      default:
        throw new Error(`the opcode ${code} is no control instruction`);
    }
  }

  private blockType(): { params: number; results: number } {
    const { reader } = this;
    const start = reader.at;
    const type = reader.s33();
    if (type >= 0) {
      const found = this.module.types[type];
      if (found === undefined) return refuse('not-valid', `the type ${type} of the block at byte ${start} does not exist`);
      return { params: found.params.length, results: found.results.length };
    }
    if (type === -0x40) return { params: 0, results: 0 };
    reader.at = start;
    readValueType(reader, 'the result of a block');
    return { params: 0, results: 1 };
  }

  private open(code: number, start: number): void {
    if (this.blocks.length > REWRITE_LIMITS.nestingMax) {
      refuse('too-large', `blocks are nested deeper than ${REWRITE_LIMITS.nestingMax} at byte ${start}`);
    }
    const { params, results } = this.blockType();
    if (code === OP.if) this.stack(1, 0);
    this.stack(params, params);
    if (code === OP.if) {
      this.copy(start);
      this.flush();
    } else if (code === OP.loop) {
      // What stands before a loop is charged once, what stands in it each time round.
      this.copyBetween(start);
    } else {
      this.copy(start);
    }
    this.blocks.push(this.block(code === OP.loop, params, results, code === OP.if));
  }

  private otherwise(start: number): void {
    const block = this.blocks.at(-1);
    if (block === undefined || !block.open) refuse('not-valid', `the else at byte ${start} belongs to no if`);
    this.copyBetween(start);
    block.open = false;
    // The end of an if with both arms is reached from the end of the first one, or by a branch.
    if (this.live) block.targeted = true;
    this.live = block.live;
    this.height = block.base + block.params;
  }

  private close(start: number): void {
    const block = this.blocks.pop();
    if (block === undefined) refuse('not-valid', `the end at byte ${start} closes nothing`);
    const outermost = this.blocks.length === 0;
    const joined = (block.targeted && !block.loop) || block.open;
    if (outermost) this.flush();
    else if (joined) this.copyBetween(start);
    else this.copy(start);
    this.live = this.live || (block.live && joined);
    this.height = block.base + block.results;
    if (this.height > this.heightMax) this.heightMax = this.height;
  }

  private target(label: number): void {
    const block = this.blocks[this.blocks.length - 1 - label];
    if (block === undefined) refuse('not-valid', `the label ${label} at byte ${this.reader.at} does not exist`);
    if (this.live) block.targeted = true;
  }

  private leave(): void {
    this.flush();
    this.live = false;
  }

  private branchTable(start: number): void {
    this.stack(1, 0);
    const count = checkCount(this.reader.u32(), REWRITE_LIMITS.branchTableMax, 'labels of one br_table');
    for (let index = 0; index <= count; index += 1) this.target(this.reader.u32());
    this.copy(start);
    this.leave();
  }

  private called(type: FunctionType | undefined, what: string): void {
    if (type === undefined) refuse('not-valid', `the ${what} at byte ${this.reader.at} does not exist`);
    // A function that calls nothing is not counted: no frame comes above its own.
    this.locals.scratch('outside');
    this.stack(type.params.length, type.results.length);
    this.callSlots = Math.max(this.callSlots, type.params.length, type.results.length);
  }

  private call(start: number): void {
    this.readCall();
    this.copy(start);
  }

  private readCall(): void {
    const index = this.module.functions[this.reader.u32()];
    this.called(index === undefined ? undefined : this.module.types[index], 'function that is called');
  }

  private callIndirect(start: number): void {
    this.readCallIndirect();
    this.copy(start);
  }

  private readCallIndirect(): void {
    this.stack(1, 0);
    const type = this.module.types[this.reader.u32()];
    this.index(this.module.tables, 'table');
    this.called(type, 'type that is called');
  }

  /** The callee enters, and charges, in the place of this function. */
  private tailCall(code: number, start: number): void {
    if (code === OP.returnCall) this.readCall();
    else this.readCallIndirect();
    if (this.live) leaveDepth(this.segment, this.globals.depth, this.locals.scratch('outside'));
    this.copy(start);
    this.leave();
  }

  private bulk(start: number): void {
    const { reader } = this;
    const code = reader.u32();
    if (code <= 7) {
      if (this.live) this.segmentCost += COST.plain;
      this.stack(1, 1);
      this.copy(start);
      return;
    }
    let takes: 'bytes' | 'entries' | undefined;
    switch (code) {
      case BULK.memoryInit:
        reader.u32();
        this.onlyMemory();
        takes = 'bytes';
        break;
      case BULK.memoryCopy:
        this.onlyMemory();
        this.onlyMemory();
        takes = 'bytes';
        break;
      case BULK.memoryFill:
        this.onlyMemory();
        takes = 'bytes';
        break;
      case BULK.tableInit:
      case BULK.tableCopy:
        reader.u32();
        reader.u32();
        takes = 'entries';
        break;
      case BULK.dataDrop:
      case BULK.elementDrop:
        reader.u32();
        break;
      default:
        refuseBulk(code, start);
    }
    if (this.live) {
      this.segmentCost += COST.bulk;
      if (takes !== undefined) this.chargeLengthOf(takes);
    }
    if (takes !== undefined) this.stack(3, 0);
    this.copy(start);
  }

  private chargeLengthOf(takes: 'bytes' | 'entries'): void {
    const { fuel } = this.globals;
    const scratch = this.lengthScratch();
    if (takes === 'bytes') chargeLength(this.segment, fuel, scratch, COST.bulkBytesShift);
    else chargeBounded(this.segment, fuel, scratch, REWRITE_LIMITS.linkedTableEntriesMax, COST.entryShift);
  }

  private onlyMemory(): void {
    if (this.reader.byte() !== 0) refuse('not-allowed', `the instruction at byte ${this.reader.at} names another memory; a cell has one`);
  }
}
