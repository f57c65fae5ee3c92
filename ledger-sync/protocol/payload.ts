/**
 * The payload of a batch: entries as tables and columns (SPEC B5-B10). Three codings of the same sequence of values; the encoder keeps the shortest.
 * Numbers, hashes, gateway and epoch of the entries are not in it: they follow from the frame and the chain.
 * Invariant: what is decoded went through the ledger's own parsers and `balance`, so it is a well-formed entry or a fault.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { EntryBody } from '../ledger/entry.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { PlainReader, PlainWriter, type ValueReader } from './coded-values.ts';
import { readEntries } from './entry-reader.ts';
import { planOf, writeEntries } from './entry-writer.ts';
import { MAX_INFLATED_BYTES } from './limits.ts';
import { teachPreset } from './preset.ts';
import { RangeReader, RangeWriter } from './range-coder.ts';

export type Coding = 'plain' | 'zstd' | 'range';

const ZSTD_PARAMS = {
  [constants.ZSTD_c_compressionLevel]: 19,
  [constants.ZSTD_c_contentSizeFlag]: 0,
  [constants.ZSTD_c_checksumFlag]: 0,
  [constants.ZSTD_c_dictIDFlag]: 0,
};
/** Below this many bytes zstd is never the shortest. */
const ZSTD_WORTH_BYTES = 256;

const NOTHING = new Uint8Array(0);

export function encodePayload(gateway: string, entries: readonly EntryBody[]): { readonly coding: Coding; readonly bytes: Uint8Array } {
  if (entries.length === 0) return { coding: 'plain', bytes: NOTHING };
  const plan = planOf(gateway, entries);
  const plainWriter = new PlainWriter();
  writeEntries(plainWriter, plan);
  const plain = plainWriter.finish();
  teachPreset();
  const rangeWriter = new RangeWriter();
  writeEntries(rangeWriter, plan);
  const range = rangeWriter.finish();
  let best: { coding: Coding; bytes: Uint8Array } =
    range.length < plain.length ? { coding: 'range', bytes: range } : { coding: 'plain', bytes: plain };
  if (plain.length >= ZSTD_WORTH_BYTES) {
    const zstd = zstdCompressSync(plain, { params: ZSTD_PARAMS });
    if (zstd.length < best.bytes.length) best = { coding: 'zstd', bytes: zstd };
  }
  return best;
}

export function decodePayload(coding: Coding, payload: Uint8Array, gateway: string, count: number): Result<readonly EntryBody[], string> {
  if (count === 0) return payload.length === 0 ? ok([]) : err('bytes where no entry is announced');
  const values = open(coding, payload);
  if (!values.ok) return values;
  return readEntries(values.value, gateway, count);
}

function open(coding: Coding, payload: Uint8Array): Result<ValueReader, string> {
  switch (coding) {
    case 'plain':
      return ok(new PlainReader(payload));
    case 'range':
      teachPreset();
      return ok(new RangeReader(payload));
    case 'zstd':
      try {
        return ok(new PlainReader(zstdDecompressSync(payload, { maxOutputLength: MAX_INFLATED_BYTES })));
      } catch {
        return err('no zstd frame within its bound');
      }
  }
}
