/**
 * Takes readings in groups: one transaction a group, a savepoint a reading, answered after the commit. Knows no threads and no sockets.
 * Invariants: nobody is answered before the commit; a reading that fails leaves nothing behind and hurts no other; a number that a device
 * used before is answered as it was, or refused: never counted twice; after an error of the transaction everybody is told `storage`.
 */
import { assertNever, ok } from '../../ledger-sync/ledger/result.ts';
import { readReply, writeReply } from './datagram.ts';
import { fault, type Reading, type SensorAnswer, type SensorOrder, type SensorOutcome } from './readings.ts';
import type { SensorCell, SensorWorld } from './sensor-cell.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import type { KnownDevice } from './sensor-messages.ts';
import { type Partition, type SensorStore, StoreLimit } from './sensor-store.ts';

export type DeskParts = {
  readonly open: () => SensorStore;
  readonly cells: readonly SensorCell[];
  /** Names of cells that hung too often: they are not run. */
  readonly stopped: ReadonlySet<string>;
  readonly now: () => number;
  /** Told before a cell runs, by its place in `cells`, and with -1 after. */
  readonly running: (index: number) => void;
  /** A line for the log. */
  readonly trouble: (line: string) => void;
};

type Found = { readonly cell: SensorCell; readonly index: number };

/** What a world's cell is called where a request names none and there are several. */
const STANDARD: Readonly<Record<SensorWorld, string>> = { 'telemetry-cell': 'telemetry', 'decision-cell': 'train' };
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

const worldOf = (order: SensorOrder): SensorWorld =>
  order.type === 'metric' ? 'telemetry-cell' : order.type === 'reading' ? 'decision-cell' : order.world;
const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class SensorDesk {
  private readonly parts: DeskParts;
  private store: SensorStore | undefined;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.store = parts.open();
  }

  run(orders: readonly SensorOrder[]): SensorOutcome[] {
    return this.transaction(
      (store) => orders.map((order) => this.one(store, order)),
      (detail) => orders.map(() => fault('storage', `nothing was counted (${detail}); send it again`)),
    );
  }

  /** One bounded turn of the reconciliation; whether more waits. */
  reconcile(): boolean {
    return this.transaction(
      (store) => {
        const changed = store.changed();
        for (const partition of changed) this.queue(store, partition);
        return changed.length >= SENSOR_LIMITS.reconcileMax;
      },
      () => false,
    );
  }

  /** Undefined where the database cannot say: whoever asks must not end the thread. */
  known(device: string): KnownDevice[] | undefined {
    return this.looked((store) =>
      store.reports(device).map(({ last, ...row }) => {
        const reply = last === null ? undefined : readReply(Buffer.from(last));
        return { ...row, last: reply?.outcome.ok === true ? reply.outcome.value : undefined };
      }),
    );
  }

  outboxRows(): number {
    return this.looked((store) => store.outboxRows()) ?? 0;
  }

  checkpoint(): void {
    try {
      this.store?.checkpoint();
    } catch (error) {
      this.parts.trouble(`the log of the sensors cannot be folded in: ${words(error)}`);
    }
  }

  close(): void {
    this.store?.close();
    this.store = undefined;
  }

  private looked<T>(look: (store: SensorStore) => T): T | undefined {
    try {
      this.store ??= this.parts.open();
      return look(this.store);
    } catch (error) {
      this.giveUp(error);
      return undefined;
    }
  }

  private transaction<T>(work: (store: SensorStore) => T, failed: (detail: string) => T): T {
    try {
      this.store ??= this.parts.open();
      this.store.begin();
      const value = work(this.store);
      this.store.commit();
      return value;
    } catch (error) {
      this.giveUp(error);
      return failed(words(error));
    }
  }

  /** Closing rolls back what is open; the next group opens anew. */
  private giveUp(error: unknown): void {
    this.parts.trouble(`sensors: ${words(error)}`);
    try {
      this.store?.close();
    } catch {
      // A connection that cannot even be closed is left behind.
    }
    this.store = undefined;
  }

  private one(store: SensorStore, order: SensorOrder): SensorOutcome {
    try {
      return store.apart(() => this.take(store, order));
    } catch (error) {
      if (error instanceof StoreLimit) return fault(error.code, error.message);
      if (!store.inTransaction) throw error;
      this.parts.trouble(`sensors: ${words(error)}`);
      return fault('storage', `nothing was counted (${words(error)}); send it again`);
    }
  }

  private cellFor(order: SensorOrder): Found | undefined {
    const { cells } = this.parts;
    const world = worldOf(order);
    const ofWorld = cells.filter((cell) => cell.world === world);
    const name = order.cell ?? (ofWorld.length === 1 ? ofWorld[0]?.name : STANDARD[world]);
    const cell = ofWorld.find((one) => one.name === name);
    return cell === undefined ? undefined : { cell, index: cells.indexOf(cell) };
  }

  private take(store: SensorStore, order: SensorOrder): SensorOutcome {
    const found = this.cellFor(order);
    if (found === undefined) {
      const which = order.cell === undefined ? `no ${worldOf(order)} to take it by default` : `no ${worldOf(order)} ${order.cell}`;
      return fault('unknown-cell', `this box has ${which}`);
    }
    const partition: Partition = { cell: found.cell.name, device: order.deviceId };
    const known = store.device(partition);
    if (order.type === 'standing') return ok({ type: 'standing', highest: known?.highest ?? 0 });
    const kind = order.type === 'metric' ? '' : order.kind;
    const value = BigInt.asUintN(64, order.type === 'metric' ? order.metric : order.value);
    const { request } = order;
    if (request !== undefined && known !== undefined && request <= known.highest) {
      const before = store.answered(partition, request);
      if (before !== undefined) {
        if (before.kind !== kind || before.value !== value) return fault('id-conflict', `request ${request} was another reading`);
        return readReply(before.answer)?.outcome ?? fault('storage', `the answer of request ${request} cannot be read`);
      }
      if (request <= known.highest - SENSOR_LIMITS.windowMax) {
        return fault('stale', `request ${request} is older than the window; go on above ${known.highest}`);
      }
    }
    if (this.parts.stopped.has(found.cell.name)) return fault('cell-stopped', `the cell ${found.cell.name} hung too often and is not run`);
    return this.ask(store, found, partition, order, { kind, value, isNew: known === undefined });
  }

  private ask(
    store: SensorStore,
    { cell, index }: Found,
    partition: Partition,
    order: Exclude<SensorOrder, { type: 'standing' }>,
    { isNew, ...asked }: { readonly kind: string; readonly value: bigint; readonly isNew: boolean },
  ): SensorOutcome {
    const [exportName, args] =
      order.type === 'metric' ? ['process-telemetry', [order.deviceId, order.metric]] : ['decide-reading', [readingOf(order)]];
    const at = order.type === 'reading' ? order.at : this.parts.now();
    const run = this.watched(index, () => cell.run(exportName as string, args as unknown[], (key) => store.stateGet(partition, key), at));
    if (run.outcome === 'failed') return fault('cell-failed', `${cell.name}: ${run.code}: ${run.detail}`);
    const answer = run.outcome === 'refused' ? refusal(run.detail) : answerOf(order, run.value);
    if (answer === undefined)
      return fault('cell-failed', `${cell.name}: bad-answer: words of at most ${SENSOR_LIMITS.wordCharsMax} characters`);
    if (isNew) store.admit(partition);
    if (run.outcome === 'answered') store.keepWrites(partition, run.writes, run.outbox);
    const { request } = order;
    const kept = writeReply(BigInt(request ?? 0), ok(answer));
    store.keepAnswer({ ...partition, ...asked, world: cell.world, at, answer: kept }, request);
    return ok(answer);
  }

  /** A failure is told once and not tried again before the device changes: it would fail again. */
  private queue(store: SensorStore, partition: Partition): void {
    const index = this.parts.cells.findIndex(({ name }) => name === partition.cell);
    const cell = this.parts.cells[index];
    store.reconciled(partition);
    if (cell === undefined || this.parts.stopped.has(cell.name)) return;
    try {
      store.apart(() => {
        const stateGet = (key: string) => store.stateGet(partition, key);
        const run = this.watched(index, () => cell.run('queue-reconciliation', [partition.device], stateGet, this.parts.now()));
        if (run.outcome === 'answered') store.keepWrites(partition, run.writes, run.outbox);
        else this.parts.trouble(`sensors: ${cell.name} cannot reconcile ${partition.device}: ${run.detail}`);
      });
    } catch (error) {
      if (!store.inTransaction) throw error;
      this.parts.trouble(`sensors: ${words(error)}`);
    }
  }

  private watched<T>(index: number, run: () => T): T {
    this.parts.running(index);
    try {
      return run();
    } finally {
      this.parts.running(-1);
    }
  }
}

const readingOf = ({ deviceId, at, kind, value }: Reading) => ({ deviceId, at: BigInt(at), kind, value });

const refusal = (detail: string): SensorAnswer => ({
  type: 'refused',
  detail: detail.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').slice(0, SENSOR_LIMITS.detailBytesMax),
});

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= SENSOR_LIMITS.wordCharsMax && !CONTROL.test(value);

/** The cell's value as an answer; undefined where it is none that a device could be told. */
function answerOf(order: Exclude<SensorOrder, { type: 'standing' }>, value: unknown): SensorAnswer | undefined {
  switch (order.type) {
    case 'metric':
      return typeof value === 'bigint' ? { type: 'total', total: value } : undefined;
    case 'reading': {
      const { anomaly, command, argument } = value as { anomaly?: unknown; command?: unknown; argument?: unknown };
      if (!isWord(command) || (anomaly !== undefined && !isWord(anomaly)) || typeof argument !== 'bigint') return undefined;
      return { type: 'decision', ...(anomaly === undefined ? {} : { anomaly }), command, argument };
    }
    default:
      return assertNever(order);
  }
}
