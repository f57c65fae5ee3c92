/**
 * Exports: the canonical entries in the centre's order, page by page, so that memory does not grow with the ledger. What arrives while an
 * export runs is not in it: it ends at the last entry that was there when it began.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { ExitFault } from '../../main/platform/exit.ts';
import { csvEntry, csvHead } from './export-csv.ts';
import { hledgerEntry, hledgerHead } from './export-hledger.ts';
import { DATABASE_FILE, OpenFault, openDatabase } from './sqlite/open.ts';
import { createSqliteTables } from './sqlite/sqlite-tables.ts';
import type { StoredEntry, Tables } from './tables.ts';

export type ExportFormat = 'hledger' | 'csv';
export type ExportFilter = {
  readonly gateway?: string | undefined;
  readonly account?: string | undefined;
  readonly fromAt?: number | undefined;
  readonly toAt?: number | undefined;
};

const PAGE = 1_000;

export const fileNameOf = (format: ExportFormat): string => (format === 'csv' ? 'ledger.csv' : 'ledger.journal');

async function* pages(tables: Tables, filter: ExportFilter, lastSequence: number): AsyncGenerator<readonly StoredEntry[]> {
  let after = 0;
  for (;;) {
    const page = await tables.entries({ ...filter, standing: 'canonical', after, limit: PAGE });
    const within = page.filter(({ sequence }) => sequence <= lastSequence);
    if (within.length > 0) yield within;
    if (within.length < PAGE) return;
    after = within.at(-1)?.sequence ?? after;
  }
}

/** Accounts and currencies that the filtered entries name, sorted: declared before they are used. */
async function declared(tables: Tables, filter: ExportFilter, lastSequence: number): Promise<{ currencies: string[]; accounts: string[] }> {
  const currencies = new Set<string>();
  const accounts = new Set<string>();
  for await (const page of pages(tables, filter, lastSequence)) {
    for (const { entry } of page) {
      currencies.add(entry.currency);
      accounts.add(entry.account);
      for (const { account } of entry.postings) accounts.add(account);
    }
  }
  return { currencies: [...currencies].sort(), accounts: [...accounts].sort() };
}

/** Text in pieces of a page. */
export async function* exportLines(tables: Tables, format: ExportFormat, filter: ExportFilter = {}): AsyncGenerator<string, undefined> {
  const { lastSequence } = await tables.totals();
  if (format === 'csv') yield csvHead();
  else {
    const { currencies, accounts } = await declared(tables, filter, lastSequence);
    yield hledgerHead(currencies, accounts);
  }
  const write = format === 'csv' ? csvEntry : hledgerEntry;
  for await (const page of pages(tables, filter, lastSequence)) yield page.map(write).join('');
  return undefined;
}

export type ExportArgs = {
  readonly data: string;
  readonly format: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account?: string | undefined;
  readonly gateway?: string | undefined;
  readonly out?: string | undefined;
};

const momentOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new ExitFault(2, `--${name} ${text} is not a date: write 2026-10-01 or 2026-10-01T06:00:00Z`);
  return atMs;
};

/** `chautari export`: reads beside a running centre; writes to `--out` or to stdout. */
export async function runExport(args: ExportArgs): Promise<void> {
  if (args.format !== 'hledger' && args.format !== 'csv') throw new ExitFault(2, `--format ${args.format} is not known: hledger or csv`);
  const filter = { gateway: args.gateway, account: args.account, fromAt: momentOf('from', args.from), toAt: momentOf('to', args.to) };
  let tables: Tables;
  try {
    tables = createSqliteTables(openDatabase(join(args.data, DATABASE_FILE), { readonly: true }));
  } catch (error) {
    if (error instanceof OpenFault) throw new ExitFault(error.code === 'newer-version' || error.code === 'damaged' ? 3 : 1, error.message);
    throw error;
  }
  const target = args.out === undefined ? process.stdout : createWriteStream(args.out, { mode: 0o600 });
  try {
    for await (const text of exportLines(tables, args.format, filter)) if (!target.write(text)) await once(target, 'drain');
    if (args.out !== undefined) {
      target.end();
      await finished(target);
    }
  } catch (error) {
    throw new ExitFault(1, `the export could not be written: ${(error as Error).message}`);
  } finally {
    await tables.close();
  }
}
