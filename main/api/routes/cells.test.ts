/** Versions of cells over HTTP: listed, switched between two payments, rolled back, and kept across a start. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../../test/support/api/test-box.ts';
import { TestAuthor } from '../../../test/support/cells/author.ts';

type Listed = { cells: { name: string; inUse?: string; versions: { version: string; state: string; reason?: string }[] }[] };

const author = new TestAuthor();
let box: TestBox;
let admin: Ask;
let cells: string;
beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
  cells = join(box.directory, 'cells');
  author.trustIn(cells);
});
afterAll(async () => {
  expect(box.failures).toEqual([]);
  await box.close();
});

const listed = async (name: string) => ((await admin('GET', '/v1/cells')).body as Listed).cells.find((cell) => cell.name === name);
const use = (name: string, body: object) => admin('POST', `/v1/cells/${name}`, { body });
const methods = async () => ((await admin('GET', '/v1/status')).body as { methods: { method: string; actions: string[] }[] }).methods;
const pay = async (method: string, id: string) =>
  (await admin('POST', '/v1/payments', { body: { id, method, action: 'sale', amount: '100', currency: 'NPR' } })).body;

describe('a box with cells of its own', () => {
  it('lists what the release brought', async () => {
    expect(await listed('cash')).toMatchObject({
      inUse: '0.1.0',
      chosen: false,
      versions: [{ version: '0.1.0', origin: 'shipped', state: 'in-use', class: 'fast', world: 'payment-cell' }],
    });
  });

  it('uses a new version from the next payment on, and the old one again', async () => {
    const { manifest } = await author.cell('cash', {});
    if (manifest.world !== 'payment-cell') throw new Error('cash takes payments');
    const { sale } = manifest.actions;
    if (sale === undefined) throw new Error('cash sells');
    await author.lay(cells, 'cash', { version: '0.2.0', actions: { sale } });
    // Being there is not being in use.
    expect(await listed('cash')).toMatchObject({ inUse: '0.1.0' });
    expect((await methods()).find(({ method }) => method === 'cash')?.actions).toEqual(['refund', 'sale']);

    const used = await use('cash', { version: '0.2.0' });
    expect(used).toMatchObject({ status: 200, body: { name: 'cash', version: '0.2.0', from: '0.1.0', switched: true } });
    expect((await use('cash', { version: '0.2.0' })).body).toMatchObject({ switched: false });
    expect((await methods()).find(({ method }) => method === 'cash')?.actions).toEqual(['sale']);
    expect(await pay('cash', 'switched-1')).toMatchObject({ status: 'approved' });
    expect(await listed('cash')).toMatchObject({ inUse: '0.2.0', previous: '0.1.0', chosen: true });

    expect((await use('cash', { previous: true })).body).toMatchObject({ version: '0.1.0', from: '0.2.0' });
    expect((await methods()).find(({ method }) => method === 'cash')?.actions).toEqual(['refund', 'sale']);
    expect((await use('cash', { previous: true })).body).toMatchObject({ version: '0.2.0', from: '0.1.0' });
  });

  it('serves a cell that the release never had', async () => {
    await author.lay(cells, 'cash', { name: 'coins', version: '1.0.0' });
    await box.refuses(
      () => admin('POST', '/v1/payments', { body: { id: 'c-1', method: 'coins', action: 'sale', amount: '1', currency: 'NPR' } }),
      422,
      'unknown-method',
    );
    expect((await use('coins', { version: '1.0.0' })).body).toEqual({
      name: 'coins',
      version: '1.0.0',
      digest: expect.any(String),
      switched: true,
    });
    expect(await pay('coins', 'coins-1')).toMatchObject({ status: 'approved' });
    await box.refuses(() => use('coins', { previous: true }), 404, 'unknown-cell');
  });

  it.each<[string, string, object, number, string]>([
    ['a version that is not here', 'cash', { version: '9.9.9' }, 404, 'unknown-cell'],
    ['a cell that is not here', 'gold', { version: '0.1.0' }, 404, 'unknown-cell'],
    ['a name that is a path', '..%2f..%2fetc', { version: '0.1.0' }, 404, 'unknown-cell'],
    ['a version that is a path', 'cash', { version: '../../..' }, 422, 'invalid-body'],
    ['neither a version nor the previous', 'cash', {}, 422, 'invalid-body'],
    ['both', 'cash', { version: '0.1.0', previous: true }, 422, 'invalid-body'],
  ])('refuses %s', async (_what, name, body, status, code) => {
    await box.refuses(() => use(name, body), status, code);
  });

  it('refuses a version whose author is not trusted, or that was changed', async () => {
    const stranger = new TestAuthor();
    await stranger.lay(cells, 'cash', { version: '0.3.0' });
    expect((await box.refuses(() => use('cash', { version: '0.3.0' }), 422, 'bad-cell')).detail).toContain('does not trust');
    await author.lay(cells, 'cash', { version: '0.4.0' });
    writeFileSync(join(cells, 'cash/0.4.0/prepared/core.wasm'), 'x');
    expect((await box.refuses(() => use('cash', { version: '0.4.0' }), 422, 'bad-cell')).detail).toContain('is not what was prepared');
    expect((await listed('cash'))?.versions.filter(({ state }) => state === 'broken').map(({ version }) => version)).toEqual([
      '0.3.0',
      '0.4.0',
    ]);
    expect(await pay('cash', 'still-1')).toMatchObject({ status: 'approved' });
  });

  it('needs the right to', async () => {
    const reader = box.token('reader', 'read');
    expect((await reader('GET', '/v1/cells')).status).toBe(200);
    await box.refuses(() => reader('POST', '/v1/cells/cash', { body: { version: '0.1.0' } }), 403, 'scope');
  });

  it('keeps the choice, and uses the release’s version where the chosen one is gone', async () => {
    await box.close(true);
    box = await TestBox.open({ directory: box.directory });
    admin = box.token('office', 'admin');
    expect(await listed('cash')).toMatchObject({ inUse: '0.2.0', previous: '0.1.0' });
    expect(await pay('coins', 'coins-2')).toMatchObject({ status: 'approved' });

    await box.close(true);
    rmSync(join(cells, 'cash/0.2.0'), { recursive: true });
    rmSync(join(cells, 'coins'), { recursive: true });
    box = await TestBox.open({ directory: box.directory });
    admin = box.token('office', 'admin');
    expect(await listed('cash')).toMatchObject({ inUse: '0.1.0', missing: '0.2.0', chosen: true });
    expect(await pay('cash', 'fallback-1')).toMatchObject({ status: 'approved' });
    await box.refuses(
      () => admin('POST', '/v1/payments', { body: { id: 'c-3', method: 'coins', action: 'sale', amount: '1', currency: 'NPR' } }),
      422,
      'unknown-method',
    );
  });
});
