import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('a session belongs to one token, and the token itself does not fit', () => {
  const db = migratedTo(3);
  const add = db.prepare("INSERT INTO session (token_hash, session, kiosk, scopes, at) VALUES (?, ?, 'Front', 'pay', 0)");
  add.run('a'.repeat(64), '0123456789');
  expect(() => add.run('b'.repeat(64), '0123456789')).toThrow(/UNIQUE/);
  expect(() => add.run('a'.repeat(64), '9876543210')).toThrow(/UNIQUE/);
  expect(() => add.run('short', '9876543210')).toThrow(/CHECK/);
});
