// Opens the built shell through Playwright. Root has no Chromium sandbox, so there the shell runs as the user "nobody" wherever that
// one may read the repository: the test then sees the sandbox that production has. Else --no-sandbox, as CI images often force.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';

const nobody = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout));
  return uid && gid ? { uid, gid } : undefined;
};

export type Launch = {
  readonly electron: string;
  readonly display: string;
  /** A checkout, or a folder of the same shape. */
  readonly appRoot: string;
  /** A fresh folder: home, settings and data of the run. */
  readonly home: string;
  readonly args: readonly string[];
};

export const launchShell = async ({ electron, display, appRoot, home, args }: Launch): Promise<ElectronApplication> => {
  mkdirSync(home, { recursive: true });
  const settings = { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_CACHE_HOME: join(home, 'cache'), DISPLAY: display };
  const user = nobody();
  const canRead =
    user !== undefined &&
    ['package.json', 'dist/electron/shell.js', 'node_modules/.bin/node'].every((file) => {
      const look = spawnSync('runuser', ['-u', 'nobody', '--', 'test', '-r', join(appRoot, file)]);
      return look.status === 0;
    });
  let executablePath = electron;
  const first: string[] = [];
  if (user !== undefined && canRead) {
    executablePath = join(home, 'as-nobody');
    const words = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
    writeFileSync(executablePath, `#!/bin/sh\nexec runuser -u nobody -- env ${words.join(' ')} '${electron}' "$@"\n`);
    chmodSync(executablePath, 0o755);
    chownSync(home, user.uid, user.gid);
  } else if (process.getuid?.() === 0) first.push('--no-sandbox');
  // Electron's crash reporter and the sandbox want nothing of the test runner's own environment.
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  const env = Object.fromEntries(
    Object.entries({ ...inherited, ...settings }).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  return _electron.launch({ executablePath, args: [...first, '--disable-gpu', appRoot, ...args], cwd: home, env, timeout: 30_000 });
};
