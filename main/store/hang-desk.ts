/**
 * What becomes of the orders of a thread whose cell hung. Nothing that it still had is committed: the run was condemned inside a cell, which
 * is before the COMMIT of its group, and the groups before were answered. So all of it may be handed to the next thread in its order, but
 * for the hung order, which is declined, and for those whose method hung too often.
 */
import { err } from '../../ledger-sync/ledger/result.ts';
import type { CommandName, Commands, TakePayment } from '../gateway/commands.ts';
import type { Clock } from '../platform/clock.ts';
import type { Order } from './group-commit.ts';
import { orderWord } from './progress.ts';
import { SET_ASIDE_LIMITS, SetAside } from './set-aside.ts';
import type { WriterOptions } from './writer.ts';
import type { Hang } from './writer-seat.ts';

/** An order and who waits for it. */
export type Waiting = { order: Order; readonly resolve: (out: Commands[CommandName]['out']) => void };

export class HangDesk {
  count = 0;
  private readonly aside: SetAside;
  private readonly clock: Clock;
  private readonly onHang: WriterOptions['onHang'];
  private readonly trouble: (line: string) => void;

  constructor(options: Pick<WriterOptions, 'setAside' | 'onHang'>, clock: Clock, trouble: (line: string) => void) {
    this.aside = new SetAside(options.setAside ?? SET_ASIDE_LIMITS, () => clock.monotonic());
    this.clock = clock;
    this.onHang = options.onHang;
    this.trouble = trouble;
  }

  setAside(): string[] {
    return this.aside.methods();
  }

  /** An order that was done. */
  heard({ command, input }: Order): void {
    if (command === 'use-cell') this.aside.lift((input as Commands['use-cell']['in']).name);
  }

  /** The order itself, or its decline where its method is set aside. */
  unlessAside(order: Order): Order {
    if (order.command !== 'take-payment' || !this.aside.isAside((order.input as TakePayment).method)) return order;
    return { id: order.id, command: 'decline-unrun', input: { payment: order.input as TakePayment } };
  }

  /** Makes what was in flight ready for the next thread. False where the hang was in no order that is known. */
  pass({ order: word, elapsedMs }: Hang, inFlight: Map<number, Waiting>, waiting: readonly Waiting[]): boolean {
    const hung = [...inFlight.values()].find(({ order }) => orderWord(order.id) === word);
    if (hung === undefined) return false;
    const { id, command, input } = hung.order;
    this.count++;
    if (command !== 'take-payment') {
      this.trouble(`a cell hung for ${elapsedMs} ms in ${command}; the writer thread is replaced`);
      inFlight.delete(id);
      hung.resolve(err({ code: 'storage', detail: `nothing was changed: a cell did not come back within ${elapsedMs} ms` }));
      return true;
    }
    const payment = input as TakePayment;
    const { method } = payment;
    this.trouble(`the cell ${method} hung for ${elapsedMs} ms on the payment ${payment.id}; the writer thread is replaced`);
    this.aside.hung(method);
    hung.order = { id, command: 'decline-unrun', input: { payment, hang: { elapsedMs, at: this.clock.now() } } };
    for (const other of [...inFlight.values(), ...waiting]) other.order = this.unlessAside(other.order);
    this.onHang?.({ method, payment: payment.id, elapsedMs });
    return true;
  }
}
