/** What `chautari cell try` prints of a request: the answer, each posting in a column, receipt, state, outbox, fuel. */
import type { CellManifest } from '../cell-host/manifest.ts';
import type { TrialOutcome, TrialResult } from './run-trial.ts';

function pairs(title: string, values: Readonly<Record<string, unknown>>): string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const shown = entries.map(
    ([name, value]) => `${name} = ${value === null ? '(taken away)' : typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return shown.map((text, index) => `  ${(index === 0 ? title : '').padEnd(9)} ${text}`);
}

function postings(values: Readonly<Record<string, string>>): string[] {
  const width = Math.max(0, ...Object.keys(values).map((account) => account.length));
  return Object.entries(values).map(([account, amount]) => {
    const side = amount.startsWith('-') ? 'credit' : 'debit';
    return `  ${side.padEnd(9)} ${account.padEnd(width)}  ${amount.replace('-', '').padStart(12)}`;
  });
}

function outcomeLines(came: TrialOutcome): string[] {
  switch (came.outcome) {
    case 'approved':
      return [
        ...postings(came.postings),
        ...pairs('receipt', came.receipt),
        ...pairs('state', came.state),
        ...pairs('outbox', came.outbox),
      ];
    case 'declined':
      return [`  ${came.tag}: ${came.detail}`];
    case 'failed':
      return [`  ${came.code}: ${came.detail}`];
    case 'ok':
      return [`  answer    ${JSON.stringify(came.value)}`, ...pairs('state', came.state), ...pairs('outbox', came.outbox)];
    case 'error':
      return [`  ${came.text}`];
  }
}

function checksLine({ outcome }: TrialOutcome): string[] {
  return outcome === 'approved' ? ['  checks    balance, partition, amount, floors, receipt: passed'] : [];
}

export function showTrial({ case: one, came, fuel }: TrialResult, manifest: CellManifest): string[] {
  const share = ((fuel / manifest.budget.fuel) * 100).toFixed(1);
  return [
    `${one.name}: ${came.outcome}`,
    ...outcomeLines(came),
    ...checksLine(came),
    `  fuel      ${fuel} of ${manifest.budget.fuel} (${share} %)`,
  ];
}
