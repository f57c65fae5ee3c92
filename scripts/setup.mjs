// Makes a checkout ready: packages, Node 24 under node_modules/.bin, the built parts. Runs before `npm start` and `npm test`, under
// whatever Node >= 18 and npm >= 10 the machine has, and is quick when nothing has changed.
// Why not plain `npm ci`: npm 10 leaves .bin/node out (two optional packages own that name), and would build better-sqlite3 from
// its sources although the package carries built ones. So: no install scripts, then the link, then a check that the native parts load.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { canHaveRuntime, hasPackagedNode, noRuntimeLine, packagedNodeLink, root, runtimeNode } from './runtime.mjs';

const stamp = join(root, 'node_modules', '.chautari-setup');
const binNode = join(root, 'node_modules', '.bin', 'node');
const nativePackages = ['better-sqlite3', 'serialport', '@napi-rs/canvas'];

const say = (line) => process.stderr.write(`setup: ${line}\n`);
const fail = (line) => {
  process.stderr.write(line.startsWith('chautari: ') ? `${line}\n` : `setup: ${line}\n`);
  process.exit(1);
};

const readOr = (read) => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** What the installed packages depend on: the lock, and the machine they were chosen for. */
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

const isInstalled = () => readOr(() => readFileSync(stamp, 'utf8')) === wanted;

const runNpm = (args) => {
  const npmFile = process.env.npm_execpath;
  const isNpm = npmFile !== undefined && basename(npmFile) === 'npm-cli.js';
  // The npm that called us, so that one machine's several npms are not mixed; else the one on the PATH.
  const [command, first] = isNpm ? [process.execPath, [npmFile]] : ['npm', []];
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
};

const linkNode = () => {
  if (!hasPackagedNode() || readOr(() => readlinkSync(binNode)) === packagedNodeLink) return;
  mkdirSync(dirname(binNode), { recursive: true });
  rmSync(binNode, { force: true });
  symlinkSync(packagedNodeLink, binNode);
};

const install = () => {
  say('installing packages (npm ci), once for each package-lock.json');
  const npm = runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error']);
  if (npm.error) fail(`npm could not be started: ${npm.error.message}`);
  if (npm.status !== 0) fail('npm ci failed (see above); check the network and the free space, then start again');
  linkNode();
  const node = runtimeNode();
  if (node === undefined) fail(noRuntimeLine());
  say('checking that the native parts load under Node 24');
  const probe = `for (const name of ${JSON.stringify(nativePackages)}) { try { require(name) } catch (error) { console.error(name + ': ' + error.message); process.exitCode = 1 } }`;
  const loaded = spawnSync(node, ['-e', probe], { cwd: root, stdio: 'inherit' });
  if (loaded.error) fail(`${node} does not run here (${loaded.error.message}); install Node 24 or later and start again`);
  if (loaded.status !== 0) fail('a native package has no built part for this machine (see above)');
  writeFileSync(stamp, wanted);
};

if (!canHaveRuntime()) fail(noRuntimeLine());
if (!isInstalled()) {
  await withLock(
    join(root, '.setup.lock'),
    () => say('another set-up is running here; waiting for it'),
    () => {
      if (!isInstalled()) install();
    },
  );
}
linkNode();
const node = runtimeNode();
if (node === undefined) fail(noRuntimeLine());
const build = spawnSync(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
process.exit(build.status ?? 1);
