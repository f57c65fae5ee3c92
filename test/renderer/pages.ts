/**
 * Built pages in a real browser: builds one page with the repository's own settings into a scratch folder, opens it in Chromium, and
 * checks a screen for what every screen must be: no accessibility fault, no sideways scroll, targets for a thumb, nothing spilling.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
export type BuiltPage = { readonly folder: string; readonly remove: () => Promise<void> };

export const buildPage = async (page: string): Promise<BuiltPage> => {
  const scratch = await mkdtemp(join(tmpdir(), `chautari-${page}-`));
  const folder = join(scratch, page);
  // As it is shipped: under the tests' own environment Vite would leave what helps developers in it.
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      configFile: join(root, 'vite.config.ts'),
      root: join(root, 'renderer', page),
      build: { outDir: folder, emptyOutDir: true },
      logLevel: 'error',
    });
  } finally {
    process.env.NODE_ENV = environment;
  }
  return { folder, remove: () => rm(scratch, { recursive: true, force: true }) };
};

export type Size = { readonly width: number; readonly height: number };
export type OpenOptions = { readonly size?: Size; readonly language?: 'en' | 'ne'; readonly theme?: 'sunlight' | 'evening' };

/** A page of its own storage; what goes wrong in it is collected. */
export const openPage = async (browser: Browser, { size, language = 'en', theme = 'sunlight' }: OpenOptions) => {
  const context = await browser.newContext({ viewport: size ?? { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // The browser itself logs each answer that is not a success; those are the tests' own.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  await page.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      if (localStorage.getItem('chautari.language') === null) localStorage.setItem('chautari.language', chosenLanguage ?? 'en');
      if (localStorage.getItem('chautari.theme') === null) localStorage.setItem('chautari.theme', chosenTheme ?? 'sunlight');
    },
    [language, theme],
  );
  return { page, faults, close: () => context.close() };
};

type AxeFault = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };
let axeSource: string | undefined;

/** What is wrong with the screen that is shown, one line each. */
export const screenFaults = async (page: Page, name: string): Promise<string[]> => {
  axeSource ??= await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(what: Document, how: object): Promise<{ violations: AxeFault[] }> } };
    const found = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // The stricter one (7:1) instead of 4.5:1.
      rules: { 'color-contrast': { enabled: false }, 'color-contrast-enhanced': { enabled: true } },
    });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
  const layout = await page.evaluate(() => {
    const lines: string[] = [];
    const sideways = document.documentElement.scrollWidth - innerWidth;
    if (sideways > 0) lines.push(`scrolls sideways by ${sideways} px`);
    for (const control of document.querySelectorAll<HTMLElement>('button, a[href], input, select')) {
      const target = control.closest<HTMLElement>('label.search, label.vform__f') ?? control;
      const { width, height } = target.getBoundingClientRect();
      if (width > 0 && (width < 55.5 || height < 55.5))
        lines.push(`target of ${Math.round(width)}x${Math.round(height)}: ${control.outerHTML.slice(0, 80)}`);
    }
    for (const box of document.querySelectorAll<HTMLElement>('button, a, h1, h2, dd, dt, .amt')) {
      if (box.offsetParent === null || getComputedStyle(box).display === 'inline' || box.closest('.vh') !== null) continue;
      if (box.scrollWidth > box.clientWidth + 2) lines.push(`spills: ${box.textContent?.slice(0, 60)}`);
    }
    return lines;
  });
  return [...violations, ...layout].map((line) => `${name}: ${line}`);
};
