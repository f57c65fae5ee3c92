/**
 * The Electron shell: one locked window over the kiosk page, and the gateway as a supervised process of its own. It holds no money, no
 * device and no secret. Built to dist/electron/shell.js, because Electron's own Node strips no types.
 */
import { join } from 'node:path';
import { app, Menu } from 'electron';
import { type GatewayProcess, makeGatewayProcess } from './gateway-process.ts';
import { makeKioskWindow } from './kiosk-window.ts';
import { locate } from './locations.ts';
import { parseOptions } from './options.ts';
import { supervisorLimits } from './supervisor.ts';

const log = makeLog();
const options = parseOptions(process.argv.slice(1), process.env);
const locations = locate(import.meta.dirname, app.isPackaged ? process.resourcesPath : undefined);

if (!options.ok) {
  log(`shell: ${options.error}`);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  log('shell: it is open already; its window comes to the front');
  app.exit(0);
} else {
  run(options.value);
}

/** Lines to stderr. When nobody reads them they are dropped and counted: a log must not fill the memory. */
function makeLog(): (line: string) => void {
  let isFull = false;
  let dropped = 0;
  process.stderr.on('error', () => undefined);
  return (line) => {
    if (isFull) {
      dropped += 1;
      return;
    }
    isFull = !process.stderr.write(`${line}\n`);
    if (!isFull) return;
    process.stderr.once('drain', () => {
      isFull = false;
      if (dropped > 0) log(`shell: ${dropped} lines were dropped`);
      dropped = 0;
    });
  };
}

function run(asked: Extract<typeof options, { ok: true }>['value']): void {
  // Before Chromium starts: every renderer in the sandbox, a small cache on a small disk, no page zoomed or swiped away by two fingers.
  if (!app.isReady()) app.enableSandbox();
  app.commandLine.appendSwitch('disk-cache-size', String(50 * 1024 * 1024));
  app.commandLine.appendSwitch('disable-pinch');
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  Menu.setApplicationMenu(null);

  let gateway: GatewayProcess | undefined;
  let isStopped = false;

  app.on('window-all-closed', () => app.quit());

  const open = (): void => {
    const window = makeKioskWindow(locations, asked.isWindowed, log);
    app.on('second-instance', window.focus);
    app.on('before-quit', (event) => {
      window.release();
      if (gateway === undefined || isStopped) return;
      // The gateway first: it finishes what it has answered. Then this again.
      event.preventDefault();
      void gateway.stop().then(() => {
        isStopped = true;
        app.quit();
      });
    });
    if (asked.kioskUrl !== undefined) {
      window.showPage(asked.kioskUrl);
      return;
    }
    gateway = makeGatewayProcess(
      {
        node: locations.node,
        cli: locations.cli,
        root: locations.root,
        dataFolder: asked.dataFolder ?? join(app.getPath('userData'), 'gateway'),
        http: asked.http,
        extraArguments: asked.gatewayArguments,
      },
      { showWaiting: window.showWaiting, showKiosk: (origin) => window.showPage(`${origin}/kiosk/`) },
      { limits: supervisorLimits, chance: Math.random, log },
    );
    gateway.start();
  };

  void app.whenReady().then(open);
}
