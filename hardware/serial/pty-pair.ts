/**
 * Two pseudo-terminals joined by socat, as a cable that can be pulled out: for the tests of what is on serial lines. The links are taken
 * away with the cable, because the kernel gives the numbers behind them to somebody else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type PtyPair = {
  readonly nearPath: string;
  readonly farPath: string;
  plugIn(): Promise<void>;
  unplug(): Promise<void>;
  dispose(): Promise<void>;
};

/** Not plugged in yet. */
export function ptyPair(socat: string): PtyPair {
  const directory = mkdtempSync(join(tmpdir(), 'chautari-pty-'));
  const [nearPath, farPath] = [join(directory, 'near'), join(directory, 'far')];
  let child: ChildProcess | undefined;
  let last: Promise<void> = Promise.resolve();

  const start = async (): Promise<void> => {
    if (child !== undefined) return;
    const pty = (path: string): string => `pty,raw,echo=0,link=${path}`;
    const started = spawn(socat, ['-d', '-d', pty(nearPath), pty(farPath)], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    let said = '';
    for await (const chunk of started.stderr.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      if (said.includes('starting data transfer loop')) break;
    }
    started.stderr.resume();
  };
  const stop = async (): Promise<void> => {
    const running = child;
    if (running === undefined) return;
    child = undefined;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
    for (const path of [nearPath, farPath]) rmSync(path, { force: true });
  };
  const inOrder = (act: () => Promise<void>): Promise<void> => {
    last = last.then(act);
    return last;
  };
  return {
    nearPath,
    farPath,
    plugIn: () => inOrder(start),
    unplug: () => inOrder(stop),
    dispose: async () => {
      await inOrder(stop);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
