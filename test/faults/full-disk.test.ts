/**
 * A disk that is full, for real: a small tmpfs under the folder of the box, then of head office. What cannot be kept is refused by name, what
 * was answered stays, and all of it goes on by itself when there is room (I1, J7).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDatabase } from '../../main/store/verify.ts';
import { eventually, Village } from './village.ts';

const mounted: string[] = [];
function mountSmall(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', folder]);
  if (done.status === 0) mounted.push(folder);
  return done.status === 0;
}
const unmountAll = (): void => {
  for (const folder of mounted.splice(0)) spawnSync('umount', ['-l', folder]);
};

/** Mounting is for root; elsewhere max_page_count stands for it in the store's own tests. */
const trial = mkdtempSync(join(tmpdir(), 'chautari-mount-'));
const mayMount = mountSmall(trial);
unmountAll();
rmSync(trial, { recursive: true, force: true });
if (!mayMount && process.env.CHAUTARI_TEST_REQUIRE === 'all' && process.getuid?.() === 0)
  throw new Error('root may not mount a tmpfs here');

const FILLER = 'filler';
function fill(folder: string): void {
  const file = openSync(join(folder, FILLER), 'w');
  for (let size = 1024 * 1024; size >= 512; size /= 2) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault;
    }
  }
  closeSync(file);
}

describe.skipIf(!mayMount)('a full disk', () => {
  let village: Village;
  beforeAll(async () => {
    village = await Village.start((folder) => {
      for (const name of ['syabru', 'central']) mountSmall(join(folder, name));
    });
  }, 60_000);
  afterAll(async () => {
    // Folders under a mount go after it.
    await village.world.stop();
    unmountAll();
    rmSync(village.folder, { recursive: true, force: true });
  });

  it('of the box: refused as storage, told by /healthz, and gone by itself when there is room', { timeout: 60_000 }, async () => {
    await village.payTimes(5);
    await village.settled(5);
    fill(village.dataDirectory);
    // The log's last pages may still take some.
    const approved: string[] = [];
    let tries = 0;
    const refusal = await eventually(
      async () => {
        const id = `tight-${++tries}`;
        const answer = await village.pay(id);
        if (answer.status === 201) approved.push(id);
        return answer;
      },
      ({ status }) => status === 503,
    );
    expect(refusal).toMatchObject({ body: { code: 'storage', detail: expect.stringContaining('ask again with the same id') } });
    expect(await village.site.client.send('GET', '/healthz')).toMatchObject({
      status: 503,
      body: { reason: expect.stringContaining('make room') },
    });
    // A power cut on top of it: what was answered is there.
    village.site.child.kill();
    const back = await eventually(
      () => village.site.client.send('GET', '/v1/payments/fault-1').catch(() => ({ status: 0 })),
      ({ status }) => status === 200,
    );
    expect(back).toMatchObject({ body: { status: 'approved', entry: { number: 1 } } });
    unlinkSync(join(village.dataDirectory, FILLER));
    const again = await eventually(
      () => village.pay(`tight-${tries}`),
      ({ status }) => status === 201,
    );
    expect(again).toMatchObject({ body: { status: 'approved' } });
    await eventually(
      () => village.site.client.send('GET', '/healthz'),
      ({ status }) => status === 200,
    );
    for (const id of approved) expect(await village.pay(id)).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(verifyDatabase(join(village.dataDirectory, 'gateway.sqlite'))).toMatchObject({ ok: true });
  });

  it('of head office: nothing is acknowledged, nothing is lost, and all arrives when there is room', { timeout: 60_000 }, async () => {
    const { office, centralDirectory } = village.world;
    await village.settled((await village.status()).head.number);
    fill(centralDirectory);
    // What the log still has room for may be taken in; then nothing is.
    await eventually(
      async () => {
        await village.payTimes(10);
        return office.send('GET', '/healthz');
      },
      ({ status }) => status === 503,
    );
    expect(await office.send('POST', '/v1/vouchers', { gateway: 'gatlang', site: 'Gatlang' })).toMatchObject({
      status: 503,
      body: { code: 'storage' },
    });
    await village.payTimes(3);
    const { head, watermark } = await village.status();
    expect(watermark.received).toBeLessThan(head.number);
    unlinkSync(join(centralDirectory, FILLER));
    await village.settled(head.number);
    expect((await village.entries()).filter(({ standing }) => standing === 'canonical').length).toBe(Math.min(500, head.number));
    expect(await village.breaks()).toEqual([]);
    expect(await office.send('GET', '/healthz')).toMatchObject({ status: 200 });
  });
});
