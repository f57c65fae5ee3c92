/** The words of the sync machine: what it is told (inputs), what it asks for (effects), and what it remembers. All data, no behaviour. */
import type { Head } from '../ledger/journal.ts';
import type { RefusalReason } from '../protocol/enrol.ts';
import type { GapReason } from '../protocol/gap.ts';
import type { RejectReason } from '../protocol/reject.ts';
import type { LinkEstimate, LinkSettings } from './link-estimate.ts';

/**
 * `unenrolled`: no centre is known, nothing is sent. `asking`: ENROL is repeated. `opening`: the head is shown until the centre answers (J4).
 * `streaming`: batches go. `fenced`: this journal is closed (J4, P6); what it holds past its last
 * acknowledged entry still goes (P7), then only the head is shown now and then.
 */
export type Phase = 'unenrolled' | 'asking' | 'opening' | 'streaming' | 'fenced';

/** How a head of the centre stands to our journal. `ancestor`: we have that entry with that hash. */
export type Standing = 'ancestor' | 'ahead' | 'diverged';

export type MachineSettings = LinkSettings & {
  /** Without traffic the head is shown so often. */
  readonly heartbeatMs: number;
  /** After REJECT, and while fenced. */
  readonly slowRetryMs: number;
  /** The longest pause before the next attempt to connect. */
  readonly mostReconnectMs: number;
  readonly leastReconnectMs: number;
};

/** Times are of a clock that only rises, in milliseconds. */
export type Input = { readonly nowMs: number } & (
  | { readonly type: 'start' }
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'tick' }
  /** A voucher was typed in. */
  | { readonly type: 'enrol' }
  | { readonly type: 'enrolled' }
  /** Without proof (`proved` false) a refusal is only a hint: ask again. */
  | { readonly type: 'refused'; readonly reason: RefusalReason | 'other-gateway'; readonly proved: boolean }
  | { readonly type: 'journal-grew'; readonly head: number }
  /** The answer to the effects `send` and `show-head`: what was handed to the link. `to` equals `after` where there were no entries. */
  | { readonly type: 'sent'; readonly after: number; readonly to: number; readonly bytes: number; readonly mark: number }
  | {
      readonly type: 'ack';
      readonly received: Head;
      readonly archived: number;
      readonly fenced: boolean;
      readonly answers: number;
      readonly standing: Standing;
    }
  | {
      readonly type: 'gap';
      readonly received: Head;
      readonly reason: GapReason;
      readonly limitEntries: number;
      readonly until: number;
      readonly answers: number;
      readonly standing: Standing;
    }
  | { readonly type: 'reject'; readonly reason: RejectReason }
);

export type Report =
  | { readonly code: 'rejected'; readonly reason: RejectReason }
  /** `proved` false: anybody may have said so; the asking goes on. */
  | { readonly code: 'refused'; readonly reason: RefusalReason | 'other-gateway'; readonly proved: boolean }
  /** The centre holds less than it has acknowledged: it was restored. What it lacks is sent again. */
  | { readonly code: 'centre-behind'; readonly received: number; readonly settled: number }
  | { readonly code: 'silence'; readonly times: number };

export type Effect =
  | { readonly type: 'connect'; readonly afterMs: number }
  | { readonly type: 'ask' }
  /** An empty batch with the full head. Answered by `sent`. */
  | { readonly type: 'show-head' }
  /** Entries after this number. Answered by `sent`, even where nothing could be sent. */
  | {
      readonly type: 'send';
      readonly after: number;
      readonly limitEntries: number;
      readonly limitBytes: number;
      readonly fullHead: boolean;
    }
  | { readonly type: 'settle'; readonly received: Head; readonly archived: number }
  | { readonly type: 'fence'; readonly reason: string }
  | { readonly type: 'set-timer'; readonly atMs: number | undefined }
  | { readonly type: 'report'; readonly report: Report };

/** A batch that was handed to the link and is not answered. */
export type Flight = {
  /** Rises with every batch. */
  readonly sequence: number;
  readonly after: number;
  readonly to: number;
  readonly bytes: number;
  readonly mark: number;
  readonly sentAtMs: number;
  /** Sent before: its answer says nothing about the round trip. */
  readonly isAgain: boolean;
  /** What had arrived when this went, and since when that was so: the arrivals from then to its answer are a sample of the rate. */
  readonly arrivedBytes: number;
  readonly arrivedMs: number;
  /** Others were on the way. */
  readonly wasBusy: boolean;
  /** The centre has it, and waits for what comes before: not on the way any more, and not to be sent again. */
  readonly isHeld: boolean;
};

export type MachineState = {
  readonly phase: Phase;
  readonly isConnected: boolean;
  /** Attempts to connect since the last success. */
  readonly attempts: number;
  /** Number of our last entry. */
  readonly head: number;
  /** The highest that the centre has acknowledged, ever (I9). */
  readonly settled: Head;
  readonly archived: number;
  /** Where the centre stands in this exchange, or how much of a closed journal's branch it has heard; batches start from here. */
  readonly base: number;
  /** The highest entry that was ever handed to the link: what goes below it goes again. */
  readonly highestSent: number;
  /** What none of these covers, from `base` on, is sent next. */
  readonly flights: readonly Flight[];
  readonly sequence: number;
  /** A `send` or `show-head` is on its way to the runner. */
  readonly awaitsSent: boolean;
  readonly fullHeadNext: boolean;
  /** J7: until `until` has gone, at most so many entries a batch, each with the full head. */
  readonly halving?: { readonly limit: number; readonly until: number };
  readonly lastGap?: { readonly number: number; readonly atMs: number };
  /** Times in a row that nothing was answered. */
  readonly silences: number;
  readonly rejected?: RejectReason;
  /** When the machine acts by itself. */
  readonly dueMs?: number;
  readonly progressMs: number;
  /** Bytes of batches that were answered, and when the last of them was. */
  readonly arrivedBytes: number;
  readonly arrivedMs: number;
  readonly link: LinkEstimate;
};
