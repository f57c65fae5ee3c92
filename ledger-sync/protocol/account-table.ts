/**
 * The accounts of a batch in families (SPEC B7). A family is one kind of account whose names are alike: the gateway's own name (one member),
 * a prefix with numbers (`W-1042`, sent as rising differences), or any names (front-coded). A reference is an index in its family, so the
 * only member of a family takes nothing.
 */
import { type AccountId, kindOf, nameOf, parseAccountId } from '../ledger/account.ts';
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER, SYMBOL } from './columns.ts';
import { type LabelWriter, readLabel } from './label-table.ts';
import { type TextReader, writeFrontCoded } from './text-codec.ts';

const FORM = { gateway: 0, numbered: 1, named: 2 } as const;
const FORMS = 3;
const NAME_BYTES = 48;
const DIGITS_LIMIT = 15;

type Family = { readonly kind: string; readonly form: number; readonly prefix: string; readonly width: number; readonly names: string[] };
export type AccountRef = { readonly family: number; readonly index: number };

const numberedName = (name: string): { readonly prefix: string; readonly digits: string } | undefined => {
  const match = /^(.*?)([0-9]{1,15})$/.exec(name);
  return match === null ? undefined : { prefix: match[1] ?? '', digits: match[2] ?? '' };
};

export class AccountWriter {
  readonly families: readonly Family[];
  private readonly refs = new Map<AccountId, AccountRef>();

  constructor(gateway: string, accounts: Iterable<AccountId>, labels: LabelWriter) {
    const sorted = [...new Set(accounts)].sort();
    const padded = new Set<string>();
    for (const account of sorted) {
      const numbered = numberedName(nameOf(account));
      if (numbered !== undefined && numbered.digits.length > 1 && numbered.digits.startsWith('0'))
        padded.add(kindOf(account) + numbered.prefix);
    }
    const families = new Map<string, Family>();
    for (const account of sorted) {
      const kind = kindOf(account);
      const name = nameOf(account);
      const numbered = numberedName(name);
      let fresh: Family;
      if (name === gateway) fresh = { kind, form: FORM.gateway, prefix: '', width: 0, names: [] };
      else if (numbered !== undefined) {
        const width = padded.has(kind + numbered.prefix) ? numbered.digits.length : 0;
        fresh = { kind, form: FORM.numbered, prefix: numbered.prefix, width, names: [] };
      } else fresh = { kind, form: FORM.named, prefix: '', width: 0, names: [] };
      const key = `${kind} ${fresh.form} ${fresh.width} ${fresh.prefix}`;
      const family = families.get(key) ?? fresh;
      families.set(key, family);
      family.names.push(name);
    }
    this.families = [...families.values()];
    this.families.forEach((family, index) => {
      labels.add(family.kind);
      labels.add(family.prefix);
      const skip = family.prefix.length;
      if (family.form === FORM.numbered) family.names.sort((left, right) => Number(left.slice(skip)) - Number(right.slice(skip)));
      family.names.forEach((name, member) => {
        this.refs.set(`${family.kind}:${name}` as AccountId, { family: index, index: member });
      });
    });
  }

  refOf(account: AccountId): AccountRef {
    const ref = this.refs.get(account);
    if (ref === undefined) throw new Error(`account ${account} was not added`);
    return ref;
  }

  sizeOf(family: number): number {
    return this.families[family]?.names.length ?? 0;
  }

  writeTable(writer: ValueWriter, labels: LabelWriter): void {
    writer.number(NUMBER.count, this.families.length);
    for (const family of this.families) {
      labels.write(writer, family.kind);
      writer.symbol(SYMBOL.form, family.form, FORMS);
      if (family.form === FORM.gateway) continue;
      writer.number(NUMBER.count, family.names.length);
      if (family.form === FORM.numbered) writeNumbers(writer, family, labels);
      else {
        let previous = '';
        for (const name of family.names) {
          writeFrontCoded(writer, previous, name, NAME_BYTES);
          previous = name;
        }
      }
    }
  }
}

function writeNumbers(writer: ValueWriter, family: Family, labels: LabelWriter): void {
  labels.write(writer, family.prefix);
  writer.number(NUMBER.count, family.width);
  let previous = -1;
  for (const name of family.names) {
    const number = Number(name.slice(family.prefix.length));
    writer.number(previous < 0 ? NUMBER.firstMember : NUMBER.memberDelta, number - previous - 1);
    previous = number;
  }
}

/** The members of each family. Undefined where the table is not well formed, or holds more than `limit` accounts. */
export function readAccounts(
  gateway: string,
  values: ValueReader,
  texts: TextReader,
  labels: readonly string[],
  limit: number,
): readonly (readonly AccountId[])[] | undefined {
  const count = values.number(NUMBER.count);
  if (values.failed || count > limit) return undefined;
  const families: AccountId[][] = [];
  let left = limit;
  for (let index = 0; index < count; index++) {
    const kind = readLabel(values, labels);
    const form = values.symbol(SYMBOL.form, FORMS);
    const size = form === FORM.gateway ? 1 : values.number(NUMBER.count);
    left -= size;
    if (values.failed || left < 0) return undefined;
    const names = form === FORM.gateway ? [gateway] : form === FORM.numbered ? readNumbers(values, labels, size) : readNames(texts, size);
    const members: AccountId[] = [];
    for (const name of names ?? []) {
      const account = parseAccountId(`${kind}:${name}`);
      if (!account.ok) return undefined;
      members.push(account.value);
    }
    if (members.length !== size || size === 0) return undefined;
    families.push(members);
  }
  return families;
}

function readNumbers(values: ValueReader, labels: readonly string[], size: number): readonly string[] | undefined {
  const prefix = readLabel(values, labels);
  const width = values.number(NUMBER.count);
  if (prefix.length > NAME_BYTES || width > DIGITS_LIMIT) return undefined;
  const names: string[] = [];
  let previous = -1;
  for (let index = 0; index < size; index++) {
    previous += values.number(index === 0 ? NUMBER.firstMember : NUMBER.memberDelta) + 1;
    if (values.failed || !(previous < 10 ** DIGITS_LIMIT)) return undefined;
    names.push(prefix + String(previous).padStart(width, '0'));
  }
  return names;
}

function readNames(texts: TextReader, size: number): readonly string[] | undefined {
  const names: string[] = [];
  let previous = '';
  for (let index = 0; index < size; index++) {
    const name = texts.frontCoded(previous, NAME_BYTES);
    if (name === undefined) return undefined;
    names.push(name);
    previous = name;
  }
  return names;
}
