/** What a cell waits with. Nothing that is served empty is ever waited for; a socket's is (wasi-sockets.ts), up to a limit. */

/** Always ready: there is nothing to wait for. */
export class Pollable {
  ready(): boolean {
    return true;
  }
  block(): void {}
}

/** `wait`: for those of a list that have to be waited for; gives the places of those that are ready. */
export type Waits = (list: readonly Pollable[]) => Uint32Array;

/** The interface wasi:io/poll over it. */
export function pollOf(wait: Waits) {
  return { Pollable, poll: wait };
}

export const nothingToWaitFor: Waits = (list) => Uint32Array.from(list.keys());
