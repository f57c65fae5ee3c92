/** The lock between set-ups and builds: one holder at a time, handed over when its holder fails or is gone. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ignore = () => undefined;

it('lets one in at a time, and says once that it waits', async () => {
  const seen: string[] = [];
  let leave: () => void = ignore;
  const first = withLock(lock, ignore, async () => {
    seen.push('first in');
    await new Promise<void>((resolve) => {
      leave = resolve;
    });
    seen.push('first out');
  });
  await withLock(
    lock,
    () => {
      seen.push('second waits');
      leave();
    },
    () => {
      seen.push('second in');
    },
  );
  await first;
  expect(seen).toEqual(['first in', 'second waits', 'first out', 'second in']);
});

it('is given back when the work fails', async () => {
  await expect(withLock(lock, ignore, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

it('is taken from a process that is gone', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(gone.pid));
  expect(await withLock(lock, ignore, () => 'taken')).toBe('taken');
});
