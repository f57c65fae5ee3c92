/**
 * The processor time of a thread of this process, as another thread of it sees it: what tells a thread that spins from one that waits for a
 * disk or for its turn. Linux alone tells; elsewhere there is no answer, and whoever asks goes by the clock.
 */
import { readFileSync, readlinkSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1e6;

/** Where this very thread's times can be read; asked by the thread itself. */
export function ownThreadPath(): string | undefined {
  try {
    return `/proc/${readlinkSync('/proc/thread-self')}/schedstat`;
  } catch {
    return undefined;
  }
}

/** Milliseconds that the thread has run on a processor so far. */
export function threadTimeMs(path: string): number | undefined {
  try {
    const nanoseconds = Number(readFileSync(path, 'latin1').split(' ', 1)[0]);
    return Number.isFinite(nanoseconds) && nanoseconds > 0 ? nanoseconds / NANOSECONDS_PER_MS : undefined;
  } catch {
    return undefined;
  }
}
