/**
 * Runs the recorded requests of a cell on everything that is found here: this host's own program, jco's output in this process, in a
 * browser, and in other runtimes of JavaScript; and lets other component runtimes load the component unchanged.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { findCompiler } from '../../cells/sdk/find-compiler.ts';
import { programOf } from '../cell-host/cell-host.ts';
import { CellImports } from '../cell-host/cell-imports.ts';
import { jcoProgram } from '../cell-host/jco-program.ts';
import { factsFromTrace } from '../cell-host/trace-facts.ts';
import { transpile } from '../cell-host/transpile.ts';
import { answerOf, type RecordedRequest, recordCases, recordRequests } from './matrix-requests.ts';
import { fromPlain } from './matrix-runner.mjs';
import type { TrialCell } from './trial-cell.ts';
import type { TrialCases } from './try-cases.ts';

export const RUNTIMES = ['host', 'jco', 'chromium', 'bun', 'deno', 'wasmtime'] as const;
export type Runtime = (typeof RUNTIMES)[number];

export type MatrixCell =
  | { readonly outcome: 'same' | 'loads' }
  | {
      readonly outcome: 'differs';
      readonly requests: number;
      readonly example: { readonly asked: unknown; readonly expected: string; readonly came: string };
    }
  | { readonly outcome: 'not found' | 'not run' | 'broken'; readonly why: string };

export type MatrixRow = {
  readonly cell: string;
  readonly version: string;
  readonly class: string;
  readonly requests: number;
  readonly runtimes: Readonly<Record<Runtime, MatrixCell>>;
};

const RUN_TIMEOUT_MS = 120_000;
const ANSWERS_BYTES_MAX = 64 * 1024 * 1024;
const SHIM = join(import.meta.dirname, '../../node_modules/@bytecodealliance/preview2-shim/dist');
const execute = promisify(execFile);

function compare(requests: readonly RecordedRequest[], answers: readonly string[]): MatrixCell {
  if (answers.length !== requests.length)
    return { outcome: 'broken', why: `it gave ${answers.length} answers to ${requests.length} requests` };
  const different = requests.flatMap((request, index) => {
    const came = answers[index] ?? '';
    // What a trap is called is each engine's own.
    const isTrap = (line: string): boolean => line.startsWith('{"answer":{"tag":"trap"');
    return came === request.answer || (isTrap(came) && isTrap(request.answer))
      ? []
      : [{ asked: request.arguments, expected: request.answer, came }];
  });
  const [example] = different;
  return example === undefined ? { outcome: 'same' } : { outcome: 'differs', requests: different.length, example };
}

function here(cell: TrialCell, requests: readonly RecordedRequest[], metered: boolean): MatrixCell {
  const program = metered ? programOf(cell.prepared) : jcoProgram(cell.prepared, { metered: false });
  const answers = requests.map(({ call, arguments: plain, reads, kinds, at, seed }) => {
    const imports = new CellImports(kinds, factsFromTrace({ reads }), { at: BigInt(at), seed });
    return answerOf(program, call, fromPlain(plain) as unknown[], imports);
  });
  return compare(requests, answers);
}

/** A page or a script, jco's text, its modules, the recording and the runner, side by side in one folder. */
async function layOut(folder: string, cell: TrialCell, requests: readonly RecordedRequest[]): Promise<void> {
  const { text, modules } = await transpile(cell.component);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cell.mjs'), text);
  for (const [name, bytes] of modules) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'recording.json'), JSON.stringify({ modules: [...modules.keys()], requests }));
  for (const file of ['matrix-runner.mjs', 'matrix-page.mjs', 'matrix-script.mjs']) {
    cpSync(join(import.meta.dirname, file), join(folder, file));
  }
  const map = JSON.stringify({
    imports: { '@bytecodealliance/preview2-shim': '/shim/browser/index.js', shim: '/shim/common/instantiation.js' },
  });
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><script type="importmap">${map}</script><script type="module" src="matrix-page.mjs"></script>`,
  );
}

function importsWasi(cell: TrialCell): boolean {
  return cell.manifest.grants.imports.some((name) => name.startsWith('wasi:'));
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.mjs': 'text/javascript',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

type Served = { readonly url: string; readonly answers: Promise<readonly string[]>; readonly close: () => void };

/** Serves a folder to one browser on this machine, and takes the answers that its page posts. */
async function serveFolder(folder: string): Promise<Served> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => {
        body += part;
        if (body.length > ANSWERS_BYTES_MAX) request.destroy();
      });
      request.on('end', () => {
        response.end();
        const given = JSON.parse(body) as { answers?: string[]; fault?: string };
        if (given.answers === undefined) reject(new Error(given.fault ?? 'the page gave no answer'));
        else resolve(given.answers);
      });
      return;
    }
    const parts = path.split('/').filter((part) => part !== '' && part !== '..');
    const file = parts[0] === 'shim' ? join(SHIM, ...parts.slice(1)) : join(folder, ...(parts.length === 0 ? ['index.html'] : parts));
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, answers: promise, close: () => void server.close() };
}

function findChromium(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
    const found = findCompiler(name, { variable: 'CHROMIUM', hint: '' });
    if (typeof found === 'string') return found;
  }
  return undefined;
}

/** Resolves never; ends the wait for a browser that dies or takes too long. */
async function gone(browser: ChildProcess): Promise<never> {
  const timeout = AbortSignal.timeout(RUN_TIMEOUT_MS);
  await once(browser, 'exit', { signal: timeout });
  throw new Error(`the browser ended with ${browser.exitCode ?? browser.signalCode}`);
}

async function inChromium(folder: string, requests: readonly RecordedRequest[]): Promise<MatrixCell> {
  const chromium = findChromium();
  if (chromium === undefined) return { outcome: 'not found', why: 'install the Debian package chromium, or name one by CHROMIUM' };
  const served = await serveFolder(folder);
  const profile = mkdtempSync(join(tmpdir(), 'chautari-matrix-'));
  // Chromium's own sandbox refuses to run for root, which is what a container gives.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = ['--headless', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage', `--user-data-dir=${profile}`, ...sandbox];
  const browser = spawn(chromium, [...flags, served.url], { stdio: 'ignore' });
  const ended = once(browser, 'exit');
  try {
    return compare(requests, await Promise.race([served.answers, gone(browser)]));
  } catch (error) {
    return { outcome: 'broken', why: error instanceof Error ? error.message : String(error) };
  } finally {
    browser.kill('SIGKILL');
    await ended;
    served.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inScript(name: 'bun' | 'deno', folder: string, cell: TrialCell, requests: readonly RecordedRequest[]): Promise<MatrixCell> {
  const program = findCompiler(name, { variable: name.toUpperCase(), hint: '' });
  if (typeof program !== 'string') return { outcome: 'not found', why: `there is no ${name} on this machine` };
  if (importsWasi(cell)) return { outcome: 'not run', why: 'the cell imports WASI, which the script does not bring' };
  const args = name === 'deno' ? ['run', '--allow-read', join(folder, 'matrix-script.mjs')] : [join(folder, 'matrix-script.mjs')];
  try {
    const { stdout } = await execute(program, args, { maxBuffer: ANSWERS_BYTES_MAX, timeout: RUN_TIMEOUT_MS });
    return compare(requests, JSON.parse(stdout) as string[]);
  } catch (error) {
    return { outcome: 'broken', why: String(error).slice(0, 300) };
  }
}

/** Its command line cannot give a component our imports; that it compiles the component unchanged is what can be asked of it. */
async function inWasmtime(folder: string, cell: TrialCell): Promise<MatrixCell> {
  const program = findCompiler('wasmtime', { variable: 'WASMTIME', hint: '' });
  if (typeof program !== 'string') return { outcome: 'not found', why: 'there is no wasmtime on this machine' };
  const path = join(folder, 'component.wasm');
  writeFileSync(path, cell.component);
  try {
    await execute(program, ['compile', path, '-o', join(folder, 'component.cwasm')], { timeout: RUN_TIMEOUT_MS });
    return { outcome: 'loads' };
  } catch (error) {
    return { outcome: 'broken', why: String(error).slice(0, 300) };
  }
}

/** `cases`: more requests, of the cell's own cases file. */
export async function runMatrix(cell: TrialCell, cases?: TrialCases): Promise<MatrixRow> {
  const { name, version, class: cellClass } = cell.manifest;
  const program = programOf(cell.prepared);
  const requests = [...recordRequests(cell.prepared, program), ...(cases === undefined ? [] : recordCases(cell, program, cases))];
  const folder = mkdtempSync(join(tmpdir(), 'chautari-matrix-'));
  try {
    await layOut(folder, cell, requests);
    const runtimes = {
      host: here(cell, requests, true),
      jco: here(cell, requests, false),
      chromium: await inChromium(folder, requests),
      bun: await inScript('bun', folder, cell, requests),
      deno: await inScript('deno', folder, cell, requests),
      wasmtime: await inWasmtime(folder, cell),
    };
    return { cell: name, version, class: cellClass, requests: requests.length, runtimes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function isClean({ runtimes }: MatrixRow): boolean {
  return Object.values(runtimes).every(({ outcome }) => outcome !== 'differs' && outcome !== 'broken');
}
