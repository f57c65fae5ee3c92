/** Old and second copies of a disk (J4, P6, P7): found at the first contact, told to kiosk and office, and no payment is unknown to head office. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { verifyDatabase } from '../../main/store/verify.ts';
import { eventually, type Running, run, Village } from './village.ts';

let village: Village;
let clone: Running | undefined;
afterEach(async () => {
  clone?.child.kill('SIGKILL');
  clone = undefined;
  await village.end();
});

const fenced = () =>
  eventually(
    () => village.status(),
    (status) => status.fenced !== undefined,
  );

/** Five settled payments, a copy of the stopped box, four more that head office has and the copy lacks. */
async function withOldCopy(): Promise<() => void> {
  village = await Village.start();
  await village.payTimes(5);
  await village.settled(5);
  await village.site.child.stop();
  const putBack = village.keepCopy('old');
  await village.site.child.start();
  await village.payTimes(4);
  await village.settled(9);
  await village.site.child.stop();
  return putBack;
}

it('an old copy that was put back closes itself at the first contact and says why', { timeout: 60_000 }, async () => {
  const putBack = await withOldCopy();
  putBack();
  await village.site.child.start();
  expect((await fenced()).fenced).toContain('an old copy of its disk');
  expect(await village.pay()).toMatchObject({ status: 503, body: { code: 'fenced', detail: expect.stringContaining('head office') } });
  expect(await village.site.client.send('GET', '/healthz')).toMatchObject({
    status: 503,
    body: { reason: expect.stringContaining('fenced') },
  });
  // What was answered before is answered again, the same.
  expect(await village.pay('fault-1')).toMatchObject({ status: 200, body: { status: 'approved', entry: { number: 1 } } });
  expect((await village.entries()).length).toBe(9);
  await village.site.child.stop();
  await village.site.child.start();
  expect((await village.status()).fenced).toContain('an old copy of its disk');
});

it.each([2, 7])('an old copy that took %i payments before the first contact tells all of them', { timeout: 60_000 }, async (taken) => {
  const putBack = await withOldCopy();
  putBack();
  village.site.relay.setCut(true);
  await village.site.child.start();
  await village.payTimes(taken);
  village.site.relay.setCut(false);
  await fenced();
  const entries = await eventually(
    () => village.entries(),
    (rows) => rows.filter(({ standing }) => standing === 'forked').length === taken,
  );
  expect(entries.filter(({ standing }) => standing === 'canonical').length).toBe(9);
  expect(await village.breaks()).toMatchObject([{ kind: 'forked-journal', gateway: 'syabru' }]);
  expect((await village.pay()).status).toBe(503);
});

it('of two boxes on copies of one folder both are closed, and head office has what each took', { timeout: 60_000 }, async () => {
  village = await Village.start();
  await village.payTimes(3);
  await village.settled(3);
  await village.site.child.stop();
  const folder = join(village.folder, 'clone');
  cpSync(village.dataDirectory, folder, { recursive: true });
  village.site.relay.setCut(true);
  await village.site.child.start();
  const broker = village.world.broker.ready?.mqtt ?? '';
  const started = await run(['gateway', '--data', folder, '--http', '127.0.0.1:0', '--mqtt', broker, '--village', 'http://127.0.0.1:9']);
  if (!('child' in started)) throw new Error(started.complaint);
  clone = started;
  const payAtClone = (id: string) =>
    fetch(`${started.url}/v1/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${village.site.client.bearer}` },
      body: JSON.stringify({ id, method: 'cash', action: 'sale', amount: '700', currency: 'NPR' }),
    });
  // Neither hears of the other: the clone has the link, the first box is behind a hill.
  for (const id of ['clone-1', 'clone-2']) expect((await payAtClone(id)).status).toBe(201);
  await village.payTimes(3);
  await eventually(
    () => village.entries(),
    (rows) => rows.length === 5,
  );
  village.site.relay.setCut(false);
  await fenced();
  // The clone's own history is the one that head office has; it is closed by head office's word.
  await eventually(
    () => payAtClone('clone-3'),
    ({ status }) => status === 503,
  );
  const rows = await eventually(
    () => village.entries(),
    (found) => found.filter(({ standing }) => standing === 'forked').length >= 3,
  );
  expect(rows.filter(({ standing }) => standing === 'canonical').length).toBe(5);
  const breaks = await village.breaks();
  expect(breaks.length).toBeGreaterThanOrEqual(1);
  expect(breaks.every(({ kind }) => kind === 'forked-journal')).toBe(true);
});

it('a second box on the same folder does not start, and the first goes on', { timeout: 30_000 }, async () => {
  village = await Village.start();
  const second = await run(['gateway', '--data', village.dataDirectory, '--http', '127.0.0.1:0', '--mqtt', 'mqtt://127.0.0.1:1']);
  expect(second).toMatchObject({ code: 1, complaint: expect.stringContaining('another gateway runs on this data folder') });
  await village.payTimes(1);
});

it('a head office that was put back from an old copy is sent everything again', { timeout: 60_000 }, async () => {
  village = await Village.start();
  const { central, office } = village.world;
  await village.payTimes(2);
  await village.settled(2);
  await central.stop();
  const copy = join(village.folder, 'central-copy');
  cpSync(village.world.centralDirectory, copy, { recursive: true });
  await central.start();
  await village.payTimes(4);
  await village.settled(6);
  await central.stop();
  rmSync(village.world.centralDirectory, { recursive: true });
  cpSync(copy, village.world.centralDirectory, { recursive: true });
  await central.start();
  await village.world.signIn();
  await eventually(
    async () => (await office.get<{ gateways: { watermark: number }[] }>('/v1/gateways')).gateways[0]?.watermark,
    (watermark) => watermark === 6,
  );
  expect((await village.entries()).length).toBe(6);
  expect(await village.breaks()).toEqual([]);
  await village.payTimes(1);
  await village.settled(7);
  expect(verifyDatabase(join(village.dataDirectory, 'gateway.sqlite'))).toMatchObject({ ok: true });
});
