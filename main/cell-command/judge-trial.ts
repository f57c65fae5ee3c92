/** Whether what came is what a case expects, and if not, what differs and what to change: lines for a person. */
import { isDeepStrictEqual } from 'node:util';
import type { TrialOutcome, TrialResult } from './run-trial.ts';
import type { Expectation } from './try-cases.ts';

/** What an author does about each fault that the host finds. */
const HINTS: Readonly<Record<string, string>> = {
  trap: 'the cell stopped itself: look for a value that is null after all (x! in AssemblyScript, unwrap in Rust), an index out of bounds, a key that a Map lacks, a division by zero, a state key or value that is too long, or memory that is used up (budget.memoryPages)',
  limit: 'look for a loop or a call that does not end; if none is wrong, do less in one request or raise the budget in manifest.json',
  'bad-answer': 'the cell gave no value of its world’s types: are its bindings those of this contract?',
  'bad-request': 'no gateway would let this request through: change the case',
  'unknown-action': 'name the action in manifest.json under actions',
  'not-balanced': 'the postings must sum to zero, none of them zero, no account twice',
  'not-granted': 'name the account’s kind in manifest.json under grants.accounts',
  'outside-partition': 'post only to the request’s own account, its counterparty, and the site’s accounts',
  'unknown-account': 'ask accounts.find first, and decline with unknown-account',
  'debit-not-allowed': 'name the kind in the action’s debits in manifest.json',
  'below-floor': 'ask accounts.available first, and decline with not-enough',
  'wrong-amount': 'look at the action’s served and legs in manifest.json: the account that is served moves by the amount, once a leg',
  'not-refundable': 'ask accounts.refundable first, and decline what is more',
};

export function hintOf(code: string): string | undefined {
  return HINTS[code];
}

function differences(what: string, wanted: Readonly<Record<string, unknown>>, came: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const found = Object.hasOwn(came, name) ? came[name] : undefined;
    if (isDeepStrictEqual(found, value)) return [];
    return [`${what} ${name}: expected ${JSON.stringify(value)}, came ${found === undefined ? 'nothing' : JSON.stringify(found)}`];
  });
}

function keptDifferences(wanted: Expectation, came: TrialOutcome): string[] {
  if (!('state' in came)) return [];
  const lines: string[] = [];
  if ('state' in wanted && wanted.state !== undefined) lines.push(...differences('state', wanted.state, came.state));
  if ('outbox' in wanted && wanted.outbox !== undefined) lines.push(...differences('outbox', wanted.outbox, came.outbox));
  return lines;
}

function said(came: TrialOutcome): string {
  switch (came.outcome) {
    case 'approved':
      return 'approved';
    case 'declined':
      return `declined ${came.tag}: ${came.detail}`;
    case 'failed':
      return `failed ${came.code}: ${came.detail}`;
    case 'ok':
      return `ok ${JSON.stringify(came.value)}`;
    case 'error':
      return `error ${came.text}`;
  }
}

function approvedDifferences(wanted: Extract<Expectation, { approved: unknown }>, came: TrialOutcome): string[] {
  if (came.outcome !== 'approved') return [`expected approved, came ${said(came)}`];
  const lines: string[] = [];
  const { postings, receipt } = wanted.approved;
  // All of them: a posting that nobody expected moves money too.
  if (postings !== undefined && !isDeepStrictEqual({ ...came.postings }, { ...postings })) {
    lines.push(`postings: expected ${JSON.stringify(postings)}, came ${JSON.stringify(came.postings)}`);
  }
  if (receipt !== undefined) lines.push(...differences('receipt', receipt, came.receipt));
  return lines;
}

function outcomeDifferences(wanted: Expectation, came: TrialOutcome): string[] {
  if ('approved' in wanted) return approvedDifferences(wanted, came);
  if ('declined' in wanted) {
    if (came.outcome !== 'declined' || came.tag !== wanted.declined) return [`expected declined ${wanted.declined}, came ${said(came)}`];
    const { detail, available } = wanted;
    return differences('decline', { ...(detail === undefined ? {} : { detail }), ...(available === undefined ? {} : { available }) }, came);
  }
  if ('failed' in wanted) {
    return came.outcome === 'failed' && came.code === wanted.failed ? [] : [`expected failed ${wanted.failed}, came ${said(came)}`];
  }
  if ('error' in wanted) {
    return came.outcome === 'error' && came.text === wanted.error ? [] : [`expected error ${wanted.error}, came ${said(came)}`];
  }
  if (came.outcome !== 'ok') return [`expected ok, came ${said(came)}`];
  return isDeepStrictEqual(came.value, wanted.ok)
    ? []
    : [`expected ok ${JSON.stringify(wanted.ok)}, came ok ${JSON.stringify(came.value)}`];
}

/** No line where all is as expected. A case that expects nothing fails only where the cell itself does. */
export function judgeTrial({ case: one, came, fuel, otherwise }: Omit<TrialResult, 'record'>): string[] {
  const { expect } = one;
  const lines = expect === undefined ? [] : [...outcomeDifferences(expect, came), ...keptDifferences(expect, came)];
  const failedUnasked = came.outcome === 'failed' && (expect === undefined || !('failed' in expect));
  if (expect === undefined && failedUnasked) lines.push(said(came));
  if (failedUnasked) {
    const hint = hintOf(came.code);
    if (hint !== undefined) lines.push(hint);
  }
  if (expect !== undefined && 'fuelMax' in expect && expect.fuelMax !== undefined && fuel > expect.fuelMax) {
    lines.push(`fuel: expected at most ${expect.fuelMax}, came ${fuel}`);
  }
  if (otherwise !== undefined) {
    lines.push(
      `jco's own output says otherwise: ${said(otherwise)}`,
      'that is a fault of this host: report it with the cell and this case',
    );
  }
  return lines;
}
