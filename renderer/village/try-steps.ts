/**
 * The list "try to lose a payment" as a pure machine: it follows what really happened to one gateway and never goes back but by `again`.
 * Order: the link is cut, something is sold while it is cut, the gateway is killed, the link is back and everything is settled.
 */
import type { VillageProcess, VillageState } from '../../main/village/schemas.ts';

export type TryStep = 'cut' | 'sell' | 'kill' | 'up' | 'done';
export type Try = {
  readonly gateway: string;
  readonly step: TryStep;
  /** The journal's head and the kills when the step began. */
  readonly head: number;
  readonly kills: number;
};

export const steps = ['cut', 'sell', 'kill', 'up'] as const;

const boxOf = (state: VillageState, gateway: string): VillageProcess | undefined => state.processes.find(({ id }) => id === gateway);

const begin = (box: VillageProcess, step: TryStep): Try => ({ gateway: box.id, step, head: box.head ?? 0, kills: box.kills });

/** The gateway to try it with: one whose link is cut already, else the first. */
export const startTry = (state: VillageState): Try | undefined => {
  const boxes = state.processes.filter(({ kind }) => kind === 'gateway');
  const box = boxes.find(({ link }) => link?.state === 'cut') ?? boxes[0];
  return box === undefined ? undefined : begin(box, 'cut');
};

export const nextTry = (before: Try | undefined, state: VillageState): Try | undefined => {
  const started = before ?? startTry(state);
  if (started === undefined) return undefined;
  // Before anything was done, whichever link is cut first is the one to watch.
  const at = started.step === 'cut' ? (startTry(state) ?? started) : started;
  const box = boxOf(state, at.gateway);
  if (box === undefined) return startTry(state);
  switch (at.step) {
    case 'cut':
      return box.link?.state === 'cut' ? begin(box, 'sell') : at;
    case 'sell':
      return (box.head ?? 0) > at.head ? begin(box, 'kill') : at;
    case 'kill':
      return box.kills > at.kills ? begin(box, 'up') : at;
    case 'up':
      return box.link?.state !== 'cut' && box.state === 'running' && box.pending === 0 ? begin(box, 'done') : at;
    case 'done':
      return at;
    default: {
      const never: never = at.step;
      return never;
    }
  }
};
