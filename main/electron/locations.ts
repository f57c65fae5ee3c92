/**
 * Where the parts stand: in a checkout the repository itself, in a package the folder `gateway` among its resources, which has the same
 * shape. Node 24 comes from the platform's package in either.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Locations = {
  readonly root: string;
  readonly node: string;
  readonly cli: string;
  readonly preload: string;
  readonly waitingFolder: string;
  readonly waitingPage: string;
};

export const locate = (shellFolder: string, resources: string | undefined): Locations => {
  const root = resources === undefined ? join(shellFolder, '..', '..') : join(resources, 'gateway');
  // Beside the archive, not in it: with Electron's extra file privileges switched off, a page cannot be read out of an archive.
  const waitingFolder = `${pathToFileURL(join(resources ?? shellFolder, 'waiting')).href}/`;
  return {
    root,
    node: join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node'),
    cli: join(root, 'main', 'cli.ts'),
    preload: join(shellFolder, 'preload.cjs'),
    waitingFolder,
    waitingPage: `${waitingFolder}waiting.html`,
  };
};
