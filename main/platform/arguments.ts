/** Arguments of the command line: whole numbers with bounds; unknown names and lost values refused, so that a typing error changes nothing. */
import { ExitFault } from './exit.ts';

/** How this program was called, for the commands that a message names. */
export function calledAs(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment.npm_command === 'exec' ? 'npx chautari' : 'chautari';
}

export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < least || value > most) {
    throw new ExitFault(2, `--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

type ArgDefinition = { readonly type?: string; readonly default?: unknown; readonly alias?: string | readonly string[] | string[] };
type ArgDefinitions = Readonly<Record<string, ArgDefinition>>;

/**
 * citty takes any name; a mistyped one would be ignored in silence, which a command that handles money may not do. It also reads an option
 * without its value (`--data $UNSET`) as empty, which would name the folder one stands in.
 */
export function refuseUnknown(args: Readonly<Record<string, unknown>>, known: ArgDefinitions): void {
  const names = new Set(['_']);
  for (const [name, definition] of Object.entries(known)) {
    names.add(name);
    names.add(name.replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase()));
    for (const alias of [definition.alias ?? []].flat()) names.add(alias);
  }
  const unknown = Object.keys(args).find((name) => !names.has(name));
  if (unknown !== undefined) throw new ExitFault(2, `there is no option --${unknown}; see --help`);
  const empty = Object.keys(known).find((name) => known[name]?.type === 'string' && args[name] === '' && known[name]?.default !== '');
  if (empty !== undefined) throw new ExitFault(2, `--${empty} needs a value; see --help`);
  const positionals = Object.values(known).filter((definition) => definition.type === 'positional').length;
  const extra = (args._ as readonly string[] | undefined)?.slice(positionals) ?? [];
  if (extra.length > 0) throw new ExitFault(2, `"${extra[0]}" is one word too many; see --help`);
}
