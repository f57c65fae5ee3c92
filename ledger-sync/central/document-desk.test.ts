/** Head office's desk over real tables: one catalogue for all sites, told to those that lack it, and the same after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CatalogueItem } from '../documents/catalogue.ts';
import { CatalogueKeeper, type Shelf } from '../documents/catalogue-keeper.ts';
import { parseGatewayId } from '../ledger/ids.ts';
import { must, ok } from '../ledger/result.ts';
import { openDocumentDesk } from './document-desk.ts';
import type { DocumentDesk } from './documents.ts';
import { openDatabase } from './sqlite/open.ts';
import { createSqliteTables } from './sqlite/sqlite-tables.ts';
import { StorageFault, type Tables } from './tables.ts';

const syabru = must(parseGatewayId('syabru'), 'syabru');
const gatlang = must(parseGatewayId('gatlang'), 'gatlang');
const item = (id: string): CatalogueItem => ({
  id,
  name: { en: id, ne: id },
  unit: { en: '1', ne: '१' },
  price: '500',
  category: 'tea',
  icon: 'cup',
});

let directory: string;
let tables: Tables;
let heard: number;
let lives = 0;
const actor = () => (++lives).toString(16).padStart(32, '0');
const openDesk = async (over: Tables): Promise<DocumentDesk> => {
  const desk = await openDocumentDesk({ tables: over, gateways: async () => ['syabru', 'gatlang'], actor: actor() });
  desk.onChanged(() => heard++);
  return desk;
};
/** A box that keeps nothing. */
const box = (): CatalogueKeeper<never> => {
  const shelf: Shelf<never> = {
    load: async () => ({ document: undefined, acknowledged: new Map() }),
    save: async () => ok(undefined),
    saveAcknowledged: async () => ok(undefined),
  };
  return new CatalogueKeeper(shelf, actor());
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-desk-'));
  tables = createSqliteTables(openDatabase(join(directory, 'central.sqlite')));
  heard = 0;
});
afterEach(async () => {
  await tables.close();
  rmSync(directory, { recursive: true });
});

test('an edit goes to every gateway, and until it is acknowledged again, with the time of the change after a restart', async () => {
  const desk = await openDesk(tables);
  const { send } = must(await desk.edit({ items: [item('tea')] }, 5_000), 'edit');
  expect(send.map(({ gateway }) => gateway)).toEqual(['syabru', 'gatlang']);
  expect(heard).toBe(1);
  const again = await openDesk(tables);
  expect(await again.catalogue()).toMatchObject({ items: [{ id: 'tea' }], asOf: 5_000 });
  const [told] = await again.greet(syabru, 6_000);
  if (told === undefined) throw new Error('nothing to say');
  const { reply } = await box().receive(told, { gateway: syabru, direction: 'up' }, 6_000);
  if (reply === undefined) throw new Error('not acknowledged');
  await again.receive(reply, 7_000);
  expect(await again.greet(syabru, 8_000)).toEqual([]);
  expect(await again.greet(gatlang, 8_000)).toHaveLength(1);
  expect(await (await openDesk(tables)).greet(syabru, 9_000)).toEqual([]);
});

test('what one gateway changed is told to the others, once', async () => {
  const desk = await openDesk(tables);
  const shop = box();
  must(await shop.edit({ items: [item('milk')] }, 1), 'edit');
  const [told] = await shop.pending({ gateway: syabru, direction: 'up' });
  if (told === undefined) throw new Error('nothing to say');
  const sent = await desk.receive(told, 2_000);
  expect(sent.map(({ gateway, changes }) => [gateway, changes.length > 0])).toEqual([
    ['syabru', false],
    ['gatlang', true],
  ]);
  expect(heard).toBe(1);
  await desk.receive(told, 3_000);
  expect(heard).toBe(1);
  expect((await desk.catalogue()).asOf).toBe(2_000);
});

test('a full disk is a fault, and the catalogue is as it was', async () => {
  const full: Tables = {
    ...tables,
    saveDocument: () => Promise.reject(new StorageFault('storage-full', 'no room')),
  };
  const desk = await openDesk(full);
  await expect(desk.edit({ items: [item('tea')] }, 1)).rejects.toThrow('no room');
  expect(await desk.catalogue()).toMatchObject({ items: [] });
  expect(heard).toBe(0);
});
