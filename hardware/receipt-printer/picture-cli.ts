/** `node hardware/receipt-printer/picture-cli.ts [DIR]`: the sample receipts as PNG, for the documentation. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemTimers } from '../../main/platform/timers.ts';
import { pictureOf } from './picture.ts';
import { sampleSale } from './sample-receipts.ts';

const directory = process.argv[2] ?? 'docs/pictures';
mkdirSync(directory, { recursive: true });
for (const language of ['ne', 'en'] as const) {
  const file = join(directory, `receipt-${language}.png`);
  writeFileSync(file, await pictureOf(sampleSale(language), 80, systemTimers));
  process.stdout.write(`${file}\n`);
}
