// Builds what Node cannot run as it stands: the cells, the pages, the Electron shell. Each step is stamped with the hash of its
// inputs and skipped while they are the same, so a second run takes well under a second. A step that fails leaves no stamp.
// To add a step: one row in `steps` (name, inputs, output, ready, run). `npm run build -- NAME` builds one of them, `--force` all anew.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { root } from './runtime.mjs';

const pages = ['kiosk', 'field', 'office', 'village'];
const shared = ['package-lock.json', 'scripts/build.mjs'];

const under = (path) => join(root, path);
const runNode = (args) => {
  const child = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (child.error) throw child.error;
  if (child.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${child.signal ?? child.status}`);
};

const pageStep = (page) => ({
  name: page,
  // Pages take types, and nothing else, from outside renderer/: their output does not depend on it.
  inputs: [`renderer/${page}`, 'renderer/shared', 'vite.config.ts', ...shared],
  output: `dist/renderer/${page}`,
  ready: () => existsSync(under(`renderer/${page}/index.html`)),
  run: async () => {
    const { build } = await import('vite');
    await build({
      configFile: under('vite.config.ts'),
      root: under(`renderer/${page}`),
      build: { outDir: under(`dist/renderer/${page}`) },
      logLevel: 'warn',
    });
  },
});

const steps = [
  {
    name: 'cells',
    inputs: ['cells', 'main/cell-host/manifest.ts', ...shared],
    output: 'dist/cells',
    ready: () => existsSync(under('cells/sdk/build.ts')),
    run: () => runNode(['cells/sdk/build.ts']),
  },
  ...pages.map(pageStep),
  {
    name: 'electron',
    inputs: ['main/electron', 'ledger-sync/ledger/result.ts', 'scripts/build-electron.mjs', ...shared],
    output: 'dist/electron',
    ready: () => existsSync(under('main/electron/shell.ts')),
    run: async () => (await import('./build-electron.mjs')).buildElectron(),
  },
];

function* filesOf(path) {
  if (!existsSync(under(path))) return;
  const entries = readdirSync(under(path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.isDirectory()) yield* filesOf(`${path}/${entry.name}`);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield `${path}/${entry.name}`;
  }
}

const hashOf = (step) => {
  const hash = createHash('sha256').update(process.version);
  for (const input of step.inputs) {
    for (const file of /\.\w+$/.test(input) ? (existsSync(under(input)) ? [input] : []) : filesOf(input)) {
      const content = readFileSync(under(file));
      hash.update(`\0${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
};

const stampOf = (step) => under(`dist/.stamps/${step.name}`);
const isFresh = (step) => {
  if (!existsSync(under(step.output)) || !existsSync(stampOf(step))) return false;
  return readFileSync(stampOf(step), 'utf8') === hashOf(step);
};

const say = (line) => process.stderr.write(`build: ${line}\n`);

const buildStep = async (step) => {
  const hash = hashOf(step);
  rmSync(stampOf(step), { force: true });
  const startedAt = performance.now();
  await step.run();
  if (!existsSync(under(step.output))) throw new Error(`${step.output} was not made`);
  mkdirSync(under('dist/.stamps'), { recursive: true });
  writeFileSync(stampOf(step), hash);
  say(`${step.name} built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
};

const args = process.argv.slice(2);
const force = args.includes('--force');
const names = args.filter((argument) => argument !== '--force');
const unknown = names.find((name) => !steps.some((step) => step.name === name));
if (unknown !== undefined) {
  say(`no step "${unknown}"; there are ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

const stale = () => steps.filter((step) => (names.length === 0 || names.includes(step.name)) && step.ready() && (force || !isFresh(step)));

if (stale().length > 0) {
  await withLock(
    under('.build.lock'),
    () => say('another build is running here; waiting for it'),
    async () => {
      for (const step of stale()) {
        try {
          await buildStep(step);
        } catch (error) {
          say(`${step.name} failed: ${error.message}`);
          process.exitCode = 1;
          return;
        }
      }
    },
  );
}
