/**
 * The enrolled journals in memory, as last committed: keys for the signature check, heads for the acknowledgement, contacts for the office.
 * Invariant: a head here was committed; it is replaced after a transaction, never before.
 */
import type { Epoch, GatewayId } from '../ledger/ids.ts';
import type { Head, JournalName } from '../ledger/journal.ts';
import type { Journal, Tables } from './tables.ts';

export class JournalDesk {
  private readonly journals = new Map<string, Journal>();
  /** The epoch that was enrolled last: the one that documents and commands are for. */
  private readonly current = new Map<GatewayId, Journal>();
  private readonly contacts = new Map<number, { at: number; announced: number }>();
  private readonly tables: Tables;

  constructor(tables: Tables) {
    this.tables = tables;
  }

  async load(): Promise<void> {
    for (const journal of await this.tables.journals()) this.put(journal);
  }

  put(journal: Journal): void {
    this.journals.set(`${journal.name.gateway} ${journal.name.epoch}`, journal);
    const current = this.current.get(journal.name.gateway);
    if (current === undefined || current.id <= journal.id) this.current.set(journal.name.gateway, journal);
  }

  async reload(name: JournalName): Promise<Journal | undefined> {
    const read = await this.tables.journal(name);
    if (read === undefined) return undefined;
    const contact = this.contacts.get(read.id);
    const journal =
      contact === undefined ? read : { ...read, lastContact: contact.at, announced: Math.max(read.announced, contact.announced) };
    this.put(journal);
    return journal;
  }

  find(gateway: GatewayId, epoch: Epoch): Journal | undefined {
    return this.journals.get(`${gateway} ${epoch}`);
  }

  currentOf(gateway: GatewayId): Journal | undefined {
    return this.current.get(gateway);
  }

  all(): readonly Journal[] {
    return [...this.journals.values()];
  }

  /** A verified message came. Kept in memory: writing each would cost a disk sync; `flush` does it now and then. */
  met(journal: Journal, at: number, announced: number): void {
    this.contacts.set(journal.id, { at, announced: Math.max(announced, journal.announced) });
    this.put({ ...journal, lastContact: at, announced: Math.max(announced, journal.announced) });
  }

  committed(journal: Journal, change: { head: Head; entries: number; bytes: number; currency: string | undefined }): Journal {
    const latest = this.find(journal.name.gateway, journal.name.epoch) ?? journal;
    const next = {
      ...latest,
      head: change.head,
      entries: latest.entries + change.entries,
      batches: latest.batches + 1,
      bytes: latest.bytes + change.bytes,
      currency: latest.currency ?? change.currency,
    };
    this.put(next);
    return next;
  }

  async flush(): Promise<void> {
    const contacts = [...this.contacts].map(([journal, contact]) => ({ journal, ...contact }));
    this.contacts.clear();
    await this.tables.saveContacts(contacts);
  }
}
