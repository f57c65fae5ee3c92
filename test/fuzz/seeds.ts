/** Seeds that failed once: one a line, a file a target. They stay, and run with the tests. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'seeds');

function fileOf(target: string): string {
  return join(FOLDER, `${target}.txt`);
}

export function keptSeeds(target: string): number[] {
  if (!existsSync(fileOf(target))) return [];
  const lines = readFileSync(fileOf(target), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map(Number);
}

export function keepSeed(target: string, seed: number): void {
  if (keptSeeds(target).includes(seed)) return;
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(fileOf(target), `${seed}\n`);
}
