/** What the gateway measures, for Prometheus. Names end in their unit; no label has unbounded values. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type GatewayMetrics = {
  readonly registry: Registry;
  /** `outcome`: approved, declined, or the fault's code. */
  readonly payments: Counter<'method' | 'outcome'>;
  readonly repeated: Counter;
  readonly paymentSeconds: Histogram;
  readonly receipts: Counter<'state'>;
  /** Cells that did not come back; each cost a writer thread. */
  readonly hangs: Counter<'method'>;
};

export type Gauges = {
  readonly head: () => number;
  readonly settled: () => number;
  readonly pendingBytes: () => number;
  readonly linkUp: () => number;
};

export function createMetrics(gauges: Gauges): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('chautari_journal_head', 'Number of the last entry', gauges.head);
  gauge('chautari_journal_settled', 'Number of the last entry that head office acknowledged', gauges.settled);
  gauge('chautari_pending_bytes', 'Estimated bytes that wait for the link', gauges.pendingBytes);
  gauge('chautari_link_up', '1 while head office answers', gauges.linkUp);
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  return {
    registry,
    payments: new Counter({
      name: 'chautari_payments_total',
      help: 'Payments by method and outcome',
      labelNames: ['method', 'outcome'],
      registers,
    }),
    repeated: new Counter({ name: 'chautari_payments_repeated_total', help: 'Requests answered from the record', registers }),
    paymentSeconds: new Histogram({
      name: 'chautari_payment_seconds',
      help: 'From a payment command to its durable answer',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    hangs: new Counter({
      name: 'chautari_cell_hangs_total',
      help: 'Cells that did not come back and were stopped with their thread',
      labelNames: ['method'],
      registers,
    }),
    receipts: new Counter({ name: 'chautari_receipts_total', help: 'Receipts by how printing ended', labelNames: ['state'], registers }),
  };
}
