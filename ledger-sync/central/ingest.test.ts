import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededEntropy } from '../../main/platform/entropy.ts';
import type { AccountId } from '../ledger/account.ts';
import type { PaymentId } from '../ledger/ids.ts';
import { must } from '../ledger/result.ts';
import { encodeEnrol, openEnrolled } from '../protocol/enrol.ts';
import { parseVoucher } from '../protocol/voucher.ts';
import { LIMITS, StorageFault } from './tables.ts';
import { Box, enrolBox } from './testing.ts';
import { centre, messages, newPath, nonZero, openRoom, positionsOf, type Room, removePaths } from './testing-room.ts';
import { addVoucher } from './vouchers.ts';

describe('ingest', () => {
  let room: Room;
  const send = async (box: Box, bytes: Uint8Array) => messages(await room.ingest.receive(`u/${box.name.gateway}`, bytes));
  const enrol = async (...boxes: Box[]) => {
    for (const box of boxes) await enrolBox(room.tables, box);
    await room.ingest.desk.load();
  };
  beforeEach(async () => {
    room = await openRoom(newPath());
  });
  afterEach(async () => {
    await room.tables.close();
    removePaths();
  });

  test('a batch is stored and acknowledged from the committed head, signed', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    await enrol(box);
    const answer = await send(box, box.batch(1, 40));
    expect(answer.acks).toMatchObject([
      { to: box.name, received: box.headAt(40), archived: 0, fenced: false, centreTimeMs: room.clock.ms },
    ]);
    expect(answer.gaps).toEqual([]);
    expect(answer.acks[0]?.answers).not.toBe(0);
    expect((await send(box, box.batch(41, 51))).acks[0]?.received).toEqual(box.head);
    expect(await positionsOf(room.tables, box)).toEqual(nonZero(box));
    expect(room.broke).toEqual([]);
  });

  test('W3: replayed and overlapping batches have no effect but what is new, and are acknowledged again', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    await enrol(box);
    await send(box, box.batch(1, 30));
    for (const bytes of [box.batch(1, 30), box.batch(5, 20), box.batch(11, 40), box.batch(11, 40)]) await send(box, bytes);
    expect((await send(box, box.batch(3, 9))).acks[0]?.received).toEqual(box.headAt(40));
    expect((await room.tables.totals()).entries).toBe(40);
    expect(room.broke).toEqual([]);
  });

  test('J6, J7: early batches are staged, one GAP a watermark and round trip', async () => {
    const box = new Box('syabru', 1).openAll().pay(79);
    await enrol(box);
    const first = await send(box, box.batch(41, 60));
    expect(first.gaps).toMatchObject([{ received: box.headAt(0), reason: 'missing' }]);
    expect((await send(box, box.batch(61, 100))).gaps).toEqual([]);
    room.clock.ms += 3_000;
    expect((await send(box, box.batch(61, 100))).gaps).toHaveLength(1);
    expect((await send(box, box.batch(1, 20))).acks[0]?.received).toEqual(box.headAt(20));
    expect((await send(box, box.batch(21, 40))).acks[0]?.received).toEqual(box.headAt(100));
    expect((await room.tables.totals()).entries).toBe(100);
  });

  test('J6: an early batch that finds no room is not named by the acknowledgement: it is as lost', async () => {
    const box = new Box('syabru', 1).openAll().pay(LIMITS.stagedBatches);
    await enrol(box);
    const last = box.head.number;
    for (let from = 3; from < 3 + LIMITS.stagedBatches; from++)
      expect((await send(box, box.batch(from, from))).acks[0]?.answers).not.toBe(0);
    expect((await send(box, box.batch(last, last))).acks).toMatchObject([{ received: box.headAt(0), answers: 0 }]);
    expect((await send(box, box.batch(1, 2))).acks[0]?.received).toEqual(box.headAt(2 + LIMITS.stagedBatches));
  });

  test('staged batches survive a restart of the centre', async () => {
    const box = new Box('syabru', 1).openAll().pay(79);
    await enrol(box);
    await send(box, box.batch(21, 100));
    await room.tables.close();
    room = await openRoom(room.path);
    expect((await send(box, box.batch(1, 20))).acks[0]?.received).toEqual(box.head);
  });

  test('J1: a tag that does not continue is asked for with the full head, never dropped', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    const other = new Box('syabru', 2, 20, box.name.epoch).openAll().pay(30);
    Object.assign(other, { signer: box.signer });
    await enrol(box);
    await send(box, box.batch(1, 20));
    const answer = await send(box, other.batch(21, 30));
    expect(answer.gaps).toMatchObject([{ received: box.headAt(20), reason: 'missing' }]);
    expect(room.fenced).toEqual([]);
  });

  test('J4: the opening batch is answered with the head, whether the box is ahead, level or behind', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    await enrol(box);
    expect((await send(box, box.hello())).acks[0]?.received.number).toBe(0);
    await send(box, box.batch(1, 51));
    expect((await send(box, box.hello())).acks[0]?.received).toEqual(box.head);
    const restored = box.cloneAt(30);
    const answer = await send(restored, restored.hello());
    expect(answer.acks).toMatchObject([{ received: box.head, fenced: false }]);
    expect(room.broke).toEqual([]);
  });

  test('P6: another entry under a number that is held fences the journal at its watermark, and both are kept', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    await enrol(box);
    await send(box, box.batch(1, 51));
    const before = await positionsOf(room.tables, box);
    const clone = box.cloneAt(30).pay(15);
    const answer = await send(clone, clone.batch(31, 45, { fullHead: true }));
    expect(answer.acks).toMatchObject([{ received: box.head, fenced: true }]);
    expect(room.broke).toMatchObject([{ kind: 'forked-journal', number: 31, rule: 'P6' }]);
    // Later entries of either branch are kept too, and change no balance.
    box.pay(5);
    await send(box, box.batch(52, 56));
    clone.pay(5);
    await send(clone, clone.batch(46, 50));
    expect(await positionsOf(room.tables, box)).toEqual(before);
    expect(await room.tables.totals()).toMatchObject({ entries: 51, forked: 25, openBreaks: 1 });
    expect((await send(box, box.hello())).acks[0]).toMatchObject({ received: box.headAt(51), fenced: true });
  });

  test('J4: a head that was signed over another history is a fork, found by the empty batch', async () => {
    const box = new Box('syabru', 1).openAll().pay(30);
    await enrol(box);
    await send(box, box.batch(1, 51));
    const clone = box.cloneAt(30).pay(10);
    expect((await send(clone, clone.hello())).acks[0]?.fenced).toBe(true);
    expect(room.broke).toMatchObject([{ kind: 'forked-journal', number: 40, hash: clone.head.hash }]);
    expect((await send(clone, clone.batch(31, 40, { fullHead: true }))).acks[0]?.fenced).toBe(true);
    expect((await room.tables.totals()).forked).toBe(10);
  });

  test('P9: the limit of a khata is folded from its entries: a sale within it is no break, one beyond it is', async () => {
    const khata = 'khata:K-1' as AccountId;
    const sales = 'sales:syabru' as AccountId;
    const box = new Box('syabru', 1);
    const onCredit = (amount: bigint) =>
      box.add({
        ...{ method: 'khata', account: khata, amount },
        postings: [
          { account: khata, amount },
          { account: sales, amount: -amount },
        ],
      });
    const limit = (action: string, amount: bigint) => box.add({ method: 'journal', action, account: khata, amount, postings: [] });
    limit('open', 500n);
    onCredit(500n);
    await enrol(box);
    await send(box, box.batch(1, 2));
    limit('limit-raise', 300n);
    onCredit(300n);
    await send(box, box.batch(3, 4));
    expect(room.broke).toEqual([]);
    expect(await room.tables.positionsOf(khata, 'NPR')).toMatchObject([{ balance: 800n, floor: -800n }]);
    const beyond = onCredit(1n);
    const lowered = limit('limit-lower', 10n);
    await send(box, box.batch(5, 6));
    expect(room.broke).toMatchObject([
      { rule: 'P9', number: beyond.number, account: khata },
      { rule: 'P9', number: lowered.number, account: khata },
    ]);
  });

  test('I7, W4: a signed entry that breaks a rule is stored, counts, and opens a break', async () => {
    const box = new Box('syabru', 1).openAll(1_000n);
    const poor = 'wallet:sya-1' as AccountId;
    const takings = 'takings:syabru' as AccountId;
    const over = box.add({
      account: poor,
      amount: 5_000n,
      postings: [
        { account: poor, amount: 5_000n },
        { account: takings, amount: -5_000n },
      ],
    });
    const stranger = 'wallet:nobody' as AccountId;
    const unknown = box.add({
      account: stranger,
      amount: 1n,
      postings: [
        { account: stranger, amount: 1n },
        { account: takings, amount: -1n },
      ],
    });
    await enrol(box);
    expect((await send(box, box.batch(1, box.head.number))).acks[0]?.received).toEqual(box.head);
    expect(room.broke).toMatchObject([
      { kind: 'rule-broken', rule: 'P9', number: over.number, account: poor, amount: 5_000n },
      { kind: 'unknown-account', rule: 'P9', number: unknown.number, account: stranger },
    ]);
    expect(room.broke[0]?.detail).toContain('1000 minor units');
    expect((await room.tables.account(poor))?.balance).toBe(4_000n);
    expect((await room.tables.entry(over.hash))?.breaks).toEqual([1]);
  });

  test('P10: refunds are judged across batches by what remains of the payment', async () => {
    const box = new Box('syabru', 1).openAll();
    const wallet = 'wallet:sya-1' as AccountId;
    const takings = 'takings:syabru' as AccountId;
    const lines = (amount: bigint) => [
      { account: wallet, amount },
      { account: takings, amount: -amount },
    ];
    const sale = box.add({ account: wallet, amount: 100n, postings: lines(100n) });
    box.add({ account: wallet, amount: 900n, postings: lines(900n) });
    const refund = (amount: bigint, refersTo: PaymentId) =>
      box.add({ action: 'refund', account: wallet, amount, refersTo, postings: lines(-amount) });
    refund(60n, sale.paymentId);
    await enrol(box);
    await send(box, box.batch(1, box.head.number));
    refund(30n, sale.paymentId);
    const tooMuch = refund(30n, sale.paymentId);
    refund(5n, 'never.1' as PaymentId);
    await send(box, box.batch(box.head.number - 2, box.head.number));
    expect(room.broke.map(({ number, rule }) => [number, rule])).toEqual([
      [tooMuch.number, 'P10'],
      [tooMuch.number + 1, 'P10'],
    ]);
  });

  test('J7: signed but unreadable is asked for in halves; alone it is kept raw, passed, and the chain goes on', async () => {
    const box = new Box('syabru', 1).openAll().pay(20);
    await enrol(box);
    await send(box, box.batch(1, 10));
    const spoilt = (from: number, to: number) => {
      const good = box.batch(from, to, { fullHead: true });
      const body = good.subarray(0, good.length - 64).slice();
      body[body.length - 1] = (body[body.length - 1] as number) ^ 0xff;
      body[body.length - 2] = (body[body.length - 2] as number) ^ 0xff;
      return new Uint8Array([...body, ...box.signer.sign(body)]);
    };
    const halved = await send(box, spoilt(11, 18));
    expect(halved.gaps).toMatchObject([{ reason: 'undecodable', limitEntries: 4, until: 18, received: box.headAt(10) }]);
    expect((await send(box, spoilt(11, 14))).gaps).toMatchObject([{ limitEntries: 2, until: 14 }]);
    const passed = await send(box, spoilt(11, 11));
    expect(passed.acks[0]?.received).toEqual(box.headAt(11));
    expect(room.broke).toMatchObject([{ kind: 'undecodable', number: 11, hash: box.headAt(11).hash, rule: 'J7' }]);
    expect((await send(box, box.batch(12, 30))).acks[0]?.received).toEqual(box.headAt(30));
    expect((await send(box, box.batch(12, 41, { fullHead: true }))).acks[0]?.received).toEqual(box.head);
    expect((await room.tables.totals()).entries).toBe(40);
  });

  test('only enrolled boxes are heard: others get REJECT, are listed, and change nothing', async () => {
    const box = new Box('syabru', 1).openAll();
    const stranger = new Box('gatlang', 2).openAll();
    const newEpoch = new Box('syabru', 3).openAll();
    await enrol(box);
    expect((await send(stranger, stranger.batch(1, 5))).rejects).toBe(1);
    expect((await send(newEpoch, newEpoch.batch(1, 5))).rejects).toBe(1);
    const forged = box.batch(1, 5);
    forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1;
    expect(await send(box, forged)).toEqual({ acks: [], gaps: [], rejects: 0 });
    expect(await send(box, box.batch(1, 5).subarray(0, 50))).toEqual({ acks: [], gaps: [], rejects: 0 });
    expect(messages(await room.ingest.receive('u/gatlang', box.batch(1, 5)))).toMatchObject({ acks: [] });
    expect(messages(await room.ingest.receive('u/syabru', new Uint8Array([0x21, 1, 2])))).toMatchObject({ rejects: 1 });
    expect(await room.ingest.receive('elsewhere', new Uint8Array([1]))).toEqual([]);
    expect(await room.ingest.receive('u/syabru', new Uint8Array(0))).toEqual([]);
    for (let index = 0; index < 20; index++) await send(stranger, stranger.batch(1, 5));
    await room.ingest.flush();
    const refused = await room.tables.refused(100);
    expect(refused.find(({ reason }) => reason === 'not enrolled')).toMatchObject({ topic: 'u/gatlang', count: 21 });
    expect(refused.map(({ reason }) => reason).sort()).toEqual(
      [
        'not enrolled',
        `epoch ${newEpoch.name.epoch} is not enrolled`,
        'bad-signature',
        'bad-signature',
        "another gateway's batch on this topic",
        'unknown-version',
        'topic names nobody',
        'truncated',
      ]
        .filter((reason, index, all) => reason !== 'bad-signature' || all.indexOf(reason) === index)
        .sort(),
    );
    expect((await room.tables.totals()).entries).toBe(0);
  });

  test('a full disk withholds the acknowledgement; when there is room again the same batch goes in', async () => {
    const box = new Box('syabru', 1).openAll();
    await enrol(box);
    let full = true;
    await room.tables.close();
    room = await openRoom(room.path, (tables) => ({
      ...tables,
      store: async (batch) => {
        if (full) throw new StorageFault('storage-full', 'the disk is full');
        return tables.store(batch);
      },
    }));
    expect(await send(box, box.batch(1, 21))).toEqual({ acks: [], gaps: [], rejects: 0 });
    await send(box, box.batch(1, 21));
    expect(room.storage).toHaveLength(1);
    full = false;
    expect((await send(box, box.batch(1, 21))).acks[0]?.received).toEqual(box.head);
    expect(room.storage.at(-1)).toBeUndefined();
    expect(await positionsOf(room.tables, box)).toEqual(nonZero(box));
  });

  test('two centres over one database: the head is compared and set, nothing is stored twice', async () => {
    const box = new Box('syabru', 1).openAll().pay(60);
    await enrol(box);
    const second = await openRoom(room.path);
    await send(box, box.batch(1, 30));
    const late = messages(await second.ingest.receive('u/syabru', box.batch(1, 50)));
    expect(late.acks[0]?.received).toEqual(box.headAt(50));
    expect((await send(box, box.batch(31, 81))).acks[0]?.received).toEqual(box.head);
    expect(await positionsOf(room.tables, box)).toEqual(nonZero(box));
    await second.tables.close();
  });

  test('enrolment: single use, bound to the first key, the same answer again; forged ones get none', async () => {
    const made = must(
      await addVoucher(room.tables, { gateway: 'syabru', site: 'Syabru Besi' }, (count) => seededEntropy(5).bytes(count), room.clock.ms),
      'v',
    );
    const voucher = must(parseVoucher(made.code), 'voucher');
    const box = new Box('syabru', 1).openAll();
    const ask = (by: Box, secret = voucher.secret) =>
      room.ingest.receive(`u/v-${voucher.id}`, encodeEnrol({ id: voucher.id, secret }, by.name.epoch, by.signer));
    expect(await ask(box, '0'.repeat(16))).toEqual([]);
    for (let index = 0; index < 2; index++) {
      const [answer] = await ask(box);
      expect(answer?.topic).toBe(`d/v-${voucher.id}`);
      expect(must(openEnrolled(answer?.bytes as Uint8Array, voucher, box.signer.publicKey), 'enrolled')).toEqual({
        enrolled: { status: 'enrolled', gateway: 'syabru', site: 'Syabru Besi', centreKey: centre.publicKey },
        proved: true,
      });
    }
    const thief = new Box('syabru', 2);
    const [refusal] = await ask(thief);
    expect(must(openEnrolled(refusal?.bytes as Uint8Array, voucher, thief.signer.publicKey), 'refused').enrolled).toEqual({
      status: 'refused',
      reason: 'used',
    });
    expect((await send(box, box.batch(1, 21))).acks[0]?.received).toEqual(box.head);
    const nobody = { id: 'zzzz', secret: '0'.repeat(16) };
    const [hint] = await room.ingest.receive('u/v-zzzz', encodeEnrol(nobody, thief.name.epoch, thief.signer));
    expect(must(openEnrolled(hint?.bytes as Uint8Array, nobody, thief.signer.publicKey), 'hint').proved).toBe(false);
    for (let index = 0; index < 30; index++) await ask(thief, '1'.repeat(16));
    await room.ingest.flush();
    expect((await room.tables.refused(50)).map(({ reason }) => reason)).toContain('enrol: too many tries');
    // The box that has the voucher is heard all the same.
    expect(await ask(box)).toHaveLength(1);
  });
});
