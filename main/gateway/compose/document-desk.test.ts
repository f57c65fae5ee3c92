/** Two boxes' ends of one catalogue over the real journal: kept before told, merged, acknowledged, and no way to lose a change. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CatalogueDocument } from '../../../ledger-sync/documents/catalogue.ts';
import { pendingFor, receive } from '../../../ledger-sync/documents/exchange.ts';
import type { GatewayId } from '../../../ledger-sync/ledger/ids.ts';
import type { DocumentMessage } from '../../../ledger-sync/protocol/document-message.ts';
import { NEW_JOURNAL } from '../../../test/support/store/test-store.ts';
import type { Ledger } from '../../api/face.ts';
import { openReader } from '../../store/reader.ts';
import { startWriter } from '../../store/writer-thread.ts';
import { type GatewayDocuments, gatewayDocuments } from './document-desk.ts';

let folder: string;
let ledger: Ledger | undefined;
let changes: number;
let lives = 0;
let desk: GatewayDocuments;

const newDesk = (): GatewayDocuments =>
  gatewayDocuments({
    ledger: () => ledger,
    actor: (++lives).toString(16).padStart(32, '0'),
    onChanged: () => {
      changes++;
    },
  });
async function enrol(): Promise<Ledger> {
  const databasePath = join(folder, 'gateway.sqlite');
  const workerUrl = new URL('../../../test/support/store/simple-writer.ts', import.meta.url);
  const writer = await startWriter({ ...NEW_JOURNAL, databasePath, cellsDirectory: '', printReceipts: false, workerUrl });
  ledger = { writer, reader: openReader(databasePath) };
  return ledger;
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-documents-'));
  changes = 0;
  desk = newDesk();
});
afterEach(async () => {
  await ledger?.writer.stop();
  ledger?.reader.close();
  ledger = undefined;
  rmSync(folder, { recursive: true });
});

const item = (id: string, price: string) => ({
  id,
  name: { en: id, ne: id },
  unit: { en: '1', ne: '१' },
  price,
  category: 'tea',
  icon: 'cup',
});
const prices = async () => Object.fromEntries((await desk.read()).items.map(({ id, price }) => [id, price]));
const SIDE = { gateway: 'syabru' as GatewayId, direction: 'down' } as const;

/** Head office's end, and messages carried both ways until nobody has anything to say. */
async function talk(office: CatalogueDocument, first: readonly DocumentMessage[]): Promise<number> {
  let count = 0;
  let up = [...first];
  while (up.length > 0) {
    const down: DocumentMessage[] = [];
    for (const message of up) {
      count++;
      const reply = receive(office, SIDE, message)?.reply;
      if (reply !== undefined) down.push(reply);
    }
    up = [];
    for (const message of down) up.push(...(await desk.receive(message, 7_000)));
    expect(count).toBeLessThan(10);
  }
  return count;
}

describe('the catalogue of a box', () => {
  it('before it is enrolled is empty, and nothing can be kept', async () => {
    expect(await desk.read()).toEqual({ items: [], asOf: new Date(0).toISOString() });
    expect(await desk.edit({ items: [item('tea', '5')] }, 1)).toMatchObject({ ok: false, error: { code: 'not-enrolled' } });
    expect(await desk.pending()).toEqual([]);
    expect(await desk.receive({ ...SIDE, name: 'catalogue', since: [], heads: [], changes: [] }, 1)).toEqual([]);
    await enrol();
    expect(await desk.edit({ items: [item('tea', '5')] }, 1)).toMatchObject({ ok: true });
  });

  it('is kept before anybody is told, with the time of the change, and outlives a restart', async () => {
    const { reader } = await enrol();
    expect(await desk.edit({ items: [item('tea', '500'), item('salt', '2800')] }, 5_000)).toMatchObject({
      ok: true,
      value: { asOf: new Date(5_000).toISOString() },
    });
    expect(changes).toBe(1);
    expect(reader.document('catalogue')?.at).toBe(5_000);
    const before = await desk.read();
    desk = newDesk();
    expect(await desk.read()).toEqual(before);
    expect(await desk.pending()).toHaveLength(1);
  });

  it('takes edits in their order, and one that makes no sense changes nothing', async () => {
    await enrol();
    await Promise.all([
      desk.edit({ items: [item('tea', '1')] }, 1),
      desk.edit({ items: [{ id: 'tea', price: '2' }] }, 2),
      desk.edit({ items: [{ id: 'tea', price: '3' }] }, 3),
    ]);
    expect(await prices()).toEqual({ tea: '3' });
    expect(await desk.edit({ items: [item('new', '1'), { id: 'half', price: '1' }] }, 4)).toMatchObject({
      ok: false,
      error: { code: 'bad-item' },
    });
    expect(await desk.edit({ remove: ['none'] }, 4)).toMatchObject({ ok: false, error: { code: 'unknown-item' } });
    expect(await desk.edit({ remove: ['constructor'] }, 4)).toMatchObject({ ok: false, error: { code: 'unknown-item' } });
    expect(await prices()).toEqual({ tea: '3' });
    expect(changes).toBe(3);
    expect(await desk.edit({ items: [item('constructor', '9')] }, 5)).toMatchObject({ ok: true });
    expect(await prices()).toEqual({ tea: '3', constructor: '9' });
  });

  it('merges with what head office changed meanwhile, is acknowledged, and then has nothing to say', async () => {
    const { reader } = await enrol();
    const office = await CatalogueDocument.load(undefined, 'f'.repeat(32));
    await desk.edit({ items: [item('tea', '500'), item('salt', '2800')] }, 1_000);
    await talk(office, await desk.pending());
    expect(await desk.pending()).toEqual([]);
    // Both sides apart.
    office.edit({ items: [{ id: 'tea', price: '600' }, item('soap', '3500')] });
    await desk.edit({ items: [{ id: 'salt', price: '2900' }] }, 2_000);
    changes = 0;
    const told = pendingFor(office, SIDE, []) as DocumentMessage;
    await talk(office, await desk.receive(told, 7_000));
    expect(await prices()).toEqual({ tea: '600', salt: '2900', soap: '3500' });
    expect(office.items().map(({ id, price }) => [id, price])).toEqual((await desk.read()).items.map(({ id, price }) => [id, price]));
    expect(changes).toBe(1);
    expect((await desk.read()).asOf).toBe(new Date(7_000).toISOString());
    expect(await desk.pending()).toEqual([]);
    expect(reader.document('catalogue')?.acknowledged?.length).toBeGreaterThan(0);
    // A late repeat changes nothing, after a restart too; at most it is all said once more.
    desk = newDesk();
    await talk(office, await desk.receive(told, 9_000));
    await talk(office, await desk.pending());
    expect((await desk.read()).asOf).toBe(new Date(7_000).toISOString());
    expect(await desk.pending()).toEqual([]);
  });

  it('drops what is no change, or another document, and stays as it was', async () => {
    await enrol();
    await desk.edit({ items: [item('tea', '500')] }, 1_000);
    const nonsense = { ...SIDE, since: [], heads: ['0'.repeat(64)], changes: [new Uint8Array([1, 2, 3])] };
    expect(await desk.receive({ ...nonsense, name: 'catalogue' }, 2_000)).toEqual([]);
    expect(await desk.receive({ ...nonsense, name: 'prices' }, 2_000)).toEqual([]);
    expect(await prices()).toEqual({ tea: '500' });
    expect((await desk.read()).asOf).toBe(new Date(1_000).toISOString());
  });

  it('that cannot be kept is not changed', async () => {
    const { writer } = await enrol();
    await desk.edit({ items: [item('tea', '500')] }, 1_000);
    await writer.stop();
    expect(await desk.edit({ items: [{ id: 'tea', price: '1' }] }, 2_000)).toMatchObject({ ok: false, error: { code: 'stopping' } });
    expect(await prices()).toEqual({ tea: '500' });
    const office = await CatalogueDocument.load(undefined, 'f'.repeat(32));
    office.edit({ items: [item('soap', '1')] });
    expect(await desk.receive(pendingFor(office, SIDE, []) as DocumentMessage, 3_000)).toEqual([]);
    expect(await prices()).toEqual({ tea: '500' });
    expect(changes).toBe(1);
  });
});
