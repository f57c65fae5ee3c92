import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('a document has one row and a limit', () => {
  const db = migratedTo(5);
  const add = db.prepare('INSERT INTO document VALUES (?, ?, NULL, 0)');
  add.run('catalogue', Buffer.from([1]));
  expect(() => add.run('catalogue', Buffer.from([1]))).toThrow(/UNIQUE/);
  expect(() => add.run('huge', Buffer.alloc(16_777_217))).toThrow(/CHECK/);
});
