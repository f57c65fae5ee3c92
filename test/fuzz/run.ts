/**
 * `node test/fuzz/run.ts [TARGET ...] [--minutes N] [--seed S] [--once]`: fuzzes each target in turn for N minutes in all (1 when not
 * said), from the seed S on (by the clock when not said; it is printed). `--once` runs the one seed. A seed that fails is printed and kept in test/fuzz/seeds/, whose
 * seeds run with the tests. Exits 1 when one failed.
 */
import { parseArgs } from 'node:util';
import { keepSeed } from './seeds.ts';
import { targets } from './targets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, once: { type: 'boolean', default: false } },
});
const chosen = targets.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name === word || name.startsWith(`${word}.`)),
);
const minutes = Number(values.minutes);
const firstSeed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (chosen.length === 0 || !(minutes > 0) || !Number.isSafeInteger(firstSeed)) {
  process.stderr.write(`fuzz: choose of ${targets.map(({ name }) => name).join(', ')}; --minutes and --seed are numbers\n`);
  process.exit(2);
}
process.stdout.write(`fuzz: from the seed ${firstSeed}\n`);

let failures = 0;
for (const target of chosen) {
  const counts = new Map<string, number>();
  const until = performance.now() + (minutes * 60_000) / chosen.length;
  let cases = 0;
  do {
    const seed = (firstSeed + cases) % 2 ** 32;
    cases += 1;
    try {
      const outcome = await target.run(seed);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    } catch (error) {
      failures += 1;
      process.stdout.write(`${target.name}: the seed ${seed} fails: ${error instanceof Error ? error.message : String(error)}\n`);
      keepSeed(target.name, seed);
    }
  } while (!values.once && failures < 20 && performance.now() < until);
  const words = [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([outcome, count]) => `${outcome} ${count}`);
  process.stdout.write(`${target.name}: ${cases} cases; ${words.join(', ')}\n`);
}
process.exitCode = failures > 0 ? 1 : 0;
