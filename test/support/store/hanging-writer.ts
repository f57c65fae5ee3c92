/**
 * A writer thread's entry whose cells can hang, for the tests of the backstop. By a payment's operator: `hang` spins in WebAssembly for
 * ever, `hang-js` in JavaScript, `hang-reading` reads facts for ever, `slow-read` waits long for one fact, `slow-commit` for its COMMIT,
 * `hang-native` is for seconds where nobody can end it, `crash` ends the thread. A method that begins with `spin` hangs whatever it is asked.
 */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { CellFacts, CellPayment } from '../../../main/cell-host/cell.ts';
import type { Cells } from '../../../main/gateway/cells.ts';
import { writerParts } from '../../../main/store/compose-parts.ts';
import type { WriterSetup } from '../../../main/store/writer.ts';
import { serveWriter, type WriterParts } from '../../../main/store/writer-worker.ts';
import { simpleCells } from './simple-cells.ts';

/** (module (func (export "spin") (loop br 0))) */
const SPIN = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 115, 112, 105, 110, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11,
]);
const SLOW_MS = 700;
const word = new Int32Array(new SharedArrayBuffer(4));
const wait = (): void => void Atomics.wait(word, 0, 0, SLOW_MS);

let isCommitSlow = false;
let isReadSlow = false;

function misbehave(payment: CellPayment, facts: CellFacts): void {
  switch (payment.operator) {
    case 'hang':
      (new WebAssembly.Instance(new WebAssembly.Module(SPIN)).exports.spin as () => void)();
      return;
    case 'hang-js':
      for (;;);
    case 'hang-reading':
      for (;;) facts.stateGet('key');
    case 'hang-native':
      new Database(':memory:')
        .prepare('WITH RECURSIVE number(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM number WHERE x < 20000000) SELECT count(*) FROM number')
        .get();
      return;
    case 'slow-read':
      isReadSlow = true;
      facts.stateGet('key');
      return;
    case 'slow-commit':
      isCommitSlow = true;
      return;
    case 'crash':
      process.exit(9);
  }
}

const SPINNERS = Array.from({ length: 64 }, (_, index) => ({ method: `spin${index}`, actions: ['sale'] }));
const methods = [...simpleCells.methods(), ...SPINNERS];
const cells: Cells = {
  methods: () => methods,
  cellOf: (method) => ({ name: method, version: '0.1.0', digest: 'c'.repeat(64) }),
  decide: (method, payment, facts) => {
    misbehave(method.startsWith('spin') ? { ...payment, operator: 'hang' } : payment, facts);
    return simpleCells.decide(method, payment, facts);
  },
};

function slowed(parts: WriterParts): WriterParts {
  const open: WriterParts['open'] = () => {
    const opened = parts.open();
    const { connection, store } = opened;
    const { cellState } = store;
    Object.assign(store, {
      cellState: (...given: Parameters<typeof cellState>) => {
        if (isReadSlow) wait();
        isReadSlow = false;
        return cellState(...given);
      },
    });
    const prepare = connection.prepare.bind(connection);
    connection.prepare = ((sql: string) => {
      const statement = prepare(sql);
      if (sql !== 'COMMIT') return statement;
      return {
        run: () => {
          if (isCommitSlow) wait();
          isCommitSlow = false;
          return statement.run();
        },
      };
    }) as typeof connection.prepare;
    return opened;
  };
  return { ...parts, open };
}

const setup = workerData as WriterSetup;
if (parentPort === null) throw new Error('this is the entry of a worker thread');
serveWriter(parentPort, setup.groupLimit, () => slowed(writerParts(setup, cells)), setup.methods);
