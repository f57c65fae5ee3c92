/**
 * One payment run again by the version that decided it, on the facts that it saw, on the host that decided it and on jco's: the same answer
 * and the same fuel, or what differs. Reads only, so it works beside a running gateway.
 */
import { follows } from '../../ledger-sync/ledger/journal.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { type HostedCell, programOf } from '../cell-host/cell-host.ts';
import { jcoProgram } from '../cell-host/jco-program.ts';
import { isPaymentManifest } from '../cell-host/manifest.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import type { CellRegistry } from '../cell-host/registry.ts';
import type { PaymentOutcome } from '../gateway/commands.ts';
import type { KeptTrace } from '../gateway/trace.ts';
import type { Reader } from '../store/reader.ts';
import { type Answer, firstDifference, recordedAnswer, runAgain } from './run-again.ts';

export type Rerun = {
  readonly host: 'fast' | 'slow' | 'jco';
  /** Without an answer where the run could not be made; `why` says it. */
  readonly answer?: Answer;
  readonly why?: string;
  readonly difference?: { readonly was: string; readonly is: string };
};

export type PaymentReplay = {
  readonly outcome: PaymentOutcome;
  readonly trace: KeptTrace;
  readonly recorded: Answer;
  readonly runs: readonly Rerun[];
  readonly isSame: boolean;
};

export type ReplayFault = {
  readonly code: 'unknown-payment' | 'not-traced' | 'no-cell' | 'damaged';
  readonly detail: string;
};

export function replayPayment(reader: Reader, registry: CellRegistry, id: PaymentOutcome['id']): Result<PaymentReplay, ReplayFault> {
  const outcome = reader.payment(id);
  if (outcome === undefined) return err({ code: 'unknown-payment', detail: `${id} is not a payment of this box` });
  const damage = damageOf(reader, outcome);
  if (damage !== undefined) return err({ code: 'damaged', detail: damage });
  const kept = reader.traces.of(id);
  if (kept === undefined) {
    return err({
      code: 'not-traced',
      detail: `there is no trace of ${id}: no cell decided it, or it is older than what is kept, or an older release took it`,
    });
  }
  const { reads } = kept;
  if (reads === undefined) return err({ code: 'not-traced', detail: `${id} read more facts than are kept; it cannot be run again` });
  const trace: KeptTrace = { ...kept, reads };
  const { name, version, digest } = trace.cell;
  const found = registry.find(name, version, digest);
  if (!found.ok) return err({ code: 'no-cell', detail: `${found.error.detail}; install ${name} ${version} (digest ${digest}) again` });
  const recorded = recordedAnswer(outcome, trace);
  const runs = rerunsOf(found.value, trace, outcome, recorded);
  return ok({ outcome, trace, recorded, runs, isSame: runs.every(({ difference }) => difference === undefined) });
}

/** An entry whose content is not its hash's any more must not be explained. */
function damageOf(reader: Reader, outcome: PaymentOutcome): string | undefined {
  if (outcome.status !== 'approved') return undefined;
  const entry = reader.entry(outcome.entry.number);
  if (entry === undefined) return `entry ${outcome.entry.number} is missing`;
  const next = follows(reader.name(), { number: entry.number - 1, hash: entry.previous }, entry, sha256Hex);
  return next.ok ? undefined : `entry ${entry.number} was changed, or the one before it: its hash does not match (${next.error.code})`;
}

function rerunsOf(prepared: PreparedCell, trace: KeptTrace, outcome: PaymentOutcome, recorded: Answer): Rerun[] {
  const { manifest, digest } = prepared;
  if (!isPaymentManifest(manifest)) return [];
  const run = (host: Rerun['host'], program: HostedCell['program']): Rerun => {
    const again = runAgain({ manifest, digest, program }, trace, outcome);
    if (again.outcome === 'fact-missing') return { host, why: again.detail, difference: { was: 'an answer', is: again.detail } };
    const { answer } = again;
    // A host that does not meter says nothing of fuel; neither does a trace of one.
    const fuel = (of: Answer): string[] => (host === 'jco' || recorded.fuel === 0 ? [] : [`fuel ${of.fuel}`]);
    const difference = firstDifference([...recorded.lines, ...fuel(recorded)], [...answer.lines, ...fuel(answer)]);
    return difference === undefined ? { host, answer } : { host, answer, difference };
  };
  const decided = run(manifest.class === 'slow' ? 'slow' : 'fast', programOf(prepared));
  const isOutOfBudget = outcome.status === 'declined' && outcome.reason.code === 'budget';
  const jco: Rerun = isOutOfBudget
    ? { host: 'jco', why: 'not run: it does not meter, and this cell ended at its limit' }
    : run('jco', jcoProgram(prepared, { metered: false }));
  return [decided, jco];
}
