/**
 * Lays the data segments of a module together: compilers write one for each string, and every one of them costs at every instantiation
 * and in memory. Only where that changes nothing: the memory is zero before (the host gives a zeroed one), every segment has a constant
 * place, and they rise without overlapping. The gap between two is filled with the zeros that are there anyway. Any other module is
 * given back as it is.
 */
import type { ByteReader } from './rewrite/byte-reader.ts';
import { ByteWriter } from './rewrite/byte-writer.ts';
import { HEADER, SECTION } from './rewrite/core-module.ts';
import { sectionsOf } from './rewrite/sections.ts';

/** A segment's own cost in bytes of the module and in time is about that of so many zeros. */
const GAP_BYTES_MAX = 64;
const I32_CONST = 0x41;
const END = 0x0b;

type Segment = { readonly place: number; readonly bytes: Uint8Array };

/** The segments, where they are all active, at constant places, rising; undefined otherwise. */
function risingSegments(reader: ByteReader): Segment[] | undefined {
  const segments: Segment[] = [];
  let last = 0;
  for (let left = reader.u32(); left > 0; left -= 1) {
    if (reader.u32() !== 0 || reader.byte() !== I32_CONST) return undefined;
    // Beyond 2 GiB a place has the sign: no memory here is so large.
    const place = reader.s33();
    if (place < last || reader.byte() !== END) return undefined;
    const length = reader.u32();
    segments.push({ place, bytes: reader.bytes.subarray(reader.at, reader.at + length) });
    reader.skip(length);
    last = place + length;
  }
  return segments;
}

function merged(segments: readonly Segment[]): Segment[] {
  const runs: { place: number; end: number; inside: Segment[] }[] = [];
  for (const segment of segments) {
    const end = segment.place + segment.bytes.length;
    const run = runs.at(-1);
    if (run !== undefined && segment.place - run.end <= GAP_BYTES_MAX) {
      run.inside.push(segment);
      run.end = end;
    } else runs.push({ place: segment.place, end, inside: [segment] });
  }
  return runs.map(({ place, end, inside }) => {
    const bytes = new Uint8Array(end - place);
    for (const segment of inside) bytes.set(segment.bytes, segment.place - place);
    return { place, bytes };
  });
}

function dataOf(segments: readonly Segment[]): ByteWriter {
  const body = new ByteWriter().u32(segments.length);
  for (const { place, bytes } of segments) body.u32(0).byte(I32_CONST).s32(place).byte(END).u32(bytes.length).bytes(bytes);
  return body;
}

/** `module` is valid, and gets its memory from a host that zeroes it. */
export function mergeData(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(module);
  const data = sections.find(({ id }) => id === SECTION.data);
  const segments = data === undefined ? undefined : risingSegments(data.body);
  if (segments === undefined) return module;
  const runs = merged(segments);
  if (runs.length === segments.length) return module;
  const out = new ByteWriter(module.length).bytes(HEADER);
  for (const { id, bytes } of sections) {
    if (id === SECTION.data) out.section(id, dataOf(runs));
    else if (id === SECTION.dataCount) out.section(id, new ByteWriter().u32(runs.length));
    else out.bytes(bytes);
  }
  const made = out.view().slice();
  // Code that names segments by number (memory.init) may name one that is no more.
  return WebAssembly.validate(made) ? made : module;
}
