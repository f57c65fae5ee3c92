// The house rules that a machine can check, over every file of the repository. An exception would be a row in `known` with its reason;
// a row that is no longer needed fails too, so the list can only get shorter.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const lineLimit = 450;

const known: readonly string[] = [];

const listed = spawnSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const read = (file: string): string | undefined => {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined; // Deleted in the working copy, not yet in git.
  }
};
const files = listed.stdout.split('\0').filter((file) => file !== '' && read(file) !== undefined);
const texts = files.filter((file) => !/\.(png|jpg|gz|zst|woff2?|wasm|bin|db|escpos)$/.test(file));
const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const isTest = (file: string): boolean => file.startsWith('test/') || /\.test\.tsx?$/.test(file);
/** Assembled here, so that this file does not hold what it looks for. */
const word = (...parts: readonly string[]): string => parts.join('');

const faults = (among: readonly string[], isFault: (line: string, file: string) => boolean): string[] =>
  among
    .flatMap((file) => (read(file) ?? '').split('\n').map((line, index) => ({ file, line, at: `${file}:${index + 1}` })))
    .filter(({ line, file }) => isFault(line, file))
    .map(({ at, line }) => `${at}: ${line.trim().slice(0, 120)}`)
    .filter((fault) => !known.some((row) => fault.startsWith(row)));

/** The line without what follows `//`: words in a comment run nothing. */
const withoutComment = (line: string): string => line.replace(/(^|\s)(\/\/|\*|\/\*).*$/, '');

describe('every file', () => {
  it('is known to git', () => {
    expect(listed.status).toBe(0);
    expect(code.length).toBeGreaterThan(0);
  });

  it('has a kebab-case name', () => {
    const proper = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/;
    const customary = /^(LICENSE|[A-Z]+\.md)$/;
    const bad = files.filter((file) => !file.split('/').every((part) => proper.test(part) || customary.test(part)));
    expect(bad.filter((file) => !known.includes(file))).toEqual([]);
  });

  it('names no package registry and no path of one machine', () => {
    const hosts = new RegExp([word('registry', '\\.npmjs'), word('registry', '\\.yarnpkg'), word('npm', 'mirror\\.com')].join('|'));
    const machine = new RegExp(word('(^|[\\s\'"`(=:])/(', 'work|root|home/[a-z]+|Users', ')/'));
    expect(faults(texts, (line) => hosts.test(line) || machine.test(line))).toEqual([]);
  });

  it('leaves nothing for later', () => {
    const later = new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('HA', 'CK')})\\b`);
    expect(faults(texts, (line, file) => file !== 'package-lock.json' && later.test(line))).toEqual([]);
  });
});

describe('every source', () => {
  it(`has at most ${lineLimit} lines`, () => {
    const long = code.filter((file) => (read(file) ?? '').split('\n').length - 1 > lineLimit);
    expect(long.filter((file) => !known.includes(file))).toEqual([]);
  });

  it('begins with a comment that says what it is for', () => {
    const bare = code.filter((file) => !isTest(file) && !/^(#!.*\n)?\s*(\/\/ ?\S|\/\*)/.test(read(file) ?? ''));
    expect(bare.filter((file) => !known.includes(file))).toEqual([]);
  });

  it('takes time, chance and timers as parameters in the rooms that the simulator runs', () => {
    const rooms = /^(ledger-sync\/(ledger|protocol|agent)|main\/(gateway|store|cell-host))\//;
    const doors = /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bset(Timeout|Interval)\(/;
    const composer = /(^|\/)compose(-[a-z-]+)?(\.ts$|\/)/; // Where the real doors are put in.
    const sources = code.filter((file) => rooms.test(file) && !isTest(file) && !composer.test(file));
    expect(faults(sources, (line) => doors.test(withoutComment(line)))).toEqual([]);
  });
});

describe('every test', () => {
  const tests = code.filter(isTest);

  it('runs with all the others', () => {
    const alone = new RegExp(word('\\b(describe|it|test)(\\.[a-z]+)*\\.', 'only\\('));
    expect(faults(tests, (line) => alone.test(withoutComment(line)))).toEqual([]);
  });

  it('uses the real modules', () => {
    const mocked = new RegExp(word('\\bvi\\.(do)?', 'mock\\(\\s*[\'"]\\.'));
    expect(faults(tests, (line) => mocked.test(withoutComment(line)))).toEqual([]);
  });
});
