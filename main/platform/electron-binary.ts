/**
 * Finds an Electron to open the kiosk window with, or says in one line what is missing. Electron's package brings no binary with it
 * (newer ones have no install script), so it is never taken for granted; nothing here starts a download.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';

export type ElectronBinary = {
  readonly path: string;
  /** Arguments to put first: root has no sandbox of its own to give. */
  readonly args: readonly string[];
};

export type ElectronSearch = {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly isRoot: boolean;
  readonly exists: (path: string) => boolean;
};

const fileIn: Readonly<Record<string, string>> = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

const thisMachine = (): ElectronSearch => ({
  root: join(import.meta.dirname, '..', '..'),
  env: process.env,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
});

export const findElectron = (search: ElectronSearch = thisMachine()): Result<ElectronBinary, string> => {
  const { root, env, platform, isRoot, exists } = search;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return err('no display');
  const given = env.CHAUTARI_ELECTRON ?? env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = join(given ?? join(root, 'node_modules', 'electron', 'dist'), fileIn[platform] ?? 'electron');
  if (exists(path)) return ok({ path, args: isRoot && platform === 'linux' ? ['--no-sandbox'] : [] });
  if (given !== undefined) return err(`no Electron binary: ${path} is not there`);
  return err('no Electron binary: "npx install-electron" fetches it once, or set CHAUTARI_ELECTRON to the folder of one');
};
