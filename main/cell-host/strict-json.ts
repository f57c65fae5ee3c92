/**
 * Reading values of JSON strictly: each member is named, known and of its form, or the whole is refused with the place in words. An
 * unknown member is refused, because it may be a restriction that this release would not keep. Readers throw a Refusal; `asResult`
 * makes a value of it at the door.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';

export class Refusal<C extends string = string> extends Error {
  readonly code: C;

  constructor(code: C, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
  }
}

export type Members = Record<string, unknown>;

const TEXT_CHARS_MAX = 512;
const LIST_ITEMS_MAX = 32;

/** Every reader of one kind of document, with the code that its refusals carry. */
export function readersOf<C extends string>(code: C) {
  const refuse = (detail: string): never => {
    throw new Refusal(code, detail);
  };
  const record = (value: unknown, where: string): Members => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(`${where} must be an object`);
    return value as Members;
  };
  /** `form` says the pattern in words. */
  const text = (value: unknown, where: string, pattern: RegExp, form = `of the form ${pattern.source}`): string => {
    if (typeof value !== 'string' || value.length > TEXT_CHARS_MAX || !pattern.test(value)) {
      return refuse(`${where} is not ${form}`);
    }
    return value;
  };
  const whole = (value: unknown, where: string, least: number, most: number): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      return refuse(`${where} must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
  /** An object with these members; `optional` ones may be left out. */
  const object = (value: unknown, where: string, names: readonly string[], optional: readonly string[] = []): Members => {
    const members = record(value, where);
    for (const name of Object.keys(members)) {
      if (!names.includes(name) && !optional.includes(name)) return refuse(`${where}.${name} is not a member that this release knows`);
    }
    for (const name of names) if (!Object.hasOwn(members, name)) return refuse(`${where}.${name} is missing`);
    return members;
  };
  const list = <T>(value: unknown, where: string, read: (item: unknown, where: string) => T): T[] => {
    if (!Array.isArray(value) || value.length > LIST_ITEMS_MAX) return refuse(`${where} must be a list of at most ${LIST_ITEMS_MAX}`);
    const items = (value as unknown[]).map((item, index) => read(item, `${where}[${index}]`));
    if (new Set(items).size !== items.length) return refuse(`${where} names something twice`);
    return items;
  };
  const oneOf = <T extends string>(value: unknown, where: string, choices: readonly T[]): T => {
    const found = choices.find((choice) => choice === value);
    return found ?? refuse(`${where} must be ${choices.join(', ').replace(/, ([^,]*)$/, ' or $1')}`);
  };
  return { refuse, record, text, whole, object, list, oneOf };
}

/** The value, or the refusal of these readers as an error; anything else that is thrown is thrown on. */
export function asResult<T, C extends string>(read: () => T): Result<T, { readonly code: C; readonly detail: string }> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof Refusal) return err({ code: error.code as C, detail: error.message });
    throw error;
  }
}
