/**
 * Reads a file of mobile-money operations in PaySim's columns. Amounts become minor units through text, never through a float.
 * The balances that the file claims are not trusted: only the first claim of each client is taken, as what its account begins with.
 * Source of the format: the PaySim simulator (github.com/EdgarLopezPhD/PaySim).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ExitFault } from '../../platform/exit.ts';

export const PAYSIM_ACTIONS = ['CASH_IN', 'CASH_OUT', 'PAYMENT', 'TRANSFER', 'DEBIT'] as const;
export type PaysimAction = (typeof PAYSIM_ACTIONS)[number];

export type PaysimRow = {
  readonly action: PaysimAction;
  /** Minor units. */
  readonly amount: bigint;
  readonly origin: string;
  readonly destination: string;
  /** What the file says each held before: claims. */
  readonly originClaim: bigint;
  readonly destinationClaim: bigint;
};

const COLUMNS = ['step', 'action', 'amount', 'nameOrig', 'oldBalanceOrig', 'newBalanceOrig', 'nameDest', 'oldBalanceDest'];
const MAX_BYTES = 2 * 1024 * 1024 * 1024;
const NAME = /^[A-Z][0-9]{1,20}$/;

export function readPaysim(path: string, limit = Number.POSITIVE_INFINITY): readonly PaysimRow[] {
  let text: string;
  try {
    const bytes = readFileSync(path);
    text = (path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes).toString('utf8');
  } catch (fault) {
    throw new ExitFault(2, `${path} cannot be read: ${(fault as Error).message}`);
  }
  const lines = text.split('\n');
  const header = (lines[0] ?? '').trim().split(',');
  if (COLUMNS.some((column, index) => header[index] !== column)) {
    throw new ExitFault(2, `${path} must begin with the columns ${COLUMNS.join(',')}`);
  }
  const rows: PaysimRow[] = [];
  for (let index = 1; index < lines.length && rows.length < limit; index++) {
    const line = (lines[index] as string).trim();
    if (line !== '') rows.push(parseRow(line, path, index + 1));
  }
  if (rows.length === 0) throw new ExitFault(2, `${path} has no operations`);
  return rows;
}

function parseRow(line: string, path: string, lineNumber: number): PaysimRow {
  const cells = line.split(',');
  const [, action = '', amountText = '', origin = '', originClaimText = '', , destination = '', destinationClaimText = ''] = cells;
  const amount = minorOf(amountText);
  const originClaim = minorOf(originClaimText);
  const destinationClaim = minorOf(destinationClaimText);
  if (
    !PAYSIM_ACTIONS.includes(action as PaysimAction) ||
    amount === undefined ||
    originClaim === undefined ||
    destinationClaim === undefined ||
    !NAME.test(origin) ||
    !NAME.test(destination)
  ) {
    throw new ExitFault(2, `line ${lineNumber} of ${path} is not an operation: ${line.slice(0, 120)}`);
  }
  return { action: action as PaysimAction, amount, origin, destination, originClaim, destinationClaim };
}

/** `12.3` → 1230n; undefined where it is no decimal number of at most two places. */
export function minorOf(text: string): bigint | undefined {
  const match = /^(-?)([0-9]{1,15})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const minor = BigInt(match[2] as string) * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  return match[1] === '-' ? -minor : minor;
}
