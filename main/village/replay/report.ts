/** What a replay found, as data and as lines to read. */
import { kindOf, parseAccountId } from '../../../ledger-sync/ledger/account.ts';
import type { Comparison, GatewaySums } from './compare.ts';
import type { ReplayPlan } from './operations.ts';
import type { ReplayOptions } from './replay.ts';
import type { Tally } from './tally.ts';
import type { Kills } from './weather.ts';

export type Report = {
  readonly exact: boolean;
  readonly differenceCount: number;
  readonly differences: readonly string[];
  readonly operations: number;
  /** By kind of the file: outcome → count; a decline names why the model expected it. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly approved: number;
  readonly duplicatesAbsorbed: number;
  readonly sentAgain: { readonly unanswered: number; readonly notNow: number };
  readonly kills: Kills;
  readonly seed: number;
  readonly trace: { readonly name: string; readonly seconds: number; readonly outageSeconds: number; readonly speed: number };
  readonly payingMs: number;
  readonly drainingMs: number;
  readonly entriesPerSecond: number;
  readonly answerMs: { readonly p50: number; readonly p99: number };
  readonly bytesPerPayment: { readonly batches: number; readonly linkUp: number; readonly linkDown: number };
  readonly accountsOpened: number;
  readonly negativeClaims: number;
  readonly accountsCompared: number;
  readonly breaks: number;
  readonly trialBalance: { readonly debit: string; readonly credit: string };
  readonly gateways: readonly GatewaySums[];
  /** Sum of head office's balances by kind of account, minor units, debit > 0. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Every balance of head office, minor units, debit > 0. */
  readonly balances: Readonly<Record<string, string>>;
  readonly cores: number;
};

type Found = {
  readonly options: ReplayOptions;
  readonly plan: ReplayPlan;
  readonly tally: Tally;
  readonly comparison: Comparison;
  readonly kills: Kills;
  readonly payingMs: number;
  readonly drainingMs: number;
};

export function reportOf({ options, plan, tally, comparison, kills, payingMs, drainingMs }: Found): Report {
  const sum = (pick: (row: GatewaySums) => number): number => comparison.gateways.reduce((total, row) => total + pick(row), 0);
  const entries = sum((row) => row.entries);
  const kinds = new Map<string, bigint>();
  for (const [account, balance] of comparison.balances) {
    const id = parseAccountId(account);
    const kind = id.ok ? kindOf(id.value) : 'unknown';
    kinds.set(kind, (kinds.get(kind) ?? 0n) + balance);
  }
  return {
    exact: tally.differenceCount === 0,
    differenceCount: tally.differenceCount,
    differences: tally.differences,
    operations: plan.operations.length,
    outcomes: Object.fromEntries([...tally.outcomes].map(([kind, counts]) => [kind, Object.fromEntries(counts)])),
    approved: tally.approved,
    duplicatesAbsorbed: tally.absorbed,
    sentAgain: { unanswered: tally.unanswered, notNow: tally.notNow },
    kills,
    seed: options.seed,
    trace: {
      name: options.trace.name,
      seconds: options.trace.seconds.length,
      outageSeconds: options.trace.outageSeconds,
      speed: options.speed,
    },
    payingMs: Math.round(payingMs),
    drainingMs: Math.round(drainingMs),
    entriesPerSecond: Math.round((tally.approved / payingMs) * 1_000),
    answerMs: { p50: tally.quantileMs(0.5), p99: tally.quantileMs(0.99) },
    bytesPerPayment: {
      batches: round(sum((row) => row.wireBytes) / entries),
      linkUp: round(sum((row) => row.linkUpBytes) / entries),
      linkDown: round(sum((row) => row.linkDownBytes) / entries),
    },
    accountsOpened: plan.openings.length,
    negativeClaims: plan.negativeClaims,
    accountsCompared: comparison.accountsCompared,
    breaks: comparison.breaks,
    trialBalance: { debit: comparison.trialDebit.toString(), credit: comparison.trialCredit.toString() },
    gateways: comparison.gateways,
    kinds: Object.fromEntries([...kinds].map(([kind, balance]) => [kind, balance.toString()])),
    balances: Object.fromEntries([...comparison.balances].map(([account, balance]) => [account, balance.toString()])),
    cores: options.cores,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

export function printReport(report: Report, output: { write(text: string): unknown }): void {
  const { kills, trace, sentAgain, answerMs, bytesPerPayment } = report;
  const lines = [
    '',
    `${report.operations} operations through ${report.gateways.length} gateways, seed ${report.seed}, on ${report.cores} cores`,
    `link trace ${trace.name}: ${trace.seconds} s recorded, ${trace.outageSeconds} s of them out, played ${trace.speed} times as fast`,
    '',
    ...Object.entries(report.outcomes).flatMap(([kind, counts]) =>
      Object.entries(counts)
        .sort(([, left], [, right]) => right - left)
        .map(([outcome, count], index) => `  ${(index === 0 ? kind : '').padEnd(10)}${count.toString().padStart(8)}  ${outcome}`),
    ),
    '',
    `  approved               ${report.approved}`,
    `  duplicates absorbed    ${report.duplicatesAbsorbed}`,
    `  sent again             ${sentAgain.unanswered} not answered, ${sentAgain.notNow} told "not now"`,
    `  kills survived         ${kills.gateways + kills.broker + kills.central} (gateways ${kills.gateways}, broker ${kills.broker}, head office ${kills.central})`,
    `  entries a second       ${report.entriesPerSecond} (paid in ${seconds(report.payingMs)}, drained ${seconds(report.drainingMs)} later)`,
    `  answered within        p50 ${answerMs.p50.toFixed(1)} ms, p99 ${answerMs.p99.toFixed(1)} ms (kills included)`,
    `  bytes a payment        ${bytesPerPayment.batches} in batches; on the link ${bytesPerPayment.linkUp} up, ${bytesPerPayment.linkDown} down (everything, repeats included)`,
    `  accounts               ${report.accountsOpened} opened, ${report.negativeClaims} claimed less than nothing and began with nothing`,
    `  transfers to clients of another gateway gave the payee position at the payer’s gateway (P9)`,
    '',
    ...report.gateways.map(
      (row) => `  ${row.gateway.padEnd(12)}${row.entries} entries, ${row.atCentre} at head office, ${row.accounts} accounts with money`,
    ),
    '',
    ...report.differences.map((difference) => `  differs: ${difference}`),
    report.exact
      ? `EXACT: ${report.accountsCompared} accounts agree to the last minor unit between head office, gateways and our own fold; trial balance ${report.trialBalance.debit} = ${report.trialBalance.credit}; ${report.breaks} breaks`
      : `NOT EXACT: ${report.differenceCount} differences`,
    '',
  ];
  output.write(`${lines.join('\n')}\n`);
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
