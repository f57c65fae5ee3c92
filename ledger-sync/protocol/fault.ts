/**
 * What can be wrong with bytes that came over the link. A fault is a value; no decoder of this folder throws (W2, W3).
 */
export type WireFault =
  /** Over a stated bound; nothing of it was read. */
  | { readonly code: 'too-large'; readonly bytes: number; readonly limit: number }
  /** The message ends before what it announces. */
  | { readonly code: 'truncated' }
  /** Answer REJECT unknown-version; the sender keeps its entries (W3). */
  | { readonly code: 'unknown-version'; readonly version: number }
  /** Not the kind that was asked for, a kind that does not exist, or one that is not there yet. */
  | { readonly code: 'unexpected-kind'; readonly kind: number }
  /** No key is known for the sender: not enrolled, or another epoch. */
  | { readonly code: 'unknown-sender'; readonly sender: string }
  | { readonly code: 'bad-signature'; readonly sender: string }
  /** Signed, but a member is outside its bounds. `at` names the member. */
  | { readonly code: 'bad-field'; readonly at: string }
  /** The batch does not continue from this head: ask for the full head with a GAP, drop nothing (J1). */
  | { readonly code: 'wrong-previous'; readonly after: number; readonly have: number }
  /** Signed and well framed, but its entries cannot be read: ask for halves (J7). `from` is the first entry's number. */
  | { readonly code: 'undecodable'; readonly from: number; readonly count: number; readonly detail: string };

/** One line for a log. */
export function describeFault(fault: WireFault): string {
  switch (fault.code) {
    case 'too-large':
      return `${fault.bytes} bytes, over the limit of ${fault.limit}`;
    case 'truncated':
      return 'cut short';
    case 'unknown-version':
      return `version ${fault.version} is not known here: update this side`;
    case 'unexpected-kind':
      return `kind ${fault.kind} is not expected here`;
    case 'unknown-sender':
      return `${fault.sender} is not enrolled`;
    case 'bad-signature':
      return `the signature is not ${fault.sender}'s`;
    case 'bad-field':
      return `${fault.at} is outside its bounds`;
    case 'wrong-previous':
      return `continues after ${fault.after}, this side has ${fault.have}`;
    case 'undecodable':
      return `entries ${fault.from} to ${fault.from + fault.count - 1} cannot be read: ${fault.detail}`;
  }
}
