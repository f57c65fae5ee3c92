/**
 * Is the money whole? Folded again and again from the journals themselves and from what head office holds, never from what a process
 * says of itself. Invariants: it reads only; it remembers each approval that it witnessed and each entry that it saw, so a payment that
 * goes missing, is doubled or is taken back shows, for good, with the entry's name.
 */
import { type AccountId, isIssued, kindOf } from '../../ledger-sync/ledger/account.ts';
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import { isPayment } from '../../ledger-sync/ledger/limit.ts';

export type JournalView = {
  head(): { readonly number: number; readonly hash: string };
  entry(number: number): Entry | undefined;
  entriesAfter(number: number, limit: number): readonly Entry[];
};

/** An entry as head office told it. */
export type CentreRow = {
  readonly gateway: string;
  readonly number: number;
  readonly hash: string;
  readonly paymentId: string;
  readonly action: string;
  readonly standing: string;
};

export type Difference = { readonly gateway: string; readonly text: { readonly en: string; readonly ne: string } };

export type Whole = {
  /** Issued money (wallets, floats, takings, merchants) by site, minor units. */
  readonly parts: readonly { readonly gateway: string; readonly amount: bigint }[];
  readonly total: bigint;
  readonly approved: number;
  readonly inJournal: number;
  readonly atCentre: number;
  readonly lost: number;
  readonly doubled: number;
  readonly takenBack: number;
  readonly differences: readonly Difference[];
};

const PAGE = 1_000;
const MAX_DIFFERENCES = 20;

type SiteTally = {
  number: number;
  readonly hashes: string[];
  readonly payments: Set<string>;
  issued: bigint;
  /** What issued money should be: openings, less what left for a bank. */
  expected: bigint;
};

export class MoneyWatch {
  private readonly sites = new Map<string, SiteTally>();
  private readonly witnessed = new Map<string, Set<string>>();
  private readonly centreHashes = new Map<string, Map<number, string>>();
  private readonly centrePayments = new Set<string>();
  private centreCount = 0;
  private doubled = 0;
  private takenBack = 0;
  private readonly differences: Difference[] = [];

  /** A payment that the gateway told its kiosks was approved. */
  witness(gateway: string, paymentId: string): void {
    const seen = this.witnessed.get(gateway) ?? new Set();
    seen.add(paymentId);
    this.witnessed.set(gateway, seen);
  }

  /** Reads what the journal has since the last look, and looks whether what was seen is still there. */
  readJournal(gateway: string, journal: JournalView): void {
    const tally = this.tally(gateway);
    const last = tally.hashes[tally.number - 1];
    if (last !== undefined && journal.entry(tally.number)?.hash !== last) {
      this.takenBack++;
      this.differ(gateway, `${gateway} #${tally.number} is not what it was`, `${gateway} #${tally.number} पहिले जस्तो छैन`);
      return;
    }
    for (;;) {
      const page = journal.entriesAfter(tally.number, PAGE);
      for (const entry of page) this.take(gateway, tally, entry);
      if (page.length < PAGE) return;
    }
  }

  /** Entries of head office in its own order. */
  readCentre(rows: readonly CentreRow[]): void {
    for (const row of rows) {
      if (row.standing !== 'canonical') continue;
      const hashes = this.centreHashes.get(row.gateway) ?? new Map<number, string>();
      this.centreHashes.set(row.gateway, hashes);
      const known = hashes.get(row.number);
      if (known === row.hash) continue;
      if (known !== undefined) {
        this.takenBack++;
        this.differ(row.gateway, `head office changed ${row.gateway} #${row.number}`, `मुख्यालयले ${row.gateway} #${row.number} फेर्‍यो`);
      }
      hashes.set(row.number, row.hash);
      if (!isPayment(row.action)) continue;
      if (this.centrePayments.has(row.paymentId)) {
        this.doubled++;
        this.differ(row.gateway, `head office has ${row.paymentId} twice`, `मुख्यालयमा ${row.paymentId} दुई पटक छ`);
      }
      this.centrePayments.add(row.paymentId);
      this.centreCount++;
    }
  }

  state(): Whole {
    const differences = [...this.differences];
    let lost = 0;
    let inJournal = 0;
    let approved = 0;
    const parts: { gateway: string; amount: bigint }[] = [];
    for (const [gateway, tally] of this.sites) {
      const missing = [...(this.witnessed.get(gateway) ?? [])].filter((id) => !tally.payments.has(id));
      lost += missing.length;
      for (const id of missing)
        differences.push(difference(gateway, `${id} was approved and is in no journal`, `${id} स्वीकृत भयो, तर खातामा छैन`));
      inJournal += tally.payments.size;
      approved += tally.payments.size + missing.length;
      parts.push({ gateway, amount: tally.issued });
      if (tally.issued !== tally.expected) {
        differences.push(
          difference(
            gateway,
            `${gateway} holds ${tally.issued}, should hold ${tally.expected}`,
            `${gateway} मा ${tally.issued} छ, ${tally.expected} हुनुपर्ने`,
          ),
        );
      }
      for (const [number, hash] of this.centreHashes.get(gateway) ?? []) {
        const own = tally.hashes[number - 1];
        if (own !== undefined && own !== hash) {
          differences.push(difference(gateway, `${gateway} #${number} differs at head office`, `${gateway} #${number} मुख्यालयमा अर्कै छ`));
        }
      }
    }
    return {
      parts,
      total: parts.reduce((sum, part) => sum + part.amount, 0n),
      approved,
      inJournal,
      atCentre: this.centreCount,
      lost,
      doubled: this.doubled,
      takenBack: this.takenBack,
      differences: differences.slice(0, MAX_DIFFERENCES),
    };
  }

  private take(gateway: string, tally: SiteTally, entry: Entry): void {
    tally.number = entry.number;
    tally.hashes.push(entry.hash);
    let toOutside = 0n;
    for (const { account, amount } of entry.postings) {
      if (isIssued(account)) tally.issued -= amount;
      else if (leaves(account)) toOutside -= amount;
    }
    if (entry.action === 'open') {
      for (const { account, amount } of entry.postings) if (isIssued(account)) tally.expected -= amount;
      return;
    }
    if (!isPayment(entry.action)) return;
    tally.expected -= toOutside;
    if (tally.payments.has(entry.paymentId)) {
      this.doubled++;
      this.differ(gateway, `${entry.paymentId} is in the journal of ${gateway} twice`, `${entry.paymentId} ${gateway} को खातामा दुई पटक छ`);
    }
    tally.payments.add(entry.paymentId);
  }

  private tally(gateway: string): SiteTally {
    const known = this.sites.get(gateway);
    if (known !== undefined) return known;
    const made: SiteTally = { number: 0, hashes: [], payments: new Set(), issued: 0n, expected: 0n };
    this.sites.set(gateway, made);
    return made;
  }

  private differ(gateway: string, en: string, ne: string): void {
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push(difference(gateway, en, ne));
  }
}

const difference = (gateway: string, en: string, ne: string): Difference => ({ gateway, text: { en, ne } });

/** Issued money may leave for a bank or a fee, and for nowhere else. */
const leaves = (account: AccountId): boolean => kindOf(account) === 'bank' || kindOf(account) === 'fees';
