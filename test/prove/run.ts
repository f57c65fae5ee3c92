/**
 * `npm run prove [-- NAME ...]`: one line for each claim of the README, with the value measured just now, its rival and the command that
 * shows it alone. At most five minutes. Exit 1 where a claim does not stand.
 */
import { claims } from './claims.ts';

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !claims.some((claim) => claim.name === name));
if (unknown !== undefined) {
  process.stderr.write(`prove: there is no claim "${unknown}"; there are ${claims.map((claim) => claim.name).join(', ')}\n`);
  process.exit(2);
}
let fallen = 0;
for (const claim of claims.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  let line: string;
  try {
    const found = await claim.measure();
    if (found.stands === false) fallen++;
    const verdict = found.stands === undefined ? 'skipped' : found.stands ? 'stands ' : 'FALLS  ';
    line = `${verdict}  ${claim.says}: ${found.value}${found.rival === undefined ? '' : `  (beside: ${found.rival})`}`;
  } catch (fault) {
    fallen++;
    line = `FALLS    ${claim.says}: ${(fault as Error).message.split('\n')[0]}`;
  }
  process.stdout.write(`${line}\n         alone: ${claim.alone}\n`);
}
process.stdout.write(fallen === 0 ? '\nEvery claim stands.\n' : `\n${fallen} claim(s) fell.\n`);
process.exit(fallen === 0 ? 0 : 1);
