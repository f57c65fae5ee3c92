// docs/invariants.md is true: every invariant and every rule of the SPEC has a row, and every file and title that a row names is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const table = read('docs/invariants.md');
const rows = [...table.matchAll(/^\| ([A-Z]\d+) \|(.*)\|$/gm)].map(([, rule = '', rest = '']) => ({ rule, rest }));
const named = rows.map(({ rule }) => rule);
/** `file` "title", as the rows cite tests. */
const citations = rows.flatMap(({ rule, rest }) =>
  [...rest.matchAll(/`([^`]+\.(?:test|contract)\.ts)` "([^"]+)"/g)].map(([, file = '', title = '']) => ({ rule, file, title })),
);

describe('the table of invariants', () => {
  it('has one row for each invariant and each rule of the SPEC', () => {
    const spec = [...read('ledger-sync/protocol/SPEC.md').matchAll(/\*\*([A-Z]\d+)\*\*/g)].map(([, rule]) => rule as string);
    const invariants = Array.from({ length: 14 }, (_, index) => `I${index + 1}`);
    const missing = [...new Set([...invariants, ...spec])].filter((rule) => !named.includes(rule));
    expect(missing).toEqual([]);
    expect(named.filter((rule, index) => named.indexOf(rule) !== index)).toEqual([]);
  });

  it('cites a test in every row', () => {
    expect(named.filter((rule) => !citations.some((citation) => citation.rule === rule))).toEqual([]);
  });

  it('cites tests that are there', () => {
    const gone = citations.filter(({ file, title }) => !existsSync(join(root, file)) || !read(file).includes(title));
    expect(gone).toEqual([]);
  });

  it('names sources that are there', () => {
    const paths = [...table.matchAll(/`((?:ledger-sync|main|hardware|test)\/[A-Za-z0-9/.-]+)`/g)].map(([, path]) => path as string);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('what the rooms import', () => {
  const sources = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$/.test(file))
      .map((file) => `${folder}/${file}`);
  const importing = (files: readonly string[], pattern: RegExp): string[] => files.filter((file) => pattern.test(read(file)));

  it('I11: documents and money do not meet', () => {
    const entries = /from '[^']*ledger\/(account|posting|entry|canonical|journal|position|reversal|rules)\.ts'/;
    expect(importing(sources('ledger-sync/documents'), entries)).toEqual([]);
    const money = ['ledger', 'protocol', 'agent', 'central/sqlite'].flatMap((room) => sources(`ledger-sync/${room}`));
    const intake = ['batch-intake', 'journal-desk', 'partition', 'tables', 'ingest'].map((file) => `ledger-sync/central/${file}.ts`);
    const documents = /from '[^']*documents\/[^']*'/;
    expect(importing([...money, ...intake, ...sources('main/store')], documents)).toEqual([]);
  });
});
