/**
 * Every bound of the wire in one place (SPEC B2). A decoder refuses what is over a bound before it allocates for it;
 * an encoder throws, because what it is given comes from our own journal, which keeps tighter bounds.
 */
export const WIRE_VERSION = 1;

/** A batch on the wire, signature included. */
export const MAX_BATCH_BYTES = 512 * 1024;
/** What a batch's payload may become: bytes after zstd, and values or text bytes read out of a range-coded one. */
export const MAX_INFLATED_BYTES = 4 * 1024 * 1024;
export const MAX_BATCH_ENTRIES = 4096;
/** A document message on the wire, signature included; a larger document goes in numbered parts. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;
export const MAX_DOCUMENT_PARTS = 64;
/** ACK, GAP, REJECT, ENROL, ENROLLED. */
export const MAX_CONTROL_BYTES = 1024;
/** The largest of all: what a runner may take from the broker before it looks. */
export const MAX_MESSAGE_BYTES = Math.max(MAX_BATCH_BYTES, MAX_DOCUMENT_BYTES);

/** Method, action, operator, currency: at most 64 characters of three bytes. */
export const MAX_LABEL_BYTES = 192;
/** A memo: at most 140 characters of three bytes. */
export const MAX_MEMO_BYTES = 420;
/** Milliseconds since 1970, exclusive (the year 10889): a difference of two fits a zigzag safe integer. */
export const MAX_AT_MS = 2 ** 48;

export const SIGNATURE_BYTES = 64;
export const PUBLIC_KEY_BYTES = 32;
export const HASH_BYTES = 32;
export const TAG_BYTES = 4;
export const EPOCH_BYTES = 8;
