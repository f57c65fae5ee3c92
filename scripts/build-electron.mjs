// Bundles the Electron shell: Electron brings a Node of its own, which strips no types. The shell becomes an ES module; the preload
// CommonJS, because a sandboxed preload can be nothing else. The waiting page is copied as it is: it has no script.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './runtime.mjs';

const outDir = join(root, 'dist', 'electron');

const bundle = (entry, format, fileName, emptyOutDir) =>
  build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: join(root, 'main', 'electron', entry),
        external: ['electron', /^node:/],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  });

export const buildElectron = async () => {
  await bundle('shell.ts', 'es', 'shell.js', true);
  await bundle('preload.ts', 'cjs', 'preload.cjs', false);
  cpSync(join(root, 'main', 'electron', 'waiting'), join(outDir, 'waiting'), { recursive: true });
};
