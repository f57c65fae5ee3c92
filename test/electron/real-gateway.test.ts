// The shell over the gateway itself, as a box runs it: the window shows the kiosk page, and a gateway that is killed is back under the same address, over the same data.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTools } from '../support/require.ts';
import { type Display, openDisplay } from './display.ts';
import { launchShell } from './launch.ts';

const repository = join(import.meta.dirname, '../..');
const tools = requireTools('electron', 'xvfb');

/** The gateway that runs over a data folder, found by its command line: nobody tells the test. */
const gatewayOver = (dataFolder: string): number | undefined => {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const cli = words.findIndex((word) => word.endsWith('main/cli.ts'));
      if (cli !== -1 && words[cli + 1] === 'gateway' && words.includes(dataFolder)) return Number(name);
    } catch {
      // Gone while we looked.
    }
  }
  return undefined;
};

describe.skipIf(tools === undefined)('the shell over the real gateway', () => {
  let display: Display;
  let scratch: string;
  let shell: ElectronApplication;

  beforeAll(async () => {
    if (tools === undefined) return;
    scratch = mkdtempSync(join(tmpdir(), 'chautari-box-'));
    chmodSync(scratch, 0o755);
    display = await openDisplay(tools.xvfb);
  });

  afterAll(async () => {
    await shell?.close();
    await display?.stop();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  it('shows the kiosk page, and brings a killed gateway back', async () => {
    if (tools === undefined) return;
    const home = join(scratch, 'home');
    const data = join(home, 'data');
    const args = [`--data=${data}`, '--http=127.0.0.1:0'];
    shell = await launchShell({ electron: tools.electron, display: display.name, appRoot: repository, home, args });
    const page = await shell.firstWindow();
    await page.waitForURL('**/kiosk/**');
    const { origin } = new URL(page.url());
    // A new box: it answers, and says that head office does not know it yet.
    const health = () => page.evaluate(() => fetch('/healthz').then((answer) => answer.text()));
    expect(await health()).toContain('not-enrolled');
    expect(await page.title()).not.toBe('');

    const first = gatewayOver(data);
    expect(first).toBeDefined();
    process.kill(first as number, 'SIGKILL');
    await page.waitForURL('**/waiting.html');
    await page.waitForURL(`${origin}/kiosk/**`);
    expect(await health()).toContain('not-enrolled');
    const second = gatewayOver(data);
    expect(second).not.toBe(first);

    await shell.close();
    expect(existsSync(`/proc/${second}`)).toBe(false);
  }, 60_000);
});
