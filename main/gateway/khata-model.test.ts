/** Shop credit against a shopkeeper's own notebook: whatever is asked for, in any order, with restarts between. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { accountId, opening, payment, TestStore } from '../../test/support/store/test-store.ts';
import { loadCells } from '../cell-host/load-cells.ts';
import { openReader, type StatementPlace, type StatementRow } from '../store/reader.ts';
import { verifyDatabase } from '../store/verify.ts';
import type { Cells } from './cells.ts';

const KHATA = accountId('khata:K-1');
const PAGE = 3;
let cells: Cells;
beforeAll(async () => {
  cells = loadCells(await ensureBuilt());
});

const step = fc.record({
  kind: fc.constantFrom('sale', 'repayment', 'limit', 'restart'),
  amount: fc.bigInt({ min: 1n, max: 600n }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The whole statement, page by page, newest first. */
function statementOf(store: TestStore): StatementRow[] {
  const reader = openReader(store.path);
  const rows: StatementRow[] = [];
  let from: StatementPlace | undefined;
  do {
    const page = reader.statement(KHATA, from, PAGE);
    rows.push(...(page?.rows ?? []));
    from = page?.next;
  } while (from !== undefined);
  reader.close();
  return rows;
}

function play(steps: readonly Step[]): void {
  const store = new TestStore(cells);
  try {
    const book = { owed: 0n, limit: 500n, lines: [0n] };
    expect(store.execute('open-account', opening(KHATA, 0n, { limit: book.limit }))).toMatchObject({ ok: true });
    for (const [index, { kind, amount }] of steps.entries()) {
      if (kind === 'restart') store.restart();
      else if (kind === 'limit') {
        const done = store.execute('set-limit', { account: KHATA, limit: amount, operator: 'k', at: index });
        expect(done.ok).toBe(amount >= book.owed);
        if (done.ok && amount !== book.limit) book.lines.unshift(book.owed);
        if (done.ok) book.limit = amount;
      } else {
        const owed = book.owed + (kind === 'sale' ? amount : -amount);
        const out = store.execute('take-payment', payment(index + 1, { method: 'khata', action: kind, account: KHATA, amount }));
        const isTaken = owed >= 0n && owed <= book.limit;
        expect(out).toMatchObject({ ok: true, value: { status: isTaken ? 'approved' : 'declined' } });
        if (isTaken) {
          book.owed = owed;
          book.lines.unshift(owed);
        }
      }
    }
    expect(store.opened.store.account(KHATA)?.floor).toBe(-book.limit);
    expect(statementOf(store).map(({ balance }) => balance)).toEqual(book.lines);
    expect(verifyDatabase(store.path)).toMatchObject({ ok: true });
  } finally {
    store.remove();
  }
}

it('I5, I6: khata, limit and statement agree with the notebook', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 25 }), play), { numRuns: 30 });
});
