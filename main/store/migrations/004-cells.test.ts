import { expect, it } from 'vitest';
import { migratedTo } from '../../../test/support/store/migrated.ts';

it('values and payloads have their limits', () => {
  const db = migratedTo(4);
  const state = db.prepare("INSERT INTO cell_state VALUES ('cash/drawer:s', ?, ?)");
  state.run('key', Buffer.alloc(4_096));
  expect(() => state.run('other', Buffer.alloc(4_097))).toThrow(/CHECK/);
  expect(() => state.run('k'.repeat(129), Buffer.alloc(1))).toThrow(/CHECK/);
  const queue = db.prepare('INSERT INTO outbox VALUES (?, ?, ?)');
  queue.run('a', Buffer.alloc(1_024), 1);
  expect(() => queue.run('b', Buffer.alloc(1_025), 2)).toThrow(/CHECK/);
});
