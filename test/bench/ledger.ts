/**
 * `payment.cycle`: one payment alone through the writer's commit: command, cell, checks, rows, COMMIT. `ledger.rate`: payments a second
 * through the writer thread, FULL, 64 in flight. Beside each, in the same run and on the same tables, the same rows by bare prepared
 * statements, without a ledger, a cell, a savepoint or a thread. `.plain` is with cells in plain TypeScript: what the house itself costs.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentId } from '../../ledger-sync/ledger/ids.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { cellHost } from '../../main/cell-host/cell-host.ts';
import { jcoProgram } from '../../main/cell-host/jco-program.ts';
import { hosted, loadCells, loadPrepared } from '../../main/cell-host/load-cells.ts';
import type { Cells } from '../../main/gateway/cells.ts';
import { writerParts } from '../../main/store/compose-parts.ts';
import { createDatabase, openDatabase, type Synchronous } from '../../main/store/database.ts';
import { GroupCommit } from '../../main/store/group-commit.ts';
import { fillNewJournal } from '../../main/store/store.ts';
import type { WriterOptions } from '../../main/store/writer.ts';
import { startWriter } from '../../main/store/writer-thread.ts';
import { simpleCells } from '../support/store/simple-cells.ts';
import { NEW_JOURNAL, payment } from '../support/store/test-store.ts';
import type { Figure } from './figure.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CELLS = new URL('../../dist/cells', import.meta.url).pathname;
const IN_FLIGHT = 64;
const ROUNDS = 5;
/** As long as a cash sale's. */
const TRACE_BODY = `[["sale","","","100","NPR","0123456789"],0,[0,1,2,3,4],[[[0,"0","NPR","0",1],[1,"0","NPR","0",1]],[],[]],0,0]`;

const median = (values: readonly number[]): number => quantile(values, 0.5);
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
}

/** The rows of a cash sale by bare statements: what SQLite itself needs for them. */
class BareSql {
  private readonly connection;
  private readonly sql;
  private number = 0;
  private balance = 0n;

  constructor(path: string, synchronous: Synchronous) {
    createDatabase(path, (connection) => fillNewJournal(connection, NEW_JOURNAL));
    this.connection = openDatabase(path, synchronous);
    const prepare = (sql: string) => this.connection.prepare(sql);
    this.sql = {
      begin: prepare('BEGIN IMMEDIATE'),
      commit: prepare('COMMIT'),
      find: prepare('SELECT body_hash, outcome, entry, answer, at FROM payment WHERE id = ?'),
      entry: prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      posting: prepare('INSERT INTO posting (entry, line, account, amount) VALUES (?, ?, ?, ?)'),
      balance: prepare('UPDATE balance SET amount = ?, at = ? WHERE account = ?'),
      trace: prepare('INSERT INTO trace (number, payment, cell, fuel, at, body) VALUES (?, ?, ?, ?, ?, ?)'),
      payment: prepare('INSERT INTO payment (id, body_hash, outcome, entry, answer, at, trace) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    };
  }

  group(count: number): void {
    const { sql } = this;
    const hash = Buffer.alloc(32, 7);
    sql.begin.run();
    for (let index = 0; index < count; index++) {
      const number = ++this.number;
      const id = `0123456789.${number}`;
      this.balance += 100n;
      sql.find.get(id);
      sql.entry.run(number, hash, 'cash', 'sale', id, null, 'drawer:syabru', 100n, 'NPR', '0123456789', null, number);
      sql.posting.run(number, 0, 'drawer:syabru', 100n);
      sql.balance.run(this.balance, number, 'drawer:syabru');
      sql.posting.run(number, 1, 'sales:syabru', -100n);
      sql.balance.run(-this.balance, number, 'sales:syabru');
      sql.trace.run(number, id, 1, 5_000, number, TRACE_BODY);
      sql.payment.run(id, hash, 'approved', number, '[["amount","100"]]', number, number);
    }
    sql.commit.run();
  }

  close(): void {
    this.connection.close();
  }
}

/** Each in its own file, in turns, so that what else the machine does falls on both alike. */
function cycle(
  folder: string,
  name: string,
  cells: Cells,
  synchronous: Synchronous,
  count: number,
  inGroup = 1,
): { readonly ours: number[]; readonly bare: number[] } {
  const databasePath = join(folder, `${name}.sqlite`);
  createDatabase(databasePath, (connection) => fillNewJournal(connection, NEW_JOURNAL));
  const { gateway, currency } = NEW_JOURNAL;
  const setup = { databasePath, cellsDirectory: '', gateway, currency, printReceipts: false, groupLimit: 256, synchronous };
  const group = new GroupCommit(writerParts(setup, cells).open);
  const rival = new BareSql(join(folder, `${name}-bare.sqlite`), synchronous);
  const ours: number[] = [];
  const bare: number[] = [];
  const warm = Math.ceil(count / 10);
  let next = 1;
  for (let index = 1; index <= count + warm; index++) {
    const orders = Array.from({ length: inGroup }, () => ({ id: next, command: 'take-payment' as const, input: payment(next++) }));
    const start = performance.now();
    const { answers } = group.run(orders);
    const between = performance.now();
    rival.group(inGroup);
    const end = performance.now();
    const refused = answers.find(({ out }) => !out.ok || !('status' in out.value) || out.value.status !== 'approved');
    if (refused !== undefined) throw new Error(`payment ${refused.id} was not taken: ${JSON.stringify(refused.out)}`);
    if (index <= warm) continue;
    ours.push(((between - start) * 1_000) / inGroup);
    bare.push(((end - between) * 1_000) / inGroup);
  }
  group.close();
  rival.close();
  return { ours, bare };
}

async function rate(
  folder: string,
  name: string,
  options: Partial<WriterOptions>,
  count: number,
): Promise<{ readonly ours: number; readonly bare: number }> {
  const writer = await startWriter({
    ...NEW_JOURNAL,
    databasePath: join(folder, `${name}.sqlite`),
    cellsDirectory: CELLS,
    printReceipts: false,
    ...options,
  });
  const rival = new BareSql(join(folder, `${name}-bare.sqlite`), 'FULL');
  const ours: number[] = [];
  const bare: number[] = [];
  let next = 1;
  for (let round = 0; round <= ROUNDS; round++) {
    const last = next + count;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (next < last) {
          const id = `0123456789.${next}` as PaymentId;
          const out = await writer.execute('take-payment', { ...payment(next++), id });
          if (!out.ok || out.value.status !== 'approved') throw new Error(`${id} was not taken: ${JSON.stringify(out)}`);
        }
      }),
    );
    const between = performance.now();
    for (let done = 0; done < count; done += IN_FLIGHT) rival.group(IN_FLIGHT);
    const end = performance.now();
    // The first round warms both.
    if (round === 0) continue;
    ours.push((count * 1_000) / (between - start));
    bare.push((Math.ceil(count / IN_FLIGHT) * IN_FLIGHT * 1_000) / (end - between));
  }
  await writer.stop();
  rival.close();
  return { ours: median(ours), bare: median(bare) };
}

function cycleFigure(
  name: string,
  { ours, bare }: { ours: number[]; bare: number[] },
  held: 'median and p99' | 'median' | 'printed',
  note: string,
): Figure {
  const ratio = median(ours) / median(bare);
  const p99 = quantile(ours, 0.99);
  const holds = ratio <= 2 && (held === 'median' || p99 < 1_000);
  return {
    name,
    value: median(ours),
    unit: 'µs',
    rival: 'µs: same SQL',
    rivalValue: median(bare),
    ratio,
    hold: held === 'median' ? '<= 2 x' : '<= 2 x, p99 < 1 ms',
    ...(held === 'printed' ? {} : { holds }),
    note: `p99 ${Math.round(p99)} µs, same SQL p99 ${Math.round(quantile(bare, 0.99))} µs; ${note}`,
  };
}

function rateFigure(name: string, { ours, bare }: { ours: number; bare: number }, held: boolean, note: string): Figure {
  const ratio = ours / bare;
  return {
    name,
    value: ours,
    unit: '/s',
    rival: `/s: same SQL by ${IN_FLIGHT}`,
    rivalValue: bare,
    ratio,
    hold: '>= 0.30',
    ...(held ? { holds: ratio >= 0.3 } : {}),
    note,
  };
}

export async function ledgerFigures(): Promise<Figure[]> {
  const folder = temporaryFolder();
  try {
    const host = loadCells(CELLS);
    // Warmed once: a cell's first calls compile it.
    sha256Hex(new Uint8Array(1));
    const plain = new URL('../support/store/simple-writer.ts', import.meta.url);
    const jco = cellHost(
      loadPrepared(CELLS).flatMap((prepared) => {
        const cell = hosted(prepared);
        return cell === undefined ? [] : [{ ...cell, program: jcoProgram(prepared, { metered: false }) }];
      }),
    );
    return [
      cycleFigure('payment.cycle', cycle(folder, 'cycle', host, 'NORMAL', 10_000), 'median and p99', 'NORMAL, one a commit'),
      cycleFigure('payment.cycle.full', cycle(folder, 'cycle-full', host, 'FULL', 1_000), 'median', 'FULL, one a commit'),
      cycleFigure(
        'payment.cycle.grouped',
        cycle(folder, 'grouped', host, 'NORMAL', 300, IN_FLIGHT),
        'printed',
        `NORMAL, a payment of ${IN_FLIGHT} a commit`,
      ),
      cycleFigure(
        'payment.cycle.full.grouped',
        cycle(folder, 'full-grouped', host, 'FULL', 150, IN_FLIGHT),
        'printed',
        `FULL, a payment of ${IN_FLIGHT} a commit`,
      ),
      cycleFigure('payment.cycle.jco', cycle(folder, 'jco', jco, 'NORMAL', 2_000), 'printed', 'NORMAL; the same cells in jco’s host'),
      cycleFigure('payment.cycle.plain', cycle(folder, 'plain', simpleCells, 'NORMAL', 10_000), 'median', 'NORMAL; plain cells, no trace'),
      rateFigure('ledger.rate', await rate(folder, 'rate', {}, 6_400), true, 'cells in the fast host'),
      rateFigure('ledger.rate.plain', await rate(folder, 'rate-plain', { workerUrl: plain }, 12_800), true, 'plain cells, no trace'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
