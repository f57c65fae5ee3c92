/**
 * A meter that is slow and has nothing to get wrong: each instruction is charged on its own, right before it. It knows no segments, no blocks and
 * nothing of what can be reached, so that the rewriter's fuel can be held against it: the same for every call that returns.
 * For the modules of `random-module.ts` alone; the counter is exported as `plain:fuel`, and depth is not counted.
 */
import { ByteReader } from '../../main/cell-host/rewrite/byte-reader.ts';
import { ByteWriter } from '../../main/cell-host/rewrite/byte-writer.ts';
import { HEADER, readCoreModule, SECTION } from '../../main/cell-host/rewrite/core-module.ts';
import { REWRITE_LIMITS } from '../../main/cell-host/rewrite/limits.ts';
import { BULK, COST, OP, opcodeOf, TYPE } from '../../main/cell-host/rewrite/opcode.ts';

type Meter = { readonly fuel: number; readonly length: number; readonly pagesMax: number };

function charge(out: ByteWriter, { fuel }: Meter, push: (out: ByteWriter) => void): void {
  out.raw(OP.globalGet).u32(fuel);
  push(out);
  out.raw(OP.i32Sub, OP.globalSet).u32(fuel);
}

/** What depends on the number on top of the stack. */
function chargeNumber(
  out: ByteWriter,
  meter: Meter,
  cost: { readonly shiftRight: number } | { readonly shiftLeft: number; readonly max: number },
): void {
  const number = (to: ByteWriter): ByteWriter => to.raw(OP.localGet).u32(meter.length);
  out.raw(OP.localTee).u32(meter.length);
  charge(out, meter, (to) => {
    if ('shiftRight' in cost) {
      number(to).raw(OP.i32Const).s32(cost.shiftRight).raw(OP.i32ShrU);
      return;
    }
    number(to).raw(OP.i32Const).s32(cost.shiftLeft).raw(OP.i32Shl, OP.i32Const).s32(0);
    number(to).raw(OP.i32Const).s32(cost.max).raw(OP.i32GtU, OP.i32Eqz, OP.select);
  });
}

function skipImmediates(reader: ByteReader, code: number): void {
  const row = opcodeOf(code, reader.at);
  if (row.immediate === 'i32' || row.immediate === 'i64') while (reader.byte() >= 0x80);
  else if (row.immediate === 'f32') reader.skip(4);
  else if (row.immediate === 'f64') reader.skip(8);
  else if (row.immediate === 'memory-argument') {
    reader.u32();
    reader.u32();
  } else if (row.immediate === 'local' || row.immediate === 'global' || row.immediate === 'zero-byte') reader.u32();
  else if (row.immediate === 'control') skipControl(reader, code);
}

function skipControl(reader: ByteReader, code: number): void {
  switch (code) {
    case OP.block:
    case OP.loop:
    case OP.if:
      reader.s33();
      return;
    case OP.brTable:
      for (let count = reader.u32(); count >= 0; count -= 1) reader.u32();
      return;
    case OP.callIndirect:
    case OP.returnCallIndirect:
      reader.u32();
      reader.u32();
      return;
    case OP.typedSelect:
    case OP.br:
    case OP.brIf:
    case OP.call:
    case OP.returnCall:
      if (reader.u32() === 1 && code === OP.typedSelect) reader.byte();
      return;
    default:
  }
}

function instruction(out: ByteWriter, reader: ByteReader, meter: Meter): void {
  const start = reader.at;
  const code = reader.byte();
  const fixed = (cost: number): void => charge(out, meter, (to) => to.raw(OP.i32Const).s32(cost));
  if (code !== OP.bulk) {
    fixed(opcodeOf(code, start).cost);
    if (code === OP.memoryGrow) chargeNumber(out, meter, { shiftLeft: COST.growPageShift, max: meter.pagesMax });
    skipImmediates(reader, code);
  } else {
    const bulk = reader.u32();
    fixed(bulk <= 7 ? COST.plain : COST.bulk);
    if (bulk === BULK.memoryInit || bulk === BULK.memoryCopy || bulk === BULK.memoryFill)
      chargeNumber(out, meter, { shiftRight: COST.bulkBytesShift });
    if (bulk === BULK.tableInit || bulk === BULK.tableCopy) {
      chargeNumber(out, meter, { shiftLeft: COST.entryShift, max: REWRITE_LIMITS.linkedTableEntriesMax });
    }
    const indices = bulk <= 7 ? 0 : bulk === BULK.memoryInit || bulk === BULK.memoryCopy || bulk >= BULK.tableInit ? 2 : 1;
    for (let index = 0; index < (bulk === BULK.elementDrop ? 1 : indices); index += 1) reader.u32();
  }
  out.bytes(reader.bytes.subarray(start, reader.at));
}

function body(bytes: Uint8Array, start: number, end: number, params: number, fuel: number, pagesMax: number): ByteWriter {
  const reader = new ByteReader(bytes, start, end);
  const groups = reader.u32();
  const out = new ByteWriter().u32(groups + 1);
  const from = reader.at;
  let locals = params;
  for (let index = 0; index < groups; index += 1) {
    locals += reader.u32();
    reader.byte();
  }
  out.bytes(bytes.subarray(from, reader.at)).u32(1).byte(TYPE.i32);
  const meter = { fuel, length: locals, pagesMax };
  charge(out, meter, (to) => to.raw(OP.i32Const).s32(COST.enter + (locals >>> 3)));
  while (!reader.done) instruction(out, reader, meter);
  return out;
}

export function meterPlainly(bytes: Uint8Array, fuelAtFirst: number, pagesMax: number): Uint8Array<ArrayBuffer> {
  const module = readCoreModule(bytes, { linked: false, memoryPagesMax: pagesMax });
  const fuel = module.globals;
  const out = new ByteWriter().bytes(HEADER);
  for (const { id, start, end } of module.sections) {
    const reader = new ByteReader(bytes, start, end);
    const put = new ByteWriter();
    if (id === SECTION.global) {
      put.u32(reader.u32() + 1).bytes(bytes.subarray(reader.at, end));
      put.raw(TYPE.i32, 1, OP.i32Const).s32(fuelAtFirst).byte(OP.end);
    } else if (id === SECTION.export) {
      put
        .u32(reader.u32() + 1)
        .bytes(bytes.subarray(reader.at, end))
        .name('plain:fuel')
        .byte(3)
        .u32(fuel);
    } else if (id === SECTION.code) {
      put.u32(module.bodies.length);
      for (const [index, { start: from, end: to }] of module.bodies.entries()) {
        const type = module.types[module.functions[module.importedFunctions + index] ?? 0];
        const written = body(bytes, from, to, type?.params.length ?? 0, fuel, pagesMax);
        put.u32(written.length).bytes(written.view());
      }
    } else put.bytes(bytes.subarray(start, end));
    out.section(id, put);
  }
  return out.view().slice();
}
