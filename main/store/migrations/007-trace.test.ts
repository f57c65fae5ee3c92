import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('a version of a cell stands once, and a trace has its limit', () => {
  const db = migratedTo(7);
  const cell = db.prepare("INSERT INTO traced_cell (name, version, digest) VALUES ('cash', '0.1.0', ?)");
  cell.run('a'.repeat(64));
  expect(() => cell.run('a'.repeat(64))).toThrow(/UNIQUE/);
  expect(() => cell.run('short')).toThrow(/CHECK/);
  const trace = db.prepare("INSERT INTO trace (payment, cell, fuel, at, body) VALUES ('p.1', 1, ?, 0, ?)");
  trace.run(4_416, '[]');
  expect(() => trace.run(-1, '[]')).toThrow(/CHECK/);
  expect(() => trace.run(0, 'x'.repeat(65_537))).toThrow(/CHECK/);
});

it('a payment keeps its trace’s number, which may be gone', () => {
  const db = migratedTo(7);
  db.exec("INSERT INTO payment VALUES ('p.1', zeroblob(32), 'declined', NULL, '{}', 0, 9)");
  expect(() => db.exec('UPDATE payment SET trace = NULL')).toThrow(/as it was given/);
});
