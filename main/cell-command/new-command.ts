/** `chautari cell new NAME`: a folder that builds and passes its own cases. */
import { join } from 'node:path';
import { defineCommand } from 'citty';
import { type CellLanguage, LANGUAGES } from '../../cells/sdk/languages.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { ExitFault } from '../platform/exit.ts';
import { newCell } from './new-cell.ts';

const args = {
  name: { type: 'positional', required: true, description: 'The cell’s name, and the method’s in a payment' },
  language: { type: 'string', default: 'assemblyscript', valueHint: 'LANGUAGE', description: `One of ${LANGUAGES.join(', ')}` },
  dir: { type: 'string', valueHint: 'DIR', description: 'Where it goes (default: a folder of its name, here)' },
} as const;

function isLanguage(text: string): text is CellLanguage {
  return LANGUAGES.some((language) => language === text);
}

export const newCommand = defineCommand({
  meta: { name: 'new', description: 'Make the folder of a new cell, which builds and passes its own cases' },
  args,
  run: ({ args: given }) => {
    refuseUnknown(given, args);
    if (!isLanguage(given.language))
      throw new ExitFault(2, `"${given.language}" is none of ${LANGUAGES.join(', ')}; TypeScript compiles as assemblyscript`);
    const folder = given.dir ?? given.name;
    const files = newCell(given.name, given.language, folder);
    process.stdout.write(`${files.map((file) => join(folder, file)).join('\n')}\n\nnext: npx chautari cell try ${folder}\n`);
  },
});
