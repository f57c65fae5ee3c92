/**
 * Two ends of a line in memory: what one writes the other reads, in a later turn of the event loop, as on a real line. `unplug` loses it
 * for both, `plugIn` opens it again. For tests, and for the simulated printer of a village.
 */
import type { ByteStream, ByteStreamEvent, WriteOutcome } from './byte-stream.ts';

class MemoryEnd implements ByteStream {
  other: MemoryEnd | undefined;
  private listener: ((event: ByteStreamEvent) => void) | undefined;
  private isPlugged = true;
  private isClosed = false;

  start(listener: (event: ByteStreamEvent) => void): void {
    if (this.listener !== undefined) throw new Error('a byte stream is started once');
    this.listener = listener;
    if (this.isPlugged) queueMicrotask(() => this.tell({ kind: 'opened' }));
  }

  write(bytes: Uint8Array): Promise<WriteOutcome> {
    const copy = bytes.slice();
    return new Promise((resolve) => {
      setImmediate(() => {
        if (!this.isPlugged || this.isClosed) return resolve('lost');
        this.other?.tell({ kind: 'bytes', bytes: copy });
        resolve(this.isPlugged ? 'drained' : 'lost');
      });
    });
  }

  plug(isPlugged: boolean): void {
    if (this.isPlugged === isPlugged) return;
    this.isPlugged = isPlugged;
    this.tell(isPlugged ? { kind: 'opened' } : { kind: 'lost', detail: 'the cable was pulled' });
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  private tell(event: ByteStreamEvent): void {
    if (!this.isClosed) this.listener?.(event);
  }
}

export type MemoryPair = { readonly near: ByteStream; readonly far: ByteStream; unplug(): void; plugIn(): void };

export function memoryPair(): MemoryPair {
  const near = new MemoryEnd();
  const far = new MemoryEnd();
  near.other = far;
  far.other = near;
  const plug = (isPlugged: boolean): void => {
    near.plug(isPlugged);
    far.plug(isPlugged);
  };
  return { near, far, unplug: () => plug(false), plugIn: () => plug(true) };
}
