/**
 * A line of bytes to one device. A stream opens itself after `start`, says when the line is lost and opens it again, until it is closed.
 * Bytes are whole and in order while it is open; what was written when it was lost may or may not have arrived.
 */
export type ByteStreamEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'lost'; readonly detail: string };

export type WriteOutcome = 'drained' | 'lost';

export interface ByteStream {
  /** May be called once. */
  start(listener: (event: ByteStreamEvent) => void): void;
  /** `drained` when the bytes left this machine. One write at a time; a stream that is not open answers `lost`. */
  write(bytes: Uint8Array): Promise<WriteOutcome>;
  close(): Promise<void>;
}
