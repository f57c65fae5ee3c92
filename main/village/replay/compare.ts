/**
 * Is it exact? Per account and in total: the model, each gateway's journal (folded again), each gateway's balance tables (chautari
 * verify), and head office's positions must agree to the last minor unit; each approved answer must be found once in both.
 */
import { join } from 'node:path';
import { parseAccountId } from '../../../ledger-sync/ledger/account.ts';
import { isPayment } from '../../../ledger-sync/ledger/limit.ts';
import { sitePositions } from '../../../ledger-sync/ledger/position.ts';
import { JOURNAL_FILE } from '../../store/database.ts';
import { openReader } from '../../store/reader.ts';
import { verifyDatabase } from '../../store/verify.ts';
import type { Site, World } from '../world.ts';
import type { Model } from './model.ts';
import type { Tally } from './tally.ts';

export type GatewaySums = {
  readonly gateway: string;
  readonly entries: number;
  readonly accounts: number;
  readonly atCentre: number;
  readonly wireBytes: number;
  readonly batches: number;
  readonly linkUpBytes: number;
  readonly linkDownBytes: number;
};

export type Comparison = {
  readonly gateways: readonly GatewaySums[];
  readonly accountsCompared: number;
  readonly breaks: number;
  readonly trialDebit: bigint;
  readonly trialCredit: bigint;
  /** Balance (debit > 0) by account at head office. */
  readonly balances: ReadonlyMap<string, bigint>;
};

type CentreGatewayRow = { gateway: string; watermark: number; entries: number; bytes: number; batches: number };
type CentreAccountRow = { id: string; balance: string; positions?: { gateway: string; balance: string }[] };

const PAGE = 1_000;

export async function compare(world: World, model: Model, tally: Tally): Promise<Comparison> {
  const { gateways: rows } = await world.office.get<{ gateways: CentreGatewayRow[] }>('/v1/gateways');
  const gateways = world.sites.map((site, index) => compareGateway(site, index, model, tally, rows));
  const { balances, compared } = await compareCentre(world, model, tally);
  await findAnswersAtCentre(world, tally);
  const { open } = await world.office.get<{ open: number }>('/v1/breaks');
  if (open > 0) tally.differ(`head office has ${open} open breaks`);
  const trial = await world.office.get<{ debit: string; credit: string }>('/v1/trial-balance');
  const trialDebit = BigInt(trial.debit);
  const trialCredit = BigInt(trial.credit);
  if (trialDebit !== trialCredit) tally.differ(`the trial balance of head office is not zero: ${trialDebit} against ${trialCredit}`);
  return { gateways, accountsCompared: compared, breaks: open, trialDebit, trialCredit, balances };
}

function compareGateway(site: Site, index: number, model: Model, tally: Tally, rows: readonly CentreGatewayRow[]): GatewaySums {
  const { gateway } = site.plan;
  const path = join(site.dataDirectory, JOURNAL_FILE);
  const verified = verifyDatabase(path);
  if (!verified.ok) tally.differ(`chautari verify of ${gateway}: ${JSON.stringify(verified.error)}`);
  const reader = openReader(path);
  try {
    const positions = sitePositions(gateway, reader.currency());
    const approved = tally.approvedOf(index);
    const found = new Set<string>();
    let entries = 0;
    for (let after = 0; ; ) {
      const page = reader.entriesAfter(after, PAGE);
      for (const entry of page) {
        positions.apply(entry);
        entries++;
        if (found.has(entry.paymentId)) tally.differ(`${entry.paymentId} is twice in the journal of ${gateway}`);
        found.add(entry.paymentId);
        const answered = approved.get(entry.number);
        if (isPayment(entry.action) && answered !== entry.hash)
          tally.differ(`${gateway} #${entry.number} was answered as ${answered ?? 'nothing'}`);
      }
      after = page.at(-1)?.number ?? after;
      if (page.length < PAGE) break;
    }
    if (entries !== model.entries[index]) tally.differ(`${gateway} has ${entries} entries, should have ${model.entries[index]}`);
    const expected = model.balances[index] as ReadonlyMap<string, bigint>;
    for (const [account, balance] of expected) {
      const id = parseAccountId(account);
      const held = id.ok ? positions.balance(id.value) : 0n;
      if (held !== balance) tally.differ(`${account} at ${gateway}: journal ${held}, should be ${balance}`);
    }
    for (const [account, balance] of positions.balanceList()) {
      if (balance !== 0n && expected.get(account) === undefined)
        tally.differ(`${account} at ${gateway} holds ${balance}, should hold nothing`);
    }
    const row = rows.find((candidate) => candidate.gateway === gateway);
    if (row?.watermark !== entries) tally.differ(`head office has ${gateway} up to #${row?.watermark}, its head is #${entries}`);
    const { upBytes, downBytes } = site.relay.bytes;
    return {
      gateway,
      entries,
      accounts: expected.size,
      atCentre: row?.entries ?? 0,
      wireBytes: row?.bytes ?? 0,
      batches: row?.batches ?? 0,
      linkUpBytes: upBytes,
      linkDownBytes: downBytes,
    };
  } finally {
    reader.close();
  }
}

async function compareCentre(world: World, model: Model, tally: Tally): Promise<{ balances: Map<string, bigint>; compared: number }> {
  const totals = new Map<string, bigint>();
  for (const gateway of model.balances)
    for (const [account, balance] of gateway) totals.set(account, (totals.get(account) ?? 0n) + balance);
  const balances = new Map<string, bigint>();
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const page: { accounts: CentreAccountRow[]; next?: string } = await world.office.get(`/v1/accounts?limit=200${from}`);
    for (const row of page.accounts) balances.set(row.id, BigInt(row.balance));
    after = page.next;
  }
  let compared = 0;
  for (const [account, total] of totals) {
    compared++;
    const held = balances.get(account) ?? 0n;
    if (held !== total) tally.differ(`${account}: head office ${held}, should be ${total}`);
  }
  for (const [account, balance] of balances) {
    if (balance !== 0n && !totals.has(account)) tally.differ(`${account}: head office ${balance}, should be nothing`);
  }
  // Totals could agree by luck while positions do not: accounts that several gateways hold are looked at one by one.
  const shared = [...totals.keys()].filter((account) => model.balances.filter((gateway) => gateway.has(account)).length > 1);
  for (const account of shared) {
    const row = await world.office.get<CentreAccountRow>(`/v1/accounts/${encodeURIComponent(account)}`);
    for (const [index, site] of world.sites.entries()) {
      const expected = model.balances[index]?.get(account) ?? 0n;
      const held = BigInt(row.positions?.find((position) => position.gateway === site.plan.gateway)?.balance ?? '0');
      if (held !== expected) tally.differ(`${account} of ${site.plan.gateway}: head office ${held}, should be ${expected}`);
    }
  }
  return { balances, compared };
}

/** Every answered entry is at head office once, under the hash that was answered. */
async function findAnswersAtCentre(world: World, tally: Tally): Promise<void> {
  type Row = { sequence: number; gateway: string; number: number; hash: string; action: string; paymentId: string };
  const indexes = new Map(world.sites.map((site, index) => [site.plan.gateway, index]));
  const seen = new Set<string>();
  const counts = world.sites.map(() => 0);
  for (let after = 0; ; ) {
    const { entries } = await world.office.get<{ entries: Row[] }>(`/v1/changes?after=${after}&limit=500`);
    for (const row of entries) {
      const index = indexes.get(row.gateway) ?? -1;
      if (seen.has(row.hash)) tally.differ(`${row.gateway} #${row.number} is twice at head office`);
      seen.add(row.hash);
      if (!isPayment(row.action)) continue;
      if (tally.approvedOf(index).get(row.number) !== row.hash)
        tally.differ(`${row.gateway} #${row.number} at head office was never answered`);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    after = entries.at(-1)?.sequence ?? after;
    if (entries.length < 500) break;
  }
  for (const [index, site] of world.sites.entries()) {
    const answered = tally.approvedOf(index).size;
    if (counts[index] !== answered) tally.differ(`${site.plan.gateway}: ${answered} approved, ${counts[index]} at head office`);
  }
}
