/** The page that says what a cell may touch names files and tests that are there: a line that nothing holds is worse than none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'main/cell-host');
const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');

/** Beside the page, or by its path from the root. */
const placeOf = (name: string): string | undefined => [join(FOLDER, name), join(ROOT, name)].find((path) => existsSync(path));

it('names files that are there', () => {
  const names = [...page.matchAll(/`((?:[a-z-]+\/)*[a-z-]+(?:\.test)?\.ts|(?:[a-z-]+\/)+)`/g)].map((match) => match[1] ?? '');
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => placeOf(name) === undefined)).toEqual([]);
});

it('names tests that are there', () => {
  const cited = [...page.matchAll(/`((?:[a-z-]+\/)*[a-z-]+\.test\.ts)`((?:,? "[^"]+")+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map((match) => ({ file, title: match[1] ?? '' })),
  );
  expect(cited.length).toBeGreaterThan(20);
  const gone = cited.filter(({ file, title }) => !readFileSync(placeOf(file) ?? '', 'utf8').includes(title));
  expect(gone).toEqual([]);
});
