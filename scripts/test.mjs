// All the checks, in order of speed: types, format and lint, boundaries, dead code, then the tests. A step that fails does not stop
// the later ones, so that one run shows everything. The very last line counts them. With arguments, vitest alone runs with them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const vitestRun = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'];
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };

const run = (command, args) => {
  const child = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (child.error) process.stderr.write(`test: ${command}: ${child.error.message}\n`);
  return child.status ?? 1;
};

const args = process.argv.slice(2);
if (args.length > 0) process.exit(run(process.execPath, [...vitestRun, ...args]));

const steps = [
  ['types', bin('tsc'), ['-p', '.']],
  ['format and lint', bin('biome'), ['check', '.']],
  ['imports', bin('oxlint'), ['--deny-warnings']],
  ['boundaries', process.execPath, [join(root, 'scripts', 'boundaries.mjs')]],
  ['dead code', bin('knip'), []],
];

let passed = 0;
let failed = 0;
let skipped = 0;
const summary = [];
const startedAt = performance.now();

for (const [name, command, commandArgs] of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const good = run(command, commandArgs) === 0;
  if (good) passed += 1;
  else failed += 1;
  summary.push(`${good ? 'ok    ' : 'FAILED'} ${name}`);
}

process.stdout.write('\n== tests\n');
const scratch = mkdtempSync(join(tmpdir(), 'chautari-test-'));
const report = join(scratch, 'report.json');
const status = run(process.execPath, [...vitestRun, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  // A file that could not be loaded has no test to count, and an error outside any test neither: each counts as one failure.
  const unloaded = result.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  );
  const counted = result.numFailedTests + unloaded.length;
  failed += status !== 0 && counted === 0 ? 1 : counted;
  for (const file of unloaded) summary.push(`FAILED ${file.name.replace(`${root}/`, '')}: ${file.message.split('\n')[0]}`);
  for (const file of result.testResults) {
    for (const one of file.assertionResults.filter((test) => test.status === 'failed')) {
      summary.push(`FAILED ${file.name.replace(`${root}/`, '')}: ${one.fullName}`);
    }
  }
  summary.push(`${status === 0 ? 'ok    ' : 'FAILED'} tests: ${result.numPassedTests} of ${result.numTotalTests}`);
} catch (error) {
  failed += 1;
  summary.push(`FAILED tests: no report was written (${error.message})`);
}
rmSync(scratch, { recursive: true, force: true });

process.stdout.write(`\n== summary, after ${Math.round((performance.now() - startedAt) / 1000)} s\n${summary.join('\n')}\n`);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
