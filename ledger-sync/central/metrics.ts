/** Prometheus metrics of the centre. Gauges are read when they are asked for. */
import { Counter, Gauge, Registry } from 'prom-client';
import type { Ingest } from './ingest.ts';
import { lagOf } from './views.ts';

export type Metrics = {
  readonly registry: Registry;
  messages(result: 'answered' | 'silent' | 'dropped'): void;
  bytes(count: number): void;
  entries(count: number): void;
  brokenRule(kind: string): void;
};

export function createMetrics(ingest: Ingest, eventListeners: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const messages = new Counter({
    name: 'chautari_centre_messages_total',
    help: 'Messages from the broker',
    labelNames: ['result'],
    registers,
  });
  const bytes = new Counter({ name: 'chautari_centre_received_bytes_total', help: 'Bytes from the broker', registers });
  const entries = new Counter({ name: 'chautari_centre_entries_total', help: 'Entries stored', registers });
  const breaks = new Counter({ name: 'chautari_centre_breaks_total', help: 'Breaks found', labelNames: ['kind'], registers });
  const perGateway = (name: string, help: string, read: (journal: ReturnType<Ingest['desk']['all']>[number]) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['gateway', 'epoch'],
      registers,
      collect() {
        this.reset();
        for (const journal of ingest.desk.all()) this.set({ gateway: journal.name.gateway, epoch: journal.name.epoch }, read(journal));
      },
    });
  perGateway('chautari_centre_watermark', 'Highest entry held without a gap', (journal) => journal.head.number);
  perGateway('chautari_centre_lag_entries', 'Entries announced and not held yet', lagOf);
  perGateway('chautari_centre_last_contact_seconds', 'When the gateway was heard last', (journal) => (journal.lastContact ?? 0) / 1000);
  perGateway('chautari_centre_fenced', '1 where the journal is fenced', (journal) => (journal.fenced === undefined ? 0 : 1));
  const simple = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  simple('chautari_centre_refused', 'Messages refused so far', () => ingest.refusals.total);
  simple('chautari_centre_event_listeners', 'Pages that listen', eventListeners);
  simple('chautari_centre_resident_bytes', 'Memory of the process', () => process.memoryUsage.rss());
  return {
    registry,
    messages: (result) => messages.inc({ result }),
    bytes: (count) => bytes.inc(count),
    entries: (count) => entries.inc(count),
    brokenRule: (kind) => breaks.inc({ kind }),
  };
}
