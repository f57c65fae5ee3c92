/**
 * What of the canonical ABI a component uses, looked at before any tool is given it. Only calls that end before they return are for cells:
 * with the asynchronous half (tasks, futures, streams, threads, waiting) jco's text would go on with a cell's code from timers after its
 * request was answered, outside of its budget's watch and of its transaction.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { ByteReader } from './rewrite/byte-reader.ts';
import { Refusal, type RewriteFault, refuse } from './rewrite/fault.ts';

const HEADER_BYTES = 8;
const SECTION = { component: 4, canonical: 8 } as const;
const NESTING_MAX = 16;

const CANON = { lift: 0x00, lower: 0x01, resourceNew: 0x02, resourceDrop: 0x03, resourceRep: 0x04 } as const;
/** String encodings stand alone; memory, realloc and post-return name what they are. */
const OPTION = { latin1: 0x02, memory: 0x03, postReturn: 0x05 } as const;

function checkOptions(reader: ByteReader): void {
  for (let left = reader.u32(); left > 0; left -= 1) {
    const option = reader.byte();
    if (option > OPTION.postReturn) refuse('not-allowed', `a function has the canonical option 0x${option.toString(16)} (0x6 is async)`);
    if (option >= OPTION.memory) reader.u32();
  }
}

function checkCanon(reader: ByteReader): void {
  const canon = reader.byte();
  switch (canon) {
    case CANON.lift:
    case CANON.lower:
      if (reader.byte() !== 0) refuse('not-allowed', 'a canonical function of an unknown form');
      reader.u32();
      checkOptions(reader);
      if (canon === CANON.lift) reader.u32();
      return;
    case CANON.resourceNew:
    case CANON.resourceDrop:
    case CANON.resourceRep:
      reader.u32();
      return;
    default:
      refuse('not-allowed', `the canonical built-in 0x${canon.toString(16)} is of asynchronous calls or threads`);
  }
}

function checkComponent(reader: ByteReader, depth: number): void {
  if (depth > NESTING_MAX) refuse('too-large', `components are nested deeper than ${NESTING_MAX}`);
  reader.skip(HEADER_BYTES);
  while (!reader.done) {
    const section = reader.byte();
    const part = reader.part(reader.u32());
    if (section === SECTION.component) checkComponent(part, depth + 1);
    if (section !== SECTION.canonical) continue;
    for (let left = part.u32(); left > 0; left -= 1) checkCanon(part);
    part.expectDone('a section of canonical functions');
  }
}

/** `not-valid`: these bytes are no component. Never throws for what `component` holds. */
export function checkSynchronous(component: Uint8Array): Result<undefined, RewriteFault> {
  try {
    checkComponent(new ByteReader(component), 0);
    return ok(undefined);
  } catch (thrown) {
    if (thrown instanceof Refusal) return err(thrown.fault);
    throw thrown;
  }
}
