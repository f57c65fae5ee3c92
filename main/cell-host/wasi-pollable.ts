/** What a cell waits with. Nothing that is served empty is ever waited for; a socket's is (wasi-sockets.ts), up to a limit. */
import { LIMITS } from './limits.ts';

/** Always ready: there is nothing to wait for. */
export class Pollable {
  ready(): boolean {
    return true;
  }
  block(): void {}
}

/** `wait`: for those of a list that have to be waited for; gives the places of those that are ready. */
export type Waits = (list: readonly Pollable[]) => Uint32Array;

/** The interface wasi:io/poll over it. A list may name one thing a million times: `limit` ends such a request, and never returns. */
export function pollOf(wait: Waits, limit: (detail: string) => never) {
  const poll: Waits = (list) => {
    if (list.length > LIMITS.wasiPollablesMax) limit(`more than ${LIMITS.wasiPollablesMax} things to wait for at once`);
    return wait(list);
  };
  return { Pollable, poll };
}

export const nothingToWaitFor: Waits = (list) => Uint32Array.from(list.keys());
