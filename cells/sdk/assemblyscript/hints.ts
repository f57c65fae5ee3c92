/**
 * What AssemblyScript is not: it reads like TypeScript, so its authors try TypeScript's habits, and the compiler says no in words that do
 * not name the way out. One line for each habit that is found in what the compiler said; nothing for what is plain already.
 */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/TS1109.*?\?\?/s, 'there is no "??": compare with null'],
  [/TS1003.*?│ *(const|let) *[{[]/s, 'nothing is taken apart by { a, b } = c: name each, const a = c.a'],
  [/TS1140.*?Result\.(ok|err)\(/s, 'write the types out: Result.ok<Approval, Decline>(...), Result.err<Approval, Decline>(...)'],
  [/TS1140.*?=>/s, 'write out the types that it misses; an arrow function sees no variable of the function around it'],
  [/AS100: Not implemented: Exceptions/, 'there is no try, catch or throw: answer with a Decline'],
  [/AS100: Not implemented: (Closures|Iterators)/, 'use a for loop with an index'],
  [
    /'(Record|any|unknown|object|Promise)'/,
    'there is no Record, any, unknown, object or Promise: a Map<string, u64>, or a class of your own',
  ],
  [/\bNumber\(/, 'numbers of text are parseInt(text), text of numbers is n.toString(); each number has a type: u64, i64, u32, f64'],
  [/'~lib\/string\/String \| null'/, 'it may be null: ask "if (x === null)" first, in a const of its own, or write x! where it never is'],
  [/String' is not assignable to type '~lib\/typedarray\/Uint8Array/, 'state keeps bytes: keepText and keptText of ./sdk/rules keep text'],
  [/TS6054: File '~lib\//, 'nothing of npm can be imported: ./sdk/bindings, ./sdk/rules and files of this folder alone'],
  [
    /'decide' does not exist on type 'sdk\/entry\/cell'/,
    'cell.ts must have it: export function decide(payment: Payment): Result<Approval, Decline>',
  ],
];

export function hintsFor(said: string): string[] {
  return HABITS.filter(([pattern]) => said.split('\n\n').some((part) => pattern.test(part))).map(([, hint]) => hint);
}

const IMPORTS: readonly (readonly [RegExp, string])[] = [
  [/^console\./, 'a cell prints nothing: to look at a value, put it into a line of the receipt and see it in "cell try"'],
  [/^(seed|Math\.)/, 'a cell has no chance of its own, so that a replay gives the same: leave Math.random out'],
  [/^(Date|performance)\b/, 'a cell has no clock: the time of a request is payment.at'],
];

/** What the code asks of an engine that has a world around it. */
export function missingImport(name: string): string {
  return `${name} is not there: ${IMPORTS.find(([pattern]) => pattern.test(name))?.[1] ?? 'a cell has what ./sdk/bindings names, and nothing else'}`;
}
