/**
 * Shapes: what the entries of a batch have in common, written once (SPEC B8). A shape fixes method, action, currency, the form of the ids, who
 * the operator is, and for each posting which account it names (the entry's own, or one of a family) and how its amount follows from the entry's.
 * So both lines of an ordinary payment cost nothing.
 */
import type { EntryBody } from '../ledger/entry.ts';
import { splitKioskId } from '../ledger/ids.ts';
import { MAX_POSTINGS } from '../ledger/posting.ts';
import type { AccountWriter } from './account-table.ts';
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER, SYMBOL } from './columns.ts';
import { type LabelWriter, readLabel } from './label-table.ts';

/** How a posting's amount is had. `rest`: what makes the sum zero; only the last line. */
export const COEFFICIENT = { plus: 0, minus: 1, own: 2, rest: 3 } as const;
const COEFFICIENTS = 4;
export const ID_FORM = { none: 0, kiosk: 1, text: 2 } as const;
const ID_FORMS = 3;

/** `family` undefined: the entry's own account. */
export type ShapePosting = { readonly family?: number; readonly coefficient: number };
export type Shape = {
  readonly method: string;
  readonly action: string;
  readonly currency: string;
  readonly idForm: number;
  readonly refersForm: number;
  /** Undefined: the session of the kiosk's payment id. */
  readonly operator?: string;
  /** The family of the entry's own account. */
  readonly family: number;
  readonly postings: readonly ShapePosting[];
};

export function shapeOf(body: EntryBody, accounts: AccountWriter): Shape {
  const kiosk = splitKioskId(body.paymentId);
  const refersForm = body.refersTo === undefined ? ID_FORM.none : splitKioskId(body.refersTo) === undefined ? ID_FORM.text : ID_FORM.kiosk;
  const last = body.postings.length - 1;
  const postings = body.postings.map(({ account, amount }, index): ShapePosting => {
    const own = index === last ? COEFFICIENT.rest : COEFFICIENT.own;
    const coefficient = amount === body.amount ? COEFFICIENT.plus : amount === -body.amount ? COEFFICIENT.minus : own;
    return account === body.account ? { coefficient } : { family: accounts.refOf(account).family, coefficient };
  });
  const shape = {
    method: body.method,
    action: body.action,
    currency: body.currency,
    idForm: kiosk === undefined ? ID_FORM.text : ID_FORM.kiosk,
    refersForm,
    family: accounts.refOf(body.account).family,
    postings,
  };
  return kiosk?.session === body.operator ? shape : { ...shape, operator: body.operator };
}

export const shapeKey = (shape: Shape): string => JSON.stringify(shape);

export function addLabels(shape: Shape, labels: LabelWriter): void {
  for (const label of [shape.method, shape.action, shape.currency]) labels.add(label);
  if (shape.operator !== undefined) labels.add(shape.operator);
}

export function writeShape(writer: ValueWriter, shape: Shape, labels: LabelWriter, families: number): void {
  for (const label of [shape.method, shape.action, shape.currency]) labels.write(writer, label);
  writer.symbol(SYMBOL.form, shape.idForm, ID_FORMS);
  writer.symbol(SYMBOL.form, shape.refersForm, ID_FORMS);
  writer.symbol(SYMBOL.flag, shape.operator === undefined ? 0 : 1, 2);
  if (shape.operator !== undefined) labels.write(writer, shape.operator);
  writer.symbol(SYMBOL.family, shape.family, families);
  writer.number(NUMBER.count, shape.postings.length);
  for (const { family, coefficient } of shape.postings) {
    writer.symbol(SYMBOL.flag, family === undefined ? 0 : 1, 2);
    if (family !== undefined) writer.symbol(SYMBOL.family, family, families);
    writer.symbol(SYMBOL.coefficient, coefficient, COEFFICIENTS);
  }
}

/** Undefined where it is over a bound or says what cannot be. */
export function readShape(values: ValueReader, labels: readonly string[], families: number): Shape | undefined {
  const method = readLabel(values, labels);
  const action = readLabel(values, labels);
  const currency = readLabel(values, labels);
  const idForm = values.symbol(SYMBOL.form, ID_FORMS);
  const refersForm = values.symbol(SYMBOL.form, ID_FORMS);
  const operator = values.symbol(SYMBOL.flag, 2) === 1 ? readLabel(values, labels) : undefined;
  const family = values.symbol(SYMBOL.family, families);
  const count = values.number(NUMBER.count);
  if (values.failed || count > MAX_POSTINGS || idForm === ID_FORM.none) return undefined;
  if (operator === undefined && idForm !== ID_FORM.kiosk) return undefined;
  const postings: ShapePosting[] = [];
  for (let index = 0; index < count; index++) {
    const named = values.symbol(SYMBOL.flag, 2) === 1 ? { family: values.symbol(SYMBOL.family, families) } : {};
    const coefficient = values.symbol(SYMBOL.coefficient, COEFFICIENTS);
    if (coefficient === COEFFICIENT.rest && index !== count - 1) return undefined;
    postings.push({ ...named, coefficient });
  }
  const shape = { method, action, currency, idForm, refersForm, family, postings };
  return values.failed ? undefined : operator === undefined ? shape : { ...shape, operator };
}
