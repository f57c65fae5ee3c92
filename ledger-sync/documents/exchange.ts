/**
 * How two sides bring a document together over a lossy pipe: each message carries the heads that its changes are since, the changes, and
 * the sender's heads. Heads that come back are the acknowledgement; what is lost is sent again when the peer is heard from (`greet`).
 * Invariant: an answer is sent only while the two sides' heads differ or changes came, so the talk ends.
 */
import type { GatewayId } from '../ledger/ids.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import { CATALOGUE, type CatalogueDocument } from './catalogue.ts';

export type Side = { readonly gateway: GatewayId; readonly direction: 'up' | 'down' };

/** What the peer lacks as far as its acknowledged heads tell; undefined where it lacks nothing. */
export function pendingFor(document: CatalogueDocument, side: Side, acknowledged: readonly string[]): DocumentMessage | undefined {
  const heads = document.heads();
  return same(heads, acknowledged) ? undefined : messageFor(document, side, acknowledged);
}

export type Received = {
  /** The heads that the peer certainly has now. */
  readonly acknowledged: readonly string[];
  readonly changed: boolean;
  readonly reply: DocumentMessage | undefined;
};

/** Undefined where the changes are none: the message is dropped, the peer says it all again some time. */
export function receive(document: CatalogueDocument, side: Side, message: DocumentMessage): Received | undefined {
  const before = document.heads();
  if (message.changes.length > 0 && !document.merge(message.changes)) return undefined;
  const heads = document.heads();
  const changed = !same(before, heads);
  if (!document.knows(message.heads)) {
    // Something is missing in between. Our heads tell the peer from where; nothing is asked for that it did not offer.
    return { acknowledged: [], changed, reply: { ...side, name: CATALOGUE, since: [], heads, changes: [] } };
  }
  const lacking = !same(heads, message.heads);
  const reply = lacking || message.changes.length > 0 ? messageFor(document, side, message.heads) : undefined;
  return { acknowledged: message.heads, changed, reply };
}

function messageFor(document: CatalogueDocument, side: Side, since: readonly string[]): DocumentMessage {
  const known = document.knows(since) ? since : [];
  return { ...side, name: CATALOGUE, since: known, heads: document.heads(), changes: document.changesSince(known) };
}

/** More than that many heads at once are no honest history. */
const MOST_HEADS = 64;

/** What a peer is known to have now that it told these heads. Its document only grows, so an older message takes nothing back. */
export function advance(document: CatalogueDocument, known: readonly string[], told: readonly string[]): readonly string[] {
  if (told.length === 0) return known;
  const lacks = (heads: readonly string[]): number => document.changesSince(heads).length;
  const both = [...new Set([...known, ...told])];
  if (!document.knows(both) || both.length > MOST_HEADS) return told;
  const rest = lacks(both);
  if (rest === 0) return document.heads();
  if (rest === lacks(known)) return known;
  return rest === lacks(told) ? told : both;
}

export const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && [...left].sort().join() === [...right].sort().join();

/** Acknowledged heads as the stores keep them: 32 bytes each, one after the other. */
export const headsToBytes = (heads: readonly string[]): Uint8Array => new Uint8Array(Buffer.from(heads.join(''), 'hex'));

export function headsFromBytes(bytes: Uint8Array | undefined): readonly string[] {
  return (Buffer.from(bytes ?? new Uint8Array())
    .toString('hex')
    .match(/.{64}/g) ?? []) as readonly string[];
}
