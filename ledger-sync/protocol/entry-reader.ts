/** The reading half of the payload. Everything passes the ledger's parsers; the first thing that does not is named in the fault. */

import type { AccountId } from '../ledger/account.ts';
import type { EntryBody } from '../ledger/entry.ts';
import { kioskPaymentId, type PaymentId, parsePaymentId, type SessionId } from '../ledger/ids.ts';
import { type Currency, fitsMinor, parseCurrency } from '../ledger/money.ts';
import { balance, MAX_POSTINGS, type Posting } from '../ledger/posting.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { readAccounts } from './account-table.ts';
import { readAmount } from './amount-codec.ts';
import { CROCKFORD } from './base32.ts';
import type { ValueReader } from './coded-values.ts';
import { contextOf, NUMBER, SYMBOL } from './columns.ts';
import { readLabels } from './label-table.ts';
import { MAX_AT_MS, MAX_MEMO_BYTES } from './limits.ts';
import { COEFFICIENT, ID_FORM, readShape, type Shape } from './shape.ts';
import { TextReader } from './text-codec.ts';

const PAYMENT_ID_BYTES = 64;
const SESSION_DIGITS = 10;
const MAX_COUNTER = 10 ** 15;

const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

type Amounts = { readonly amount: bigint; readonly own: readonly bigint[] };
type Ids = { readonly paymentId: PaymentId; readonly refersTo?: PaymentId; readonly session?: SessionId };

/** `count` is at most MAX_BATCH_ENTRIES: everything that is allocated here is bounded by it and by the reader's own ceiling. */
export function readEntries(values: ValueReader, gateway: string, count: number): Result<readonly EntryBody[], string> {
  const texts = new TextReader(values);
  const accountLimit = count * (MAX_POSTINGS + 1);
  const labels = readLabels(values, texts, accountLimit * 2);
  if (labels === undefined) return err('labels');
  const families = readAccounts(gateway, values, texts, labels, accountLimit);
  if (families === undefined) return err('accounts');
  const sessions = readSessions(values, count * 2);
  if (sessions === undefined) return err('sessions');
  const shapes = readShapes(values, labels, families.length, count);
  if (shapes === undefined) return err('shapes');
  const entryShapes = Array.from({ length: count }, () => {
    const index = values.symbol(SYMBOL.shape, shapes.length);
    return { index, shape: shapes[index] as Shape };
  });
  const times = readTimes(values, count);
  if (times === undefined) return err('times');
  const subjects = entryShapes.map(({ shape: { family } }) => readMember(values, families, SYMBOL.subject, family));
  const counterparties = entryShapes.map(({ shape }, at) =>
    shape.postings.map(({ family }) => (family === undefined ? subjects[at] : readMember(values, families, SYMBOL.counterparty, family))),
  );
  const amounts = readAmounts(values, entryShapes);
  if (amounts === undefined) return err('amounts');
  const ids = readIds(values, texts, entryShapes, sessions);
  if (ids === undefined) return err('ids');
  const memos = readMemos(values, texts, count);
  if (memos === undefined) return err('memos');
  if (!values.finished()) return err('its length');

  const bodies: EntryBody[] = [];
  for (let at = 0; at < count; at++) {
    const body = bodyOf(
      entryShapes[at]?.shape as Shape,
      times[at] as number,
      subjects[at],
      counterparties[at] ?? [],
      amounts[at] as Amounts,
      ids[at] as Ids,
    );
    if (!body.ok) return err(`entry ${at + 1}: ${body.error}`);
    const memo = memos.get(at);
    bodies.push(memo === undefined ? body.value : { ...body.value, memo });
  }
  return ok(bodies);
}

function bodyOf(
  shape: Shape,
  at: number,
  account: AccountId | undefined,
  accounts: readonly (AccountId | undefined)[],
  { amount, own }: Amounts,
  { paymentId, refersTo, session }: Ids,
): Result<EntryBody, string> {
  const currency = parseCurrency(shape.currency);
  const operator = shape.operator ?? session;
  if (!currency.ok) return err('currency');
  if (account === undefined || operator === undefined) return err('account');
  const lines: Posting[] = [];
  let sum = 0n;
  for (let line = 0; line < shape.postings.length; line++) {
    const named = accounts[line];
    if (named === undefined) return err('account');
    const value = amountOf(shape.postings[line]?.coefficient ?? 0, amount, sum, own[line] ?? 0n);
    sum += value;
    lines.push({ account: named, amount: value });
  }
  const postings = balance(lines);
  if (!postings.ok) return err(`postings (${postings.error.code})`);
  const body = {
    method: shape.method,
    action: shape.action,
    paymentId,
    account,
    amount,
    currency: currency.value as Currency,
    postings: postings.value,
    operator,
    at,
  };
  return ok(refersTo === undefined ? body : { ...body, refersTo });
}

function amountOf(coefficient: number, amount: bigint, sum: bigint, own: bigint): bigint {
  switch (coefficient) {
    case COEFFICIENT.plus:
      return amount;
    case COEFFICIENT.minus:
      return -amount;
    case COEFFICIENT.own:
      return own;
    default:
      return -sum;
  }
}

function readSessions(values: ValueReader, limit: number): readonly SessionId[] | undefined {
  const count = values.number(NUMBER.count);
  if (values.failed || count > limit) return undefined;
  return Array.from({ length: count }, () => {
    let session = '';
    for (let digit = 0; digit < SESSION_DIGITS; digit++) session += CROCKFORD[values.symbol(SYMBOL.sessionDigit, 32)] ?? '0';
    return session as SessionId;
  });
}

function readShapes(values: ValueReader, labels: readonly string[], families: number, limit: number): readonly Shape[] | undefined {
  const count = values.number(NUMBER.count);
  if (values.failed || count < 1 || count > limit) return undefined;
  const shapes: Shape[] = [];
  for (let index = 0; index < count; index++) {
    const shape = readShape(values, labels, families);
    if (shape === undefined) return undefined;
    shapes.push(shape);
  }
  return shapes;
}

function readTimes(values: ValueReader, count: number): readonly number[] | undefined {
  const unitMs = values.symbol(SYMBOL.flag, 2) === 1 ? 1000 : 1;
  const times: number[] = [];
  let time = 0;
  for (let index = 0; index < count; index++) {
    if (index === 0) time = values.number(NUMBER.firstTime);
    else {
      const isBackwards = values.symbol(SYMBOL.backwards, 2) === 1;
      time += values.number(NUMBER.time) * (isBackwards ? -1 : 1);
    }
    if (values.failed || time < 0 || time * unitMs >= MAX_AT_MS) return undefined;
    times.push(time * unitMs);
  }
  return times;
}

function readMember(
  values: ValueReader,
  families: readonly (readonly AccountId[])[],
  column: number,
  family: number,
): AccountId | undefined {
  const members = families[family];
  return members?.[values.symbol(column + contextOf(family), members.length)];
}

function readAmounts(
  values: ValueReader,
  shapes: readonly { readonly index: number; readonly shape: Shape }[],
): readonly Amounts[] | undefined {
  const all: Amounts[] = [];
  for (const { index, shape } of shapes) {
    const amount = readAmount(values, SYMBOL.zeros + contextOf(index), NUMBER.amount);
    if (values.failed || amount === undefined) return undefined;
    const own: bigint[] = [];
    for (let line = 0; line < shape.postings.length; line++) {
      if (shape.postings[line]?.coefficient !== COEFFICIENT.own) continue;
      const isNegative = values.symbol(SYMBOL.sign, 2) === 1;
      const size = readAmount(values, SYMBOL.postingZeros, NUMBER.posting);
      if (size === undefined || !fitsMinor(size)) return undefined;
      own[line] = isNegative ? -size : size;
    }
    all.push({ amount, own });
  }
  return all;
}

function readIds(
  values: ValueReader,
  texts: TextReader,
  shapes: readonly { readonly shape: Shape }[],
  sessions: readonly SessionId[],
): readonly Ids[] | undefined {
  const counters = new Map<SessionId, number>();
  let previousText = '';
  const readText = (): PaymentId | undefined => {
    const text = texts.frontCoded(previousText, PAYMENT_ID_BYTES);
    const id = parsePaymentId(text ?? '');
    previousText = text ?? '';
    return id.ok ? id.value : undefined;
  };
  const readKiosk = (isOwn: boolean): { readonly id: PaymentId; readonly session: SessionId } | undefined => {
    const session = sessions[values.symbol(SYMBOL.session, sessions.length)];
    const step = unzigzag(values.number(isOwn ? NUMBER.counter : NUMBER.refersTo));
    if (values.failed || session === undefined) return undefined;
    const last = counters.get(session) ?? 0;
    const counter = isOwn ? last + step + 1 : last - step;
    if (counter < 1 || counter >= MAX_COUNTER) return undefined;
    if (isOwn) counters.set(session, counter);
    return { id: kioskPaymentId(session, counter), session };
  };
  const all: Ids[] = [];
  for (const { shape } of shapes) {
    const kiosk = shape.idForm === ID_FORM.kiosk ? readKiosk(true) : undefined;
    const paymentId = shape.idForm === ID_FORM.kiosk ? kiosk?.id : readText();
    if (paymentId === undefined) return undefined;
    const own = kiosk === undefined ? { paymentId } : { paymentId, session: kiosk.session };
    if (shape.refersForm === ID_FORM.none) {
      all.push(own);
      continue;
    }
    const refersTo = shape.refersForm === ID_FORM.kiosk ? readKiosk(false)?.id : readText();
    if (refersTo === undefined) return undefined;
    all.push({ ...own, refersTo });
  }
  return all;
}

function readMemos(values: ValueReader, texts: TextReader, count: number): ReadonlyMap<number, string> | undefined {
  const memos = new Map<number, string>();
  const size = values.number(NUMBER.count);
  if (values.failed || size > count) return undefined;
  let at = -1;
  for (let index = 0; index < size; index++) {
    at += values.number(NUMBER.memoGap) + 1;
    const memo = texts.text(MAX_MEMO_BYTES);
    if (at >= count || memo === undefined) return undefined;
    memos.set(at, memo);
  }
  return memos;
}
