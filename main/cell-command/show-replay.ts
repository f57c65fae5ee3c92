/** Replays in words, for a terminal, and as plain JSON for programs. */
import type { CellReplay } from './replay-cell.ts';
import type { PaymentReplay, Rerun } from './replay-payment.ts';

const LABEL_CHARS = 9;
const line = (label: string, text: string): string => `${label.padEnd(LABEL_CHARS)}${text}`;
const block = (label: string, texts: readonly string[]): string[] => texts.map((text, index) => line(index === 0 ? label : '', text));
const time = (at: number): string => new Date(at).toISOString();

const HOSTS: Readonly<Record<Rerun['host'], string>> = { fast: 'fast host', slow: 'slow host', jco: 'jco' };

/** What the host lends to a cell may hold a meter's key: it is used to run again, and not shown. */
const LENT = 'lent by the host, not shown';
const isLent = (key: string): boolean => key.startsWith('host.');

function factLines({ accounts, refundable, state }: PaymentReplay['trace']['reads']): string[] {
  return [
    ...accounts.map(({ id, found, available }) => {
      if (found === null) return `${id}: not known`;
      const { currency, limit, open } = found;
      const here = available === undefined ? '' : `, available ${available}`;
      return `${id}: ${open ? 'open' : 'closed'}, ${currency}${limit === '0' ? '' : `, limit ${limit}`}${here}`;
    }),
    ...refundable.map(({ id, amount }) => `refundable of ${id}: ${amount}`),
    ...state.map(({ key, value }) => `state ${JSON.stringify(key)}: ${value === null ? 'not there' : isLent(key) ? LENT : `0x${value}`}`),
  ];
}

function rerunText({ answer, why, difference }: Rerun): string {
  if (difference !== undefined) return `DIFFERENT: was "${difference.was}", is "${difference.is}"`;
  if (answer === undefined) return why ?? '';
  return answer.fuel === 0 ? 'the same answer' : `the same answer, fuel ${answer.fuel}`;
}

export function paymentReplayText({ outcome, trace, recorded, runs, isSame }: PaymentReplay): string {
  const { request, cell } = trace;
  const how = outcome.status === 'approved' ? `approved as entry ${outcome.entry.number}` : 'declined';
  const about = [
    request.account === '' ? '' : `account ${request.account}`,
    request.counterparty === '' ? '' : `counterparty ${request.counterparty}`,
    request.refersTo === undefined ? '' : `refers to ${request.refersTo}`,
    `operator ${request.operator}`,
  ].filter((text) => text !== '');
  const facts = factLines(trace.reads);
  return [
    line('payment', `${outcome.id}: ${how} on ${time(outcome.at)}`),
    line('cell', `${cell.name} ${cell.version}, digest ${cell.digest}`),
    line('asked', `${request.action} of ${request.amount} ${request.currency}; ${about.join(', ')}`),
    ...block(
      'fields',
      request.fields.map(({ name, value }) => `${name} = ${value}`),
    ),
    ...block('facts', facts.length === 0 ? ['none were read'] : facts),
    ...(trace.seed === undefined ? [] : [line('seed', trace.seed)]),
    ...block('answer', recorded.lines),
    line('fuel', recorded.fuel === 0 ? 'not metered' : String(recorded.fuel)),
    '',
    ...runs.map((run) => `${HOSTS[run.host].padEnd(10)} ${rerunText(run)}`),
    isSame ? 'the same as on record' : 'NOT the same as on record',
  ].join('\n');
}

const CELL_CHARS = 28;
const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
/** A version that differs throughout is seen from the first ones. */
const ROWS_SHOWN = 50;

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const more = (all: readonly unknown[]): string[] =>
  all.length > ROWS_SHOWN ? [`and ${all.length - ROWS_SHOWN} more (--json has all)`] : [];

export function cellReplayText({ name, version, digest, same, differing, unjudged, fuel }: CellReplay): string {
  const total = same + differing.length + unjudged.length;
  if (total === 0) return `${name} ${version}: no request of ${name} is on record since then; nothing could be compared`;
  const parts = [
    `${name} ${version} (digest ${digest}) on ${total} requests: ${same} same, ${differing.length} differ, ${unjudged.length} cannot be judged`,
  ];
  if (fuel.recorded > 0n && fuel.candidate > 0n) parts.push(`fuel: ${fuel.recorded} on record, ${fuel.candidate} now`);
  if (differing.length > 0) {
    const rows = differing
      .slice(0, ROWS_SHOWN)
      .map((one) => [
        one.payment,
        `${one.action} ${one.amount} ${one.currency}`,
        cut(one.oldAnswer, CELL_CHARS),
        cut(one.newAnswer, CELL_CHARS),
        one.was === one.oldAnswer ? '' : `${cut(one.was, 48)} -> ${cut(one.is, 48)}`,
      ]);
    parts.push('', ...table([['request', 'what', 'old answer', 'new answer', 'first line that differs'], ...rows]), ...more(differing));
  }
  if (unjudged.length > 0) {
    const rows = unjudged.slice(0, ROWS_SHOWN).map((one) => [one.payment, `${one.action} ${one.amount} ${one.currency}`, one.why]);
    parts.push('', ...table([['request', 'what', 'cannot be judged because'], ...rows]), ...more(unjudged));
    parts.push('Facts of today are not put in the place of missing ones: they are not what the request saw.');
  }
  return parts.join('\n');
}

const isLentFact = (value: unknown): value is { readonly key: string } =>
  typeof value === 'object' && value !== null && 'key' in value && 'value' in value && typeof value.key === 'string' && isLent(value.key);

export const plainJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_key, one) => (typeof one === 'bigint' ? one.toString() : isLentFact(one) ? { key: one.key, value: LENT } : one),
    2,
  );
