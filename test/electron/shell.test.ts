// The shell for real, under a display of its own: what the page cannot do, and that a gateway that is killed comes back under the same
// address. One launch over a gateway that stands in; the rules themselves are tested beside the code.

import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTools } from '../support/require.ts';
import { type Display, openDisplay } from './display.ts';
import { launchShell } from './launch.ts';

const repository = join(import.meta.dirname, '../..');
const tools = requireTools('electron', 'xvfb');

/** A checkout's shape with the built shell and the stand-in where main/cli.ts would be. */
const makeAppRoot = (folder: string): void => {
  mkdirSync(join(folder, 'main'), { recursive: true });
  copyFileSync(join(repository, 'package.json'), join(folder, 'package.json'));
  cpSync(join(repository, 'dist/electron'), join(folder, 'dist/electron'), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'stand-in-gateway.ts'), join(folder, 'main/cli.ts'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
};

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);
/** From inside the page: Playwright's own click would wait for the navigation that is denied. */
const pressIn = (page: Page, selector: string): Promise<void> =>
  page.evaluate((given) => (document.querySelector(given) as HTMLElement).click(), selector);
const shownPid = async (page: Page): Promise<number> => Number(await page.locator('#pid').textContent());

describe.skipIf(tools === undefined)('the shell', () => {
  let display: Display;
  let scratch: string;
  let shell: ElectronApplication;
  let page: Page;
  let origin: string;
  let log = '';
  let elsewhere: string;
  const neighbour = createServer((_request, response) => response.setHeader('Access-Control-Allow-Origin', '*').end());

  beforeAll(async () => {
    if (tools === undefined) return;
    scratch = mkdtempSync(join(tmpdir(), 'chautari-shell-'));
    chmodSync(scratch, 0o755);
    const appRoot = join(scratch, 'app');
    makeAppRoot(appRoot);
    await once(neighbour.listen(0, '127.0.0.1'), 'listening');
    elsewhere = `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}/`;
    display = await openDisplay(tools.xvfb);
    const home = join(scratch, 'home');
    shell = await launchShell({
      electron: tools.electron,
      display: display.name,
      appRoot,
      home,
      args: [`--data=${join(home, 'data')}`, '--http=127.0.0.1:0'],
    });
    shell.process().stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    page = await shell.firstWindow();
    await page.locator('#pid').waitFor();
    origin = new URL(page.url()).origin;
  });

  afterAll(async () => {
    await shell?.close();
    await display?.stop();
    neighbour.close();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  });

  it('locks its window, and brings a killed gateway back', async () => {
    // The whole screen, and no way to close it from outside.
    const bounds = await shell.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.close();
      return window?.getBounds();
    });
    expect(bounds).toEqual({ x: 0, y: 0, width: display.width, height: display.height });
    expect(shell.windows()).toHaveLength(1);

    // Nothing of Node or Electron in the page but two facts, and those cannot be changed.
    const inPage = await page.evaluate(() => {
      const own = window as unknown as Record<string, unknown>;
      const { chautari } = own as { chautari: { shell: { version: string } } };
      try {
        chautari.shell.version = 'changed';
      } catch {
        // Frozen.
      }
      return {
        leaks: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in own),
        chautari,
        inlineRan: own.inlineRan,
      };
    });
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
    expect(inPage).toEqual({ leaks: [], chautari: { shell: { version, platform: process.platform } }, inlineRan: undefined });

    // No way out: no window, no other address by link, script or fetch, no download, no permission.
    expect(await page.evaluate(() => window.open('/kiosk/') === null)).toBe(true);
    const wasStopped = shell.evaluate(
      ({ BrowserWindow }) =>
        new Promise((resolve) =>
          BrowserWindow.getAllWindows()[0]?.webContents.once('will-frame-navigate', (event) =>
            resolve([event.url, event.defaultPrevented]),
          ),
        ),
    );
    await pressIn(page, '#away');
    expect(await wasStopped).toEqual(['http://localhost:1/', true]);
    await page.evaluate(() => {
      location.href = 'file:///etc/hostname';
    });
    // Not even where a page's own policy would let it.
    await page.goto(`${origin}/loose`);
    const reach = (url: string) =>
      page.evaluate(
        (given) =>
          fetch(given).then(
            () => 'reached',
            () => 'denied',
          ),
        url,
      );
    expect([await reach(`${origin}/kiosk/`), await reach(elsewhere)]).toEqual(['reached', 'denied']);
    await page.goto(`${origin}/kiosk/`);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    const wasCancelled = shell.evaluate(
      ({ session }) => new Promise((resolve) => session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented))),
    );
    await pressIn(page, '#file');
    expect(await wasCancelled).toBe(true);
    expect(page.url()).toBe(`${origin}/kiosk/`);
    expect(shell.windows()).toHaveLength(1);

    // A gateway that dies at once is started again under its old address, with the waiting page in between.
    const first = await shownPid(page);
    process.kill(first, 'SIGKILL');
    await page.waitForURL('**/waiting.html');
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(241, 239, 232)');
    const second = await shownPid(page);
    expect(page.url()).toBe(`${origin}/kiosk/`);
    expect(second).not.toBe(first);
    expect(log).toContain('stand-in: a line for the log');
    expect(log).toContain('the page answered 503');

    // It leaves with the shell, which leaves when asked.
    await shell.close();
    expect(isAlive(second)).toBe(false);
    expect(readdirSync(scratch)).toContain('home');
  }, 60_000);
});
