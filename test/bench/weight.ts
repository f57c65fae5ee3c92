/** `kiosk.weight`: the JavaScript that the kiosk page loads, gzipped, as built in dist/. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Figure } from './figure.ts';

const ROOT = join(import.meta.dirname, '../..');

function gzippedKb(page: string): number {
  const directory = join(ROOT, 'dist/renderer', page);
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(directory, name)), { level: 9 }).length, 0) / 1_000;
}

export async function weightFigures(): Promise<readonly Figure[]> {
  const value = gzippedKb('kiosk');
  const office = gzippedKb('office');
  return [
    {
      name: 'kiosk.weight',
      value,
      unit: 'kB gzipped JS',
      rival: 'kB: the office page',
      rivalValue: office,
      ratio: value / office,
      hold: '<= 60',
      holds: value <= 60,
    },
  ];
}
