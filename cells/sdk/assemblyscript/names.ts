/** From WIT's kebab-case to AssemblyScript's names, out of the way of its keywords. */

const KEYWORDS = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in ' +
    'instanceof new null return super switch this throw true try typeof var void while with implements interface let package private ' +
    'protected public static yield abstract as constructor declare from get is keyof module namespace readonly require set type of ' +
    'i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 isize usize bool string'
  ).split(' '),
);

/** Words that are keywords to TypeScript but good names for functions in AssemblyScript. */
const HARMLESS = new Set(['get', 'set', 'from', 'of', 'is']);

export function camelCase(name: string): string {
  return name.toLowerCase().replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The name of a class: `payment-error` gives `PaymentError`. */
export function className(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** The name of a field, parameter or function: `refers-to` gives `refersTo`, `delete` gives `delete_`. */
export function memberName(name: string): string {
  const camel = camelCase(name);
  return KEYWORDS.has(camel) && !HARMLESS.has(camel) ? `${camel}_` : camel;
}
