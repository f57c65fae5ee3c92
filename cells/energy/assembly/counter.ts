/**
 * The meter's counter, which this journal owns as far as its lease goes: `count` is the last one that was used, `chain.*` how far the chain of
 * each value was followed, so that a sale hashes a few steps and not the whole chain. Both are written in the transaction of the entry.
 */
import { bytesOf, Lease, textOf } from './lease';
import { state } from './sdk/bindings';
import { sipHash } from './siphash';
import { firstCode, nextCode, tokenOf } from './token';

/** The last count that was used; 0 before the first. */
export function lastCount(): u64 {
  const bytes = state.get('count');
  return bytes === null ? 0 : U64.parseInt(textOf(bytes));
}

/** Takes the count for good and gives its token. */
export function useCount(lease: Lease, count: u64, value: u64): u64 {
  const first = firstCode(lease.startingCode, value, lease.extended);
  const name = 'chain.' + (lease.extended ? 'x' : 's') + first.toString();
  // Of another key: after the meter got a new one, an old chain is not followed.
  const mark = sipHash(lease.key, bswap<u64>(lease.startingCode) ^ u64.MAX_VALUE).toString(16);
  let code = first;
  let steps: u64 = 0;
  const kept = state.get(name);
  if (kept !== null) {
    const words = textOf(kept).split(' ');
    if (words.length === 3 && words[2] === mark) {
      const reached = U64.parseInt(words[0]);
      if (reached <= count) {
        steps = reached;
        code = U64.parseInt(words[1]);
      }
    }
  }
  for (; steps < count; steps++) code = nextCode(lease.key, code, lease.extended);
  state.set('count', bytesOf(count.toString()));
  state.set(name, bytesOf(count.toString() + ' ' + code.toString() + ' ' + mark));
  return tokenOf(first, code, lease.extended);
}
