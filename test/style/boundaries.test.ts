// The house's walls hold: each crossing that the design forbids is written into a copy of the tree's settings and must fail the lint;
// what the design allows must pass. The linter proper keeps packages and cycles, scripts/boundaries.mjs the arrows between rooms.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'chautari-walls-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

const write = (file: string, line: string): void => {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), `${line}\n`);
};
const run = (command: string, args: readonly string[]) => {
  const child = spawnSync(command, args, { cwd: tree, encoding: 'utf8' });
  return { code: child.status, output: child.stdout + child.stderr };
};
const lint = () => run(join(root, 'node_modules/.bin/oxlint'), ['--deny-warnings', '--format=unix']);
const arrows = () => run(process.execPath, [join(root, 'scripts/boundaries.mjs'), tree]);

const use = (specifier: string): string => `export { it } from '${specifier}';`;
const useType = (specifier: string): string => `export type { It } from '${specifier}';`;

const forbiddenPackages = [
  ['ledger-sync/ledger/a.ts', 'node:crypto'],
  ['ledger-sync/ledger/b.ts', 'zod'],
  ['ledger-sync/protocol/a.ts', 'mqtt'],
  ['ledger-sync/documents/a.ts', 'mqtt'],
  ['ledger-sync/agent/a.ts', 'better-sqlite3'],
  ['ledger-sync/central/a.ts', 'electron'],
  ['main/gateway/a.ts', 'better-sqlite3'],
  ['main/api/a.ts', 'electron'],
  ['main/api/b.ts', 'electron/main'],
  ['main/platform/a.ts', 'electron'],
  ['main/gateway/b.ts', 'serialport'],
  ['main/gateway/c.ts', 'mqtt'],
  ['main/store/a.ts', 'mqtt'],
  ['main/sensors/a.ts', 'mqtt'],
  ['main/electron/a.ts', 'better-sqlite3'],
  ['main/village/a.ts', 'better-sqlite3'],
  ['hardware/printer/a.ts', 'serialport'],
  ['hardware/serial/a.ts', 'mqtt'],
  ['renderer/kiosk/a.ts', 'node:fs'],
  ['renderer/shared/a.tsx', 'electron'],
] as const;

const allowedPackages = [
  ['main/electron/fine.ts', 'electron'],
  ['main/store/fine.ts', 'better-sqlite3'],
  ['main/sensors/fine.ts', 'better-sqlite3'],
  ['ledger-sync/central/fine.ts', 'better-sqlite3'],
  ['ledger-sync/central/fine-too.ts', 'mqtt'],
  ['ledger-sync/agent/fine.ts', 'mqtt'],
  ['main/village/fine.ts', 'aedes'],
  ['hardware/serial/fine.ts', 'serialport'],
  ['ledger-sync/ledger/fine.test.ts', 'fast-check'],
  ['renderer/kiosk/fine.ts', 'preact'],
  ['test/e2e/fine.ts', 'better-sqlite3'],
] as const;

const forbiddenArrows = [
  ['ledger-sync/ledger/a.ts', use('../protocol/codec.ts')],
  ['ledger-sync/ledger/b.ts', useType('../../main/api/schemas.ts')],
  ['ledger-sync/ledger/c.ts', use('node:crypto')],
  ['ledger-sync/protocol/a.ts', use('../agent/machine.ts')],
  ['ledger-sync/protocol/b.ts', use('../../main/platform/clock.ts')],
  ['ledger-sync/agent/a.ts', use('../central/ingest.ts')],
  ['ledger-sync/agent/b.ts', use('../documents/catalogue.ts')],
  ['ledger-sync/documents/a.ts', use('../central/ingest.ts')],
  ['ledger-sync/central/a.ts', use('../agent/machine.ts')],
  ['ledger-sync/central/b.ts', use('../../main/store/writer.ts')],
  ['hardware/printer/a.ts', use('../scanner/frames.ts')],
  ['hardware/printer/b.ts', use('../../main/gateway/pay.ts')],
  ['hardware/ports/a.ts', use('../printer/frames.ts')],
  ['main/gateway/a.ts', use('../store/writer.ts')],
  ['main/gateway/b.ts', use('../../hardware/printer/driver.ts')],
  ['main/gateway/c.ts', use('../../ledger-sync/agent/machine.ts')],
  ['main/store/a.ts', use('../api/routes.ts')],
  ['main/sensors/a.ts', use('../store/writer.ts')],
  ['main/sensors/b.ts', use('../gateway/pay.ts')],
  ['main/api/a.ts', use('../store/writer.ts')],
  ['main/cli.ts', use('./electron/shell.ts')],
  ['main/electron/a.ts', use('../gateway/pay.ts')],
  ['main/village/a.ts', use('../../renderer/shared/words.ts')],
  ['main/gateway/compose.ts', use('../../test/support/require.ts')],
  ['ledger-sync/agent/c.ts', use('../../test/support/require.ts')],
  ['ledger-sync/agent/d.ts', use('./machine.test.ts')],
  ['renderer/kiosk/a.ts', use('../office/page.ts')],
  ['renderer/kiosk/b.ts', use('../../ledger-sync/ledger/money.ts')],
  ['renderer/office/a.tsx', use('../../ledger-sync/central/schemas.ts')],
  ['renderer/shared/a.ts', useType('../../main/store/writer.ts')],
  ['renderer/shared/b.ts', use('../kiosk/page.ts')],
  ['main/api/b.ts', "export const later = () => import('../store/writer.ts');"],
  ['main/api/c.ts', "export const worker = new URL('../store/writer.ts', import.meta.url);"],
  ['main/api/d.ts', use('../../dist/cells/cash.js')],
] as const;

const allowedArrows = [
  ['ledger-sync/ledger/fine.ts', use('./money.ts')],
  ['ledger-sync/protocol/fine.ts', use('../ledger/money.ts')],
  ['ledger-sync/agent/fine.ts', `${use('../protocol/codec.ts')}${use('mqtt')}`],
  ['ledger-sync/central/fine.ts', use('../documents/catalogue.ts')],
  ['ledger-sync/central/compose.ts', use('../../main/platform/log.ts')],
  ['ledger-sync/ledger/fine.test.ts', `${use('../../test/support/require.ts')}${use('fast-check')}`],
  ['hardware/printer/fine.ts', `${use('../ports/printer.ts')}${use('../serial/line.ts')}`],
  ['main/gateway/fine.ts', `${use('../../ledger-sync/ledger/entry.ts')}${useType('../store/writer.ts')}`],
  ['main/gateway/compose.ts', `${use('../store/writer.ts')}${use('../../hardware/printer/driver.ts')}`],
  ['main/cli.ts', use('./village/run.ts')],
  ['main/electron/fine.ts', use('../platform/electron-binary.ts')],
  ['renderer/kiosk/fine.tsx', `${use('../shared/words.ts')}${useType('../../main/api/schemas.ts')}`],
  ['renderer/office/fine.tsx', useType('../../ledger-sync/central/schemas.ts')],
  ['main/api/fine.ts', "// import { it } from '../store/writer.ts';\nexport const text = \"import x from '../store/writer.ts'\";"],
  ['test/e2e/fine.ts', use('../../main/store/writer.ts')],
] as const;

describe('packages', () => {
  it('each where it does not belong fails the lint, file by file', () => {
    for (const [file, name] of forbiddenPackages) write(file, use(name));
    const { code, output } = lint();
    expect(code).not.toBe(0);
    expect(forbiddenPackages.filter(([file]) => !output.includes(`${file}:`))).toEqual([]);
  });

  it('each where it belongs passes', () => {
    for (const [file, name] of allowedPackages) write(file, use(name));
    expect(lint()).toMatchObject({ code: 0 });
  });

  it('modules that import each other fail the lint', () => {
    write('main/gateway/a.ts', `import { b } from './b.ts';\nexport const a = (): number => b();`);
    write('main/gateway/b.ts', `import { a } from './a.ts';\nexport const b = (): number => a();`);
    expect(lint().output).toContain('no-cycle');
  });
});

describe('arrows', () => {
  it('each crossing fails, file by file', () => {
    for (const [file, line] of forbiddenArrows) write(file, line);
    const { code, output } = arrows();
    expect(code).toBe(1);
    const lines = output.trim().split('\n');
    expect(forbiddenArrows.filter(([file]) => lines.filter((line) => line.startsWith(`${file}: `)).length !== 1)).toEqual([]);
    expect(lines).toHaveLength(forbiddenArrows.length);
  });

  it('what the design allows passes', () => {
    for (const [file, line] of allowedArrows) write(file, line);
    expect(arrows()).toEqual({ code: 0, output: '' });
  });
});
