/** Finds a compiler that npm does not bring: named by a variable, else on the PATH. What is missing is said with the way to get it. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export type MissingCompiler = { readonly missing: string };

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `folders` are looked through before those of the PATH. */
export function findCompiler(
  name: string,
  { variable, hint, folders = [] }: { readonly variable: string; readonly hint: string; readonly folders?: readonly string[] },
): string | MissingCompiler {
  const given = process.env[variable];
  if (given !== undefined && isRunnable(given)) return given;
  const places = [...folders, ...(process.env.PATH ?? '').split(delimiter)].filter((folder) => folder !== '');
  const found = places.map((folder) => join(folder, name)).find(isRunnable);
  return found ?? { missing: `there is no ${name} on this machine: install ${hint}, or name one by ${variable}` };
}
