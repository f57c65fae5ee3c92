/** An entry's seal: kept on this box, handed to the link, or acknowledged by head office (I9). It says nothing of what came after. */
import type { SealState } from '../api/schemas.ts';

export type SealMarks = { readonly sent: number; readonly received: number };

export const sealOf = (number: number, { sent, received }: SealMarks): SealState =>
  number <= received ? 'settled' : number <= sent ? 'sent' : 'kept';

/** Milliseconds since 1970 as ISO 8601 in UTC. A time that no calendar has is shown as the first: it stops nothing (I14). */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
