/**
 * The article's actor: each device has a total, a reading raises it, and head office learns of it in its own time.
 * State of a device: `total`, what was counted; `queued`, how much of it stands in the outbox or went from there. Both 8 bytes, little-endian.
 * What is queued carries both ends of the step and not its length alone: a later one takes the place of an earlier one under the same
 * key, and totals only rise, so whoever gets any of them, in any order and any number of times, keeps the largest.
 */
import { outbox, Result, state } from './sdk/bindings';

const TOTAL = 'total';
const QUEUED = 'queued';
const STEP_BYTES = 16;

function readCount(key: string): u64 {
  const bytes = state.get(key);
  if (bytes === null || bytes.length !== 8) return 0;
  return load<u64>(bytes.dataStart);
}

function writeCount(key: string, count: u64): void {
  const bytes = new Uint8Array(8);
  store<u64>(bytes.dataStart, count);
  state.set(key, bytes);
}

/** A total that would pass 64 bits stays as it is: a wrapped one would look like a device that began anew. */
export function processTelemetry(deviceId: string, metric: u64): Result<u64, string> {
  const total = readCount(TOTAL);
  if (metric > u64.MAX_VALUE - total) {
    const room = u64.MAX_VALUE - total;
    return Result.err<u64, string>('overflow: ' + deviceId + ' has room for ' + room.toString() + ' more; nothing was added');
  }
  if (metric > 0) writeCount(TOTAL, total + metric);
  return Result.ok<u64, string>(total + metric);
}

/** Queues the step from what was queued last to the total of now: two counts, 16 bytes; 0 bytes where nothing changed. */
export function queueReconciliation(deviceId: string): Result<u32, string> {
  const total = readCount(TOTAL);
  const queued = readCount(QUEUED);
  if (total === queued) return Result.ok<u32, string>(0);
  const step = new Uint8Array(STEP_BYTES);
  store<u64>(step.dataStart, queued);
  store<u64>(step.dataStart, total, 8);
  outbox.enqueueSync(deviceId, step);
  writeCount(QUEUED, total);
  return Result.ok<u32, string>(STEP_BYTES);
}
