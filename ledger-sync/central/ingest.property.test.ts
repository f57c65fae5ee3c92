import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccountId } from '../ledger/account.ts';
import { Box, enrolBox, seeded } from './testing.ts';
import { messages, newPath, nonZero, openRoom, positionsOf, removePaths } from './testing-room.ts';

/**
 * I8: whatever order, loss and repetition: the ledger is the fold of the union. A kill between commit and acknowledgement is an answer that
 * never arrives and a centre that starts again from its file.
 */
test('I8: any interleaving, duplication, reorder, loss and kill gives the fold of the union', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
      const random = seeded(seed);
      const path = newPath();
      let room = await openRoom(path);
      const boxes = ['syabru', 'gatlang', 'briddim'].map((gateway, index) => {
        const box = new Box(gateway, seed + index, 6).openAll(5_000n).pay(20 + Math.floor(random() * 60));
        const thief = 'wallet:nobody' as AccountId;
        if (random() < 0.5) {
          box.add({
            account: thief,
            amount: 7n,
            postings: [
              { account: thief, amount: 7n },
              { account: `takings:${gateway}` as AccountId, amount: -7n },
            ],
          });
        }
        return box.pay(10);
      });
      for (const box of boxes) await enrolBox(room.tables, box);
      await room.ingest.desk.load();
      const acknowledged = new Map(boxes.map((box) => [box, 0]));
      const pipe: { box: Box; bytes: Uint8Array }[] = [];
      for (let round = 0; round < 2_000; round++) {
        if (boxes.every((box) => acknowledged.get(box) === box.head.number)) break;
        const box = boxes[Math.floor(random() * boxes.length)] as Box;
        const from = (acknowledged.get(box) ?? 0) + 1 + (random() < 0.4 ? Math.floor(random() * 12) : 0);
        const to = Math.min(box.head.number, from + Math.floor(random() * 15));
        if (from <= to) pipe.push({ box, bytes: box.batch(from, to, { fullHead: random() < 0.3 || from === 1 }) });
        if (pipe.length > 30) pipe.shift();
        const index = Math.floor(random() * pipe.length);
        const message = pipe[index];
        if (message === undefined) continue;
        if (random() < 0.6) pipe.splice(index, 1);
        if (random() < 0.15) continue;
        const answer = messages(await room.ingest.receive(`u/${message.box.name.gateway}`, message.bytes));
        if (random() < 0.05) {
          await room.tables.close();
          room = await openRoom(path);
          continue;
        }
        if (random() < 0.3) continue;
        for (const ack of answer.acks) {
          expect(ack.received).toEqual(message.box.headAt(ack.received.number));
          acknowledged.set(message.box, Math.max(acknowledged.get(message.box) ?? 0, ack.received.number));
        }
      }
      let sum = 0n;
      for (const box of boxes) {
        expect(acknowledged.get(box)).toBe(box.head.number);
        expect(await positionsOf(room.tables, box)).toEqual(nonZero(box));
      }
      for (const { balance, id } of await room.tables.accounts({ limit: 5000 })) {
        sum += balance;
        expect(balance).toBe(boxes.reduce((total, box) => total + box.positions.balance(id), 0n));
      }
      expect(sum).toBe(0n);
      const union = boxes.flatMap((box) => box.entries.map(({ hash }) => hash)).sort();
      const held = (await room.tables.entries({ limit: 5000 })).map(({ entry }) => entry.hash).sort();
      expect(held).toEqual(union);
      const unknown = (await room.tables.breaks({ limit: 1000 })).filter(({ kind }) => kind !== 'payment-twice').map(({ hash }) => hash);
      const expected = boxes.flatMap((box) => box.entries.filter(({ account }) => account === 'wallet:nobody').map(({ hash }) => hash));
      expect(unknown.sort()).toEqual(expected.sort());
      await room.tables.close();
      removePaths();
    }),
    { numRuns: 15 },
  );
});
