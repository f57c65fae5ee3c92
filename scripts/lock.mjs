// A lock between processes, as a directory: making one is atomic everywhere. It names its holder's process, so that the lock of
// one that was killed is taken over instead of waited for. Plain JavaScript: it runs before Node 24 is there.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 200;
const nameGraceMs = 5_000;
const waitLimitMs = 15 * 60_000;

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** True when nobody can hold the lock any more: its holder is gone, or never came to write its name. */
const isAbandoned = (directory) => {
  try {
    return !isAlive(Number(readFileSync(join(directory, 'pid'), 'utf8')));
  } catch {
    try {
      return Date.now() - statSync(directory).mtimeMs > nameGraceMs;
    } catch {
      return false; // Released in between: the next try takes it.
    }
  }
};

const tryTake = (directory) => {
  try {
    mkdirSync(directory);
    writeFileSync(join(directory, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

/** Renames before removing, so that of several waiters only one takes the abandoned lock away. */
const clear = (directory) => {
  const aside = `${directory}.${process.pid}`;
  try {
    renameSync(directory, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another waiter was quicker.
  }
};

/** Runs `work` while holding the lock; `onWait` is called once when somebody else holds it. */
export const withLock = async (directory, onWait, work) => {
  let waitedMs = 0;
  while (!tryTake(directory)) {
    if (isAbandoned(directory)) {
      clear(directory);
      continue;
    }
    if (waitedMs === 0) onWait();
    if (waitedMs >= waitLimitMs) throw new Error(`${directory} is held for too long; remove it if nothing is running`);
    await sleep(pollMs);
    waitedMs += pollMs;
  }
  const release = () => rmSync(directory, { recursive: true, force: true });
  const stop = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    release();
  }
};
