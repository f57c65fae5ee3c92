/** A meter goes from a dead journal to the next life of its box: real tables at head office, real journals and the real cell at the box. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import type { LeaseRow } from '../../ledger-sync/central/lease-tables.ts';
import { giveLease } from '../../ledger-sync/central/leases.ts';
import { openDatabase as openCentre } from '../../ledger-sync/central/sqlite/open.ts';
import { createSqliteTables } from '../../ledger-sync/central/sqlite/sqlite-tables.ts';
import type { Journal, Tables } from '../../ledger-sync/central/tables.ts';
import type { Epoch } from '../../ledger-sync/ledger/ids.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { openLease } from '../../ledger-sync/protocol/lease.ts';
import type { Writer } from '../../main/store/writer.ts';
import { startWriter } from '../../main/store/writer-thread.ts';
import { energySale, float, headOffice, lease } from '../support/store/meter.ts';
import { NEW_JOURNAL } from '../support/store/test-store.ts';

const AT = 1_700_000_000_000;

it('a dead owner’s range is never used again, and no token comes twice (P12)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-hand-over-'));
  const tables = createSqliteTables(openCentre(join(folder, 'central.sqlite')));
  const { key, startingCode, extended, restricted, mode, unit, price, currency, meter } = lease();
  await tables.addMeter({ meter, key, startingCode, extended, restricted, mode, unit, price, currency, lastCount: 1, createdAt: AT });
  const cellsDirectory = await ensureBuilt();
  const writers: Writer[] = [];
  const open = async (epoch: string): Promise<Writer> => {
    await enrol(tables, epoch);
    const databasePath = join(folder, `${epoch}.sqlite`);
    const writer = await startWriter({ ...NEW_JOURNAL, epoch: epoch as Epoch, databasePath, cellsDirectory, printReceipts: false });
    writers.push(writer);
    await writer.execute('open-account', float);
    return writer;
  };
  const giving = async (takeOver?: string): Promise<{ lease: LeaseRow; text: string } | string> => {
    const given = await giveLease(tables, headOffice, { gateway: NEW_JOURNAL.gateway, meter, takeOver }, AT);
    return given.ok ? given.value : given.error.code;
  };
  const take = (box: Writer, text: string) =>
    box.execute('take-lease', { lease: must(openLease(text, headOffice.publicKey), 'lease'), operator: 'office', at: AT });
  const sell = async (box: Writer, counter: number): Promise<string> => {
    const out = await box.execute('take-payment', energySale(counter));
    if (!out.ok || out.value.status !== 'approved') return out.ok ? out.value.status : out.error.code;
    return out.value.receipt.find(({ name }) => name === 'token')?.value ?? '';
  };

  const first = await open('1'.repeat(16));
  const given = await giving();
  if (typeof given === 'string') throw new Error(given);
  expect(given.lease).toMatchObject({ from: 2, to: 22 });
  expect(await take(first, given.text)).toMatchObject({ ok: true });
  const sold = await Promise.all([1, 2, 3].map((counter) => sell(first, counter)));

  // The disk is lost; the box is set up anew. Head office does not know yet that the old life is over, and says so.
  const second = await open('2'.repeat(16));
  expect(await take(second, given.text)).toMatchObject({ error: { code: 'other-lease' } });
  expect(await giving()).toBe('leased-already');
  await fence(tables, '1'.repeat(16));
  await first.execute('fence', { reason: 'its disk was lost', at: AT });
  expect(await sell(first, 4)).toBe('fenced');
  const next = await giving();
  if (typeof next === 'string') throw new Error(next);
  expect(next.lease).toMatchObject({ from: 22, to: 42, takenOver: undefined });
  expect(await take(second, next.text)).toMatchObject({ ok: true });
  sold.push(...(await Promise.all([1, 2, 3].map((counter) => sell(second, counter)))));
  expect(new Set(sold).size).toBe(6);
  for (const token of sold) expect(token).toMatch(/^[0-9]{3} [0-9]{3} [0-9]{3}$/);

  await Promise.all(writers.map((writer) => writer.stop()));
  await tables.close();
  rmSync(folder, { recursive: true, force: true });
});

async function enrol(tables: Tables, epoch: string): Promise<void> {
  const id = `v${epoch.slice(0, 3)}`;
  const row = { id, gateway: NEW_JOURNAL.gateway, site: 'Syabru', secret: 's', createdAt: AT, expiresAt: AT + 1, used: undefined };
  await tables.addVoucher(row);
  const { publicKey } = signerFromPem(generateKey());
  expect(await tables.useVoucher({ voucher: id, publicKey, epoch: epoch as Epoch, at: AT })).toMatchObject({ status: 'enrolled' });
}

async function fence(tables: Tables, epoch: string): Promise<void> {
  const journal = (await tables.journal({ gateway: NEW_JOURNAL.gateway, epoch: epoch as Epoch })) as Journal;
  const none = { hash: undefined, account: undefined, amount: undefined };
  const forkBreak = { kind: 'forked-journal' as const, number: 1, rule: 'P6', detail: 'a branch', ...none };
  await tables.storeForked({ journal: journal.id, reason: 'a branch', receivedAt: AT, bytes: 1, entries: [], forkBreak });
}
