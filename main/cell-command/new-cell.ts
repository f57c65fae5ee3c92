/** Makes the folder of a new cell from the templates of its language: sources, manifest, cases and a page that says what to do next. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { editorFiles } from '../../cells/sdk/assemblyscript/editor-files.ts';
import { RUNTIME_IMPORTS } from '../../cells/sdk/js/runtime-imports.ts';
import type { CellLanguage } from '../../cells/sdk/languages.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import type { World } from '../../cells/sdk/wit/types.ts';
import { CONTRACT, isCellName, PAYMENT_WORLD, type PaymentManifest } from '../cell-host/manifest.ts';
import { CONTRACT_WIT } from '../cell-host/preparer.ts';
import { ExitFault } from '../platform/exit.ts';

const TEMPLATES = join(import.meta.dirname, '../../cells/templates');
const NAME_MARK = /CELL_NAME/g;

/** What a request of the template needs, with room for the rules to come. A cell that brings an engine needs more of everything. */
const BUDGETS: Readonly<Record<CellLanguage, PaymentManifest['budget']>> = {
  assemblyscript: { fuel: 2_000_000, callDepth: 100, memoryPages: 4 },
  c: { fuel: 2_000_000, callDepth: 100, memoryPages: 4 },
  rust: { fuel: 2_000_000, callDepth: 100, memoryPages: 4 },
  javascript: { fuel: 50_000_000, callDepth: 500, memoryPages: 128 },
};

function manifestOf(name: string, language: CellLanguage): PaymentManifest {
  const slow = language === 'javascript';
  return {
    name,
    version: '0.1.0',
    contract: CONTRACT,
    world: PAYMENT_WORLD,
    class: slow ? 'slow' : 'fast',
    actions: { pay: { served: 'pays', legs: 1, debits: [], refunds: false } },
    grants: {
      imports: ['accounts', 'state', 'outbox'].map((one) => `chautari:cell/${one}@0.1.0`).concat(slow ? RUNTIME_IMPORTS : []),
      accounts: ['wallet', 'merchant'],
    },
    budget: BUDGETS[language],
  };
}

function readme(name: string, path: string): string {
  return `# ${name}

A payment method of Chautari. \`manifest.json\` says what the cell may see, do and spend; \`cases.json\` what it is asked and shall answer.

In the checkout of Chautari:

    npx chautari cell try ${path} --watch     run the cases after each change
    npx chautari cell build ${path}           make the signed file, with your key author.pem (keep that to yourself)
    npx chautari cell trust FILE --data DIR   once a box: let your cells onto it; DIR is the box's data, such as village-data/syabru
    npx chautari cell install FILE --data DIR bring it to the box

\`docs/first-cell.md\` there goes through it step by step, \`docs/cells.md\` has every member of the manifest.
`;
}

function paymentWorld(): World {
  return resolveWorld(readFileSync(CONTRACT_WIT, 'utf8'), PAYMENT_WORLD);
}

/** `folder` must not be there yet, or be empty. The files that its author changes, by path below it; those of an editor lie there beside. */
export function newCell(name: string, language: CellLanguage, folder: string): string[] {
  if (!isCellName(name))
    throw new ExitFault(2, `"${name}" is no name for a cell: lower-case words joined by hyphens, at most 48 characters`);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new ExitFault(2, `${folder} is not empty: name another place with --dir`);
  const template = join(TEMPLATES, language);
  if (!existsSync(template))
    throw new ExitFault(1, 'cells are made in a checkout of Chautari, not on a box: this program has no templates with it');
  const files = new Map<string, string>();
  for (const entry of readdirSync(template, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(template.length + 1), readFileSync(path, 'utf8').replace(NAME_MARK, name));
  }
  files.set('cases.json', readFileSync(join(TEMPLATES, 'cases.json'), 'utf8'));
  files.set('manifest.json', `${JSON.stringify(manifestOf(name, language), undefined, 2)}\n`);
  files.set('README.md', readme(name, folder));
  const shown = [...files.keys()].toSorted();
  if (language === 'assemblyscript') for (const [path, text] of editorFiles(paymentWorld())) files.set(path, text);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  return shown;
}
