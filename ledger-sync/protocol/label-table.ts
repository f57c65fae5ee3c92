/**
 * Labels: methods, actions, currencies, account kinds, name prefixes and operators, each written once a batch, or not at all where it is one of
 * the well-known ones (SPEC B6).
 */
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER, SYMBOL } from './columns.ts';
import { MAX_LABEL_BYTES } from './limits.ts';
import { type TextReader, writeText } from './text-codec.ts';

/** Part of version 1 of the wire: never reordered, only a later version adds to it. */
const WELL_KNOWN: readonly string[] = [
  ...['', 'cash', 'wallet', 'journal', 'khata', 'voucher', 'energy'],
  ...['sale', 'refund', 'top-up', 'cash-out', 'transfer', 'open', 'reversal', 'bill', 'fee', 'loan'],
  ...['takings', 'merchant', 'float', 'drawer', 'sales', 'agency', 'opening', 'bank', 'fees', 'transit', 'shortfall'],
  ...['NPR', 'INR', 'BDT', 'BTN', 'LKR', 'PKR', 'KES', 'TZS', 'UGX', 'EUR', 'USD', 'W-', 'M-', 'C', 'M'],
];

export class LabelWriter {
  private readonly own: string[] = [];
  private readonly refs = new Map<string, number>(WELL_KNOWN.map((label, index) => [label, index]));

  add(label: string): void {
    if (this.refs.has(label)) return;
    this.refs.set(label, this.refs.size);
    this.own.push(label);
  }

  writeTable(writer: ValueWriter): void {
    writer.number(NUMBER.count, this.own.length);
    for (const label of this.own) writeText(writer, label, MAX_LABEL_BYTES);
  }

  write(writer: ValueWriter, label: string): void {
    const ref = this.refs.get(label);
    if (ref === undefined) throw new Error(`label ${label} was not added`);
    writer.symbol(SYMBOL.label, ref, this.refs.size);
  }
}

/** Gives the labels in order; undefined where the table is not well formed. */
export function readLabels(values: ValueReader, texts: TextReader, limit: number): readonly string[] | undefined {
  const count = values.number(NUMBER.count);
  if (values.failed || count > limit) return undefined;
  const labels = [...WELL_KNOWN];
  for (let index = 0; index < count; index++) {
    const label = texts.text(MAX_LABEL_BYTES);
    if (label === undefined) return undefined;
    labels.push(label);
  }
  return labels;
}

export const readLabel = (values: ValueReader, labels: readonly string[]): string =>
  labels[values.symbol(SYMBOL.label, labels.length)] ?? '';
