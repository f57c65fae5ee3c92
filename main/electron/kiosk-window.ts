/**
 * The one window: full screen, locked, and bound to one origin. Everything that a page could use to leave is denied here, for every
 * contents that is ever made, not for this window alone. A page that cannot be loaded or that crashes gives way to the waiting page and
 * is tried again for ever.
 */
import { app, BrowserWindow, type Session, session, type WebContents } from 'electron';
import type { Locations } from './locations.ts';
import { mayNavigate, mayReach, originOf, withPolicy } from './policy.ts';

export type KioskWindow = {
  readonly showWaiting: () => void;
  readonly showPage: (url: string) => void;
  readonly focus: () => void;
  /** From now on the window may close. */
  readonly release: () => void;
};

const retryMs = 1_000;
/** Chromium's code for a load that another one replaced: nothing failed. */
const aborted = -3;
const stage = { width: 1280, height: 800 };

// Leaving, reloading, printing, zooming, the menu, the tools: by no key. The page gets every other one.
const isKeptKey = (input: Electron.Input): boolean => {
  if (/^F([1-9]|1[0-2])$/.test(input.key) || input.alt) return true;
  return (input.control || input.meta) && !['a', 'c', 'v', 'x', 'z'].includes(input.key.toLowerCase());
};

export const makeKioskWindow = (locations: Locations, isWindowed: boolean, log: (line: string) => void): KioskWindow => {
  let origin: string | undefined;
  let wanted: string | undefined;
  let retry: NodeJS.Timeout | undefined;
  let mayClose = false;
  let lastFault: string | undefined;

  const isAllowed = (url: string): boolean => mayNavigate(url, origin, locations.waitingFolder);

  const lockSession = (own: Session): void => {
    own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    own.setPermissionCheckHandler(() => false);
    own.setDevicePermissionHandler(() => false);
    own.setDisplayMediaRequestHandler((_request, answer) => answer({}));
    own.on('will-download', (event) => event.preventDefault());
    own.setSpellCheckerEnabled(false);
    own.webRequest.onBeforeRequest((details, answer) => {
      // The tools of a developer's window are Chromium's own pages; a locked or packaged shell has none.
      const isTool = isWindowed && !app.isPackaged && details.url.startsWith('devtools://');
      answer({ cancel: !isTool && !mayReach(details.url, origin, locations.waitingFolder) });
    });
    own.webRequest.onHeadersReceived((details, answer) => answer({ responseHeaders: withPolicy(details.responseHeaders) }));
  };

  const lockContents = (contents: WebContents): void => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!isAllowed(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isAllowed(event.url)) event.preventDefault();
    });
    contents.on('before-input-event', (event, input) => {
      if (!isWindowed && isKeptKey(input)) event.preventDefault();
    });
  };

  lockSession(session.defaultSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));

  const window = new BrowserWindow({
    ...stage,
    title: 'Chautari',
    backgroundColor: '#f1efe8',
    show: true,
    kiosk: !isWindowed,
    frame: isWindowed,
    autoHideMenuBar: true,
    webPreferences: {
      preload: locations.preload,
      additionalArguments: [`--chautari-version=${app.getVersion()}`],
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.removeMenu();

  const load = (url: string): void => {
    // The outcome is read from did-fail-load; a load that another one replaces rejects too, and is no fault.
    window.loadURL(url).catch(() => undefined);
  };
  const stopRetry = (): void => {
    if (retry !== undefined) clearTimeout(retry);
    retry = undefined;
  };
  const tryAgainLater = (why: string): void => {
    // Tried every second, perhaps for days: said once.
    if (why !== lastFault) log(`shell: ${why}; trying again until it does`);
    lastFault = why;
    stopRetry();
    load(locations.waitingPage);
    retry = setTimeout(() => {
      retry = undefined;
      if (wanted !== undefined && !window.isDestroyed()) load(wanted);
    }, retryMs);
  };

  window.on('close', (event) => {
    if (!isWindowed && !mayClose) event.preventDefault();
  });
  window.on('closed', stopRetry);
  window.webContents.on('did-finish-load', () => {
    if (retry === undefined && window.webContents.getURL() !== locations.waitingPage) lastFault = undefined;
  });
  window.webContents.on('did-navigate', (_event, url, status) => {
    // A refusal is no page to show to a customer.
    if (status >= 400 && url !== locations.waitingPage) tryAgainLater(`the page answered ${status}`);
  });
  window.webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame && code !== aborted && url !== locations.waitingPage) tryAgainLater(`the page did not load (${description})`);
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    if (!mayClose) tryAgainLater(`the page's process is gone (${details.reason})`);
  });
  window.webContents.on('unresponsive', () => window.webContents.forcefullyCrashRenderer());
  void window.webContents.setVisualZoomLevelLimits(1, 1);

  return {
    showWaiting: () => {
      wanted = undefined;
      stopRetry();
      if (!window.isDestroyed()) load(locations.waitingPage);
    },
    showPage: (url) => {
      origin = originOf(url);
      wanted = url;
      stopRetry();
      if (!window.isDestroyed()) load(url);
    },
    focus: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.focus();
    },
    release: () => {
      mayClose = true;
      stopRetry();
    },
  };
};
