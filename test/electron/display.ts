// A display of one's own: Xvfb with a window manager, because a kiosk window is a request to one. Xvfb picks a free number itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';

export type Display = { readonly name: string; readonly width: number; readonly height: number; readonly stop: () => Promise<void> };

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
};

export const openDisplay = async (xvfb: string): Promise<Display> => {
  const [width, height] = [1280, 800];
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once((server.stdio[3] as Readable).setEncoding('utf8'), 'data')) as [string];
  const name = `:${number.trim()}`;
  const openbox = '/usr/bin/openbox';
  const manager = existsSync(openbox) ? spawn(openbox, { env: { ...process.env, DISPLAY: name }, stdio: 'ignore' }) : undefined;
  manager?.on('error', () => undefined);
  return {
    name,
    width,
    height,
    stop: async () => {
      if (manager !== undefined) await end(manager);
      await end(server);
    },
  };
};
