/** A cell is laid down whole or not at all, wherever its process ends and whenever the disk is full. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthor } from '../../test/support/cells/author.ts';
import { removeCell } from './place-cell.ts';
import { CellRegistry } from './registry.ts';

const CHILD = join(import.meta.dirname, '../../test/support/cells/place-child.ts');
const author = new TestAuthor();
const scratch = mkdtempSync(join(tmpdir(), 'place-cell-'));
const source = join(scratch, 'source');
beforeAll(async () => {
  author.trustIn(source);
  await author.lay(source, 'cash', { version: '0.2.0' });
  await author.lay(source, 'cash', { version: '0.3.0' });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let roots = 0;
/** A root that holds 0.2.0 already. */
function newRoot(): string {
  roots += 1;
  const root = join(scratch, `root-${roots}`);
  author.trustIn(root);
  expect(place(root, '0.2.0')).toMatch(/^done/);
  return root;
}

function place(root: string, version: string, how = 'never', at = 0): string {
  return spawnSync(process.execPath, [CHILD, root, source, 'cash', version, how, String(at)], { encoding: 'utf8' }).stdout;
}

const isWhole = (root: string, version: string): boolean => new CellRegistry({ shipped: root }).find('cash', version).ok;
const leftovers = (root: string): string[] => readdirSync(root).filter((name) => name.startsWith('.staging'));

describe('a cell that is being laid down', () => {
  it('is there whole or not at all when its process is killed, and the next one finishes it', () => {
    const root = newRoot();
    const steps = Number(/^done ([0-9]+)$/.exec(place(root, '0.3.0'))?.[1]);
    expect(steps).toBeGreaterThan(20);
    expect(removeCell(root, 'cash', '0.3.0').ok).toBe(true);
    let kept = 0;
    for (let step = 1; step <= steps; step += 1) {
      expect(place(root, '0.3.0', 'kill', step)).toBe('');
      expect(isWhole(root, '0.2.0')).toBe(true);
      const there = existsSync(join(root, 'cash/0.3.0'));
      expect(isWhole(root, '0.3.0')).toBe(there);
      if (there) {
        kept += 1;
        removeCell(root, 'cash', '0.3.0');
      }
    }
    // Near the end it was in its place already.
    expect(kept).toBeGreaterThan(0);
    expect(place(root, '0.3.0')).toMatch(/^done/);
    expect(isWhole(root, '0.3.0')).toBe(true);
    expect(leftovers(root)).toEqual([]);
  }, 120_000);

  it('changes nothing where the disk is full', () => {
    const root = newRoot();
    const seen = new Set<string>();
    for (let step = 1; step < 40; step += 2) {
      const said = place(root, '0.3.0', 'full', step).replace(/ .*/, '');
      seen.add(said);
      expect(isWhole(root, '0.2.0')).toBe(true);
      expect(leftovers(root)).toEqual([]);
      if (said === 'done') removeCell(root, 'cash', '0.3.0');
      else expect(existsSync(join(root, 'cash/0.3.0'))).toBe(false);
    }
    expect([...seen].toSorted()).toEqual(['disk-full', 'done']);
  }, 120_000);

  it.each(['cash', '.glue'])('is not laid through a link in the place of %s', (name) => {
    const root = join(scratch, `linked-${name.replace('.', '')}`);
    const elsewhere = join(scratch, `elsewhere-${name.replace('.', '')}`);
    mkdirSync(root);
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(root, name));
    expect(place(root, '0.2.0')).toBe('not-a-folder');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('takes away what a process left that is gone, and nobody else’s', () => {
    const root = newRoot();
    mkdirSync(join(root, '.staging-999999999-0'));
    mkdirSync(join(root, `.staging-${process.pid}-7`));
    writeFileSync(join(root, '.staging-x'), '');
    expect(place(root, '0.3.0')).toMatch(/^done/);
    expect(leftovers(root)).toEqual([`.staging-${process.pid}-7`]);
  });
});
