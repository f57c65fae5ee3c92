/** The writing half of the payload: gathers the tables of a batch, then writes them and the columns in the order of SPEC B5. */

import type { AccountId } from '../ledger/account.ts';
import type { EntryBody } from '../ledger/entry.ts';
import { type PaymentId, type SessionId, splitKioskId } from '../ledger/ids.ts';
import { MAX_POSTINGS } from '../ledger/posting.ts';
import { AccountWriter } from './account-table.ts';
import { writeAmount } from './amount-codec.ts';
import { CROCKFORD } from './base32.ts';
import type { ValueWriter } from './coded-values.ts';
import { contextOf, NUMBER, SYMBOL } from './columns.ts';
import { LabelWriter } from './label-table.ts';
import { MAX_AT_MS, MAX_MEMO_BYTES } from './limits.ts';
import { addLabels, COEFFICIENT, type Shape, shapeKey, shapeOf, writeShape } from './shape.ts';
import { writeFrontCoded, writeText } from './text-codec.ts';

const PAYMENT_ID_BYTES = 64;
/** Seconds where every time of the batch is a whole one. */
const UNITS_MS = [1, 1000] as const;

export type Plan = {
  readonly entries: readonly EntryBody[];
  readonly labels: LabelWriter;
  readonly accounts: AccountWriter;
  readonly sessions: ReadonlyMap<SessionId, number>;
  readonly shapes: readonly Shape[];
  /** Shape of each entry. */
  readonly shapeIndexes: readonly number[];
};

export const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

export function planOf(gateway: string, entries: readonly EntryBody[]): Plan {
  const labels = new LabelWriter();
  const used: AccountId[] = [];
  const sessions = new Map<SessionId, number>();
  for (const entry of entries) {
    if (!(Number.isSafeInteger(entry.at) && entry.at >= 0 && entry.at < MAX_AT_MS))
      throw new Error(`time ${entry.at} is outside the bounds`);
    if (entry.postings.length > MAX_POSTINGS) throw new Error('too many postings');
    used.push(entry.account);
    for (const posting of entry.postings) used.push(posting.account);
    for (const id of [entry.paymentId, entry.refersTo]) {
      const kiosk = id === undefined ? undefined : splitKioskId(id);
      if (kiosk !== undefined && !sessions.has(kiosk.session)) sessions.set(kiosk.session, sessions.size);
    }
  }
  const accounts = new AccountWriter(gateway, used, labels);
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const shapeIndexes = entries.map((entry) => {
    const shape = shapeOf(entry, accounts);
    const key = shapeKey(shape);
    const index = known.get(key) ?? shapes.push(shape) - 1;
    known.set(key, index);
    return index;
  });
  for (const shape of shapes) addLabels(shape, labels);
  return { entries, labels, accounts, sessions, shapes, shapeIndexes };
}

export function writeEntries(writer: ValueWriter, plan: Plan): void {
  const { entries, labels, accounts, shapes } = plan;
  labels.writeTable(writer);
  accounts.writeTable(writer, labels);
  writer.number(NUMBER.count, plan.sessions.size);
  for (const session of plan.sessions.keys()) for (const digit of session) writer.symbol(SYMBOL.sessionDigit, CROCKFORD.indexOf(digit), 32);
  writer.number(NUMBER.count, shapes.length);
  for (const shape of shapes) writeShape(writer, shape, labels, accounts.families.length);
  for (const index of plan.shapeIndexes) writer.symbol(SYMBOL.shape, index, shapes.length);
  writeTimes(writer, entries);
  writeAccounts(writer, plan);
  writeAmounts(writer, plan);
  writeIds(writer, plan);
  writeMemos(writer, entries);
}

function writeTimes(writer: ValueWriter, entries: readonly EntryBody[]): void {
  const unit = entries.every(({ at }) => at % UNITS_MS[1] === 0) ? 1 : 0;
  writer.symbol(SYMBOL.flag, unit, 2);
  let previous: number | undefined;
  for (const { at } of entries) {
    const time = at / UNITS_MS[unit];
    if (previous === undefined) writer.number(NUMBER.firstTime, time);
    else {
      // A clock that was set back is rare: a column of its own for the sign costs next to nothing, a zigzag would cost a bit each time.
      writer.symbol(SYMBOL.backwards, time < previous ? 1 : 0, 2);
      writer.number(NUMBER.time, Math.abs(time - previous));
    }
    previous = time;
  }
}

function writeAccounts(writer: ValueWriter, plan: Plan): void {
  const { entries, accounts } = plan;
  for (const entry of entries) {
    const { family, index } = accounts.refOf(entry.account);
    writer.symbol(SYMBOL.subject + contextOf(family), index, accounts.sizeOf(family));
  }
  for (const entry of entries) {
    for (const posting of entry.postings) {
      if (posting.account === entry.account) continue;
      const { family, index } = accounts.refOf(posting.account);
      writer.symbol(SYMBOL.counterparty + contextOf(family), index, accounts.sizeOf(family));
    }
  }
}

function writeAmounts(writer: ValueWriter, plan: Plan): void {
  plan.entries.forEach((entry, at) => {
    const index = plan.shapeIndexes[at] as number;
    writeAmount(writer, SYMBOL.zeros + contextOf(index), NUMBER.amount, entry.amount);
    plan.shapes[index]?.postings.forEach(({ coefficient }, line) => {
      if (coefficient !== COEFFICIENT.own) return;
      const amount = entry.postings[line]?.amount ?? 0n;
      writer.symbol(SYMBOL.sign, amount < 0n ? 1 : 0, 2);
      writeAmount(writer, SYMBOL.postingZeros, NUMBER.posting, amount < 0n ? -amount : amount);
    });
  });
}

/** A kiosk's id as the difference from its session's last counter + 1; what is referred to as the distance back from it. */
function writeIds(writer: ValueWriter, plan: Plan): void {
  const counters = new Map<SessionId, number>();
  let previousText = '';
  const write = (id: PaymentId, isOwn: boolean): void => {
    const kiosk = splitKioskId(id);
    if (kiosk === undefined) {
      writeFrontCoded(writer, previousText, id, PAYMENT_ID_BYTES);
      previousText = id;
      return;
    }
    const { session, counter } = kiosk;
    writer.symbol(SYMBOL.session, plan.sessions.get(session) ?? 0, plan.sessions.size);
    const last = counters.get(session) ?? 0;
    if (isOwn) counters.set(session, counter);
    writer.number(isOwn ? NUMBER.counter : NUMBER.refersTo, zigzag(isOwn ? counter - last - 1 : last - counter));
  };
  for (const entry of plan.entries) {
    write(entry.paymentId, true);
    if (entry.refersTo !== undefined) write(entry.refersTo, false);
  }
}

function writeMemos(writer: ValueWriter, entries: readonly EntryBody[]): void {
  const withMemo = entries.flatMap((entry, index) => (entry.memo === undefined ? [] : [{ index, memo: entry.memo }]));
  writer.number(NUMBER.count, withMemo.length);
  let previous = -1;
  for (const { index, memo } of withMemo) {
    writer.number(NUMBER.memoGap, index - previous - 1);
    writeText(writer, memo, MAX_MEMO_BYTES);
    previous = index;
  }
}
