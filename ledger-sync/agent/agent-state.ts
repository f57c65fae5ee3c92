/** What the screen and the log are told about the sync: derived from the machine, compared so that only changes are told. */
import type { RejectReason } from '../protocol/reject.ts';
import { isSlow } from './link-estimate.ts';
import type { MachineState, Phase } from './machine-types.ts';

/** `on`: the centre answers. `slow`: it answers late, in part, or not yet. `off`: no connection, or three times no answer. */
export type LinkState = 'on' | 'slow' | 'off';

export type AgentState = {
  readonly phase: Phase;
  readonly link: LinkState;
  /** Since when the link is so: wall time, milliseconds since 1970. */
  readonly sinceMs: number;
  readonly rttMs?: number;
  /** The highest entry that was handed to the link. */
  readonly sentNumber: number;
  /** The highest entry that head office has acknowledged. */
  readonly settledNumber: number;
  readonly rejected?: RejectReason;
  readonly badPackets: number;
};

const UNANSWERED_LIMIT = 3;

function linkOf(machine: MachineState): LinkState {
  if (!machine.isConnected || machine.silences >= UNANSWERED_LIMIT || machine.phase === 'unenrolled') return 'off';
  if (machine.silences > 0 || machine.phase === 'opening' || machine.phase === 'asking' || isSlow(machine.link)) return 'slow';
  return 'on';
}

export function agentState(machine: MachineState, before: AgentState | undefined, nowMs: number, badPackets: number): AgentState {
  const link = linkOf(machine);
  const state = {
    phase: machine.phase,
    link,
    sinceMs: before?.link === link ? before.sinceMs : nowMs,
    sentNumber: machine.highestSent,
    settledNumber: machine.settled.number,
    badPackets,
  };
  return {
    ...state,
    ...(machine.link.rttMs === undefined ? {} : { rttMs: Math.round(machine.link.rttMs) }),
    ...(machine.rejected === undefined ? {} : { rejected: machine.rejected }),
  };
}

/** The round trip alone is no news. */
export const isSameState = (left: AgentState, right: AgentState): boolean =>
  left.phase === right.phase &&
  left.link === right.link &&
  left.sentNumber === right.sentNumber &&
  left.settledNumber === right.settledNumber &&
  left.rejected === right.rejected &&
  left.badPackets === right.badPackets;
