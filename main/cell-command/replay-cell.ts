/**
 * What a candidate version would have answered to the requests that its method really had, on the facts that they saw. For whoever is about
 * to install it (`chautari cell install`) or wants to know (`chautari cell replay`).
 * A fact that the candidate reads and that was not on record is not replaced by today's: a wallet has another balance now, and a difference
 * for that reason would say nothing of the candidate. Such a request is counted as one that cannot be judged.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { programOf } from '../cell-host/cell-host.ts';
import { isPaymentManifest } from '../cell-host/manifest.ts';
import type { PreparedCell } from '../cell-host/prepared-cell.ts';
import type { PaymentOutcome } from '../gateway/commands.ts';
import type { Reader } from '../store/reader.ts';
import { firstDifference, recordedAnswer, runAgain } from './run-again.ts';

export type ReplayedRequest = {
  readonly payment: string;
  readonly at: number;
  readonly action: string;
  readonly amount: bigint;
  readonly currency: string;
  /** The version that decided it. */
  readonly version: string;
};
export type Differing = ReplayedRequest & {
  /** `approved`, or `declined` with its code. */
  readonly oldAnswer: string;
  readonly newAnswer: string;
  readonly was: string;
  readonly is: string;
};
export type Unjudged = ReplayedRequest & { readonly why: string };

export type CellReplay = {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly same: number;
  readonly differing: readonly Differing[];
  readonly unjudged: readonly Unjudged[];
  /** Fuel of all that were judged: on record, and the candidate's. */
  readonly fuel: { readonly recorded: bigint; readonly candidate: bigint };
};

/** Requests that are replayed at most: the newest. */
export const REPLAYED_MAX = 20_000;

const headline = (lines: readonly string[]): string => lines[0] ?? '';

export function replayCell(
  reader: Reader,
  candidate: PreparedCell,
  since: number,
): Result<CellReplay, { readonly code: 'not-a-payment-cell'; readonly detail: string }> {
  const { manifest, digest } = candidate;
  if (!isPaymentManifest(manifest)) {
    return err({ code: 'not-a-payment-cell', detail: `${manifest.name} is of the world ${manifest.world}: it decides no payments` });
  }
  const cell = { manifest, digest, program: programOf(candidate) };
  const differing: Differing[] = [];
  const unjudged: Unjudged[] = [];
  let same = 0;
  const fuel = { recorded: 0n, candidate: 0n };
  for (const trace of reader.traces.since(manifest.name, since, REPLAYED_MAX)) {
    const { request, reads } = trace;
    const { id: payment, action, amount, currency } = request;
    const about = { payment, at: Number(request.at), action, amount, currency, version: trace.cell.version };
    const outcome = reader.payment(payment as PaymentOutcome['id']);
    if (outcome === undefined || reads === undefined) {
      unjudged.push({ ...about, why: 'it read more facts than are kept' });
      continue;
    }
    const again = runAgain(cell, { ...trace, reads }, outcome);
    if (again.outcome === 'fact-missing') {
      unjudged.push({ ...about, why: again.detail });
      continue;
    }
    const recorded = recordedAnswer(outcome, trace);
    fuel.recorded += BigInt(recorded.fuel);
    fuel.candidate += BigInt(again.answer.fuel);
    const difference = firstDifference(recorded.lines, again.answer.lines);
    if (difference === undefined) same++;
    else differing.push({ ...about, oldAnswer: headline(recorded.lines), newAnswer: headline(again.answer.lines), ...difference });
  }
  return ok({ name: manifest.name, version: manifest.version, digest, same, differing, unjudged, fuel });
}
