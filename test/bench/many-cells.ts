/**
 * `cell.many`: 5,000 distinct installed cells, signed and prepared, in one gateway process, each asked over HTTP in random order: what one
 * more of them costs in resident memory, and how long a request waits. Beside it the same gateway with the shipped cells alone.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { must } from '../../ledger-sync/ledger/result.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import { componentOf, signCell } from '../../main/cell-host/cell-file.ts';
import { CELL_FILE, MANIFEST_FILE, PREPARED_FILE, PREPARED_FOLDER, SHARED_FOLDER } from '../../main/cell-host/cell-folder.ts';
import { type PaymentManifest, parseManifest } from '../../main/cell-host/manifest.ts';
import { modulePath, type PreparedRecord, parsePreparedRecord } from '../../main/cell-host/prepared-record.ts';
import { TRUSTED_FILE, trustedText } from '../../main/cell-host/trusted-keys.ts';
import { openDatabase } from '../../main/store/database.ts';
import { storeOf } from '../../main/store/store.ts';
import { startBroker } from '../../main/village/broker.ts';
import type { Figure } from './figure.ts';
import { type Running, residentMib, startGateway } from './gateway-process.ts';
import { makeLargeJournal } from './large-journal.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SHIPPED = join(import.meta.dirname, '../../dist/cells');
const CELLS = 5_000;
const CALLERS = 16;
const SETTLE_MS = 3_000;
/** In the cell's own text, where nobody but a reader of the module sees it: what makes each cell another module. */
const MARK = Buffer.from('less was tendered', 'utf16le');

export async function manyCellsFigures(): Promise<readonly Figure[]> {
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  try {
    const few = await served(broker.url, 0);
    const many = await served(broker.url, CELLS);
    const kilobytes = ((many.mib - few.mib) * 1_048_576) / 1_000 / CELLS;
    return [
      {
        name: 'cell.many',
        value: kilobytes,
        unit: 'kB a cell',
        rival: 'kB: the article',
        rivalValue: 1_000,
        ratio: kilobytes / 1_000,
        hold: '<= 100',
        holds: kilobytes <= 100,
        note:
          `${CELLS} cells asked over HTTP by ${CALLERS} callers in random order, all approved: p50 ${many.first.p50} and p99 ${many.first.p99} ms the first time (compiled then), ` +
          `${many.again.p50} and ${many.again.p99} ms the second; shipped cells alone ${few.again.p50} and ${few.again.p99} ms; ` +
          `ready after ${Math.round(many.readyMs)} ms (${Math.round(few.readyMs)} ms); ${Math.round(many.mib)} MiB (${Math.round(few.mib)} MiB)`,
      },
    ];
  } finally {
    await broker.stop();
  }
}

type Latency = { readonly p50: number; readonly p99: number };
type Served = { readonly mib: number; readonly readyMs: number; readonly first: Latency; readonly again: Latency };

async function served(mqttUrl: string, count: number): Promise<Served> {
  const directory = temporaryFolder();
  makeLargeJournal(directory, 2_000);
  const names = Array.from({ length: count }, (_none, index) => `method-${index + 1}`);
  if (count > 0) install(directory, names);
  const startedAt = performance.now();
  const gateway = await startGateway(directory, mqttUrl);
  try {
    const readyMs = performance.now() - startedAt;
    const methods = names.length === 0 ? Array.from({ length: CELLS }, () => 'cash') : names;
    const first = await paid(gateway, shuffled(methods, 1), 'first');
    const again = await paid(gateway, shuffled(methods, 2), 'again');
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return { mib: residentMib(gateway.pid), readyMs, first, again };
  } finally {
    await gateway.stop();
  }
}

async function paid(gateway: Running, methods: readonly string[], round: string): Promise<Latency> {
  let next = 0;
  const result = await autocannon({
    url: gateway.url,
    connections: CALLERS,
    amount: methods.length,
    timeout: 60,
    requests: [
      {
        method: 'POST',
        path: '/v1/payments',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.token}` },
        setupRequest: (request) => {
          const index = next++ % methods.length;
          const body = { id: `${round}-${next}`, method: methods[index], action: 'sale', amount: '500', currency: 'NPR' };
          return { ...request, body: JSON.stringify(body) };
        },
      },
    ],
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`);
  return { p50: result.latency.p50, p99: result.latency.p99 };
}

/** Cells as `chautari cell install` lays them down, but all at once and unsynced: made of the shipped cash, each with a word of its own. */
function install(directory: string, names: readonly string[]): void {
  const shipped = join(SHIPPED, 'cash');
  const version = must(parseManifest(jsonOf(join(shipped, onlyVersion(shipped), MANIFEST_FILE))), 'cash') as PaymentManifest;
  const from = join(shipped, version.version);
  const record = must(parsePreparedRecord(jsonOf(join(from, PREPARED_FOLDER, PREPARED_FILE))), 'cash');
  const signer = signerFromPem(generateKey());
  const root = join(directory, 'cells');
  mkdirSync(join(root, SHARED_FOLDER), { recursive: true });
  for (const digest of [record.fast?.glue ?? '', record.jco.text]) {
    writeFileSync(join(root, SHARED_FOLDER, `${digest}.mjs`), readFileSync(join(SHIPPED, SHARED_FOLDER, `${digest}.mjs`)));
  }
  writeFileSync(join(root, TRUSTED_FILE), trustedText([{ name: 'bench', key: Buffer.from(signer.publicKey).toString('hex') }]));
  const component = must(componentOf(readFileSync(join(from, CELL_FILE))), 'cash');
  const files = new Map(
    ['core.wasm', ...Object.keys(record.jco.modules).map((name) => modulePath(name, false))].map((name) => [
      name,
      readFileSync(join(from, PREPARED_FOLDER, name)),
    ]),
  );
  const connection = openDatabase(join(directory, 'gateway.sqlite'), 'NORMAL');
  const store = storeOf(connection, sha256Hex, false);
  connection.exec('BEGIN');
  for (const [index, name] of names.entries()) {
    const manifest = { ...version, name };
    const own = marked(component, index);
    const digest = sha256Hex(own);
    const folder = join(root, name, manifest.version);
    mkdirSync(join(folder, PREPARED_FOLDER, 'jco'), { recursive: true });
    writeFileSync(join(folder, CELL_FILE), must(signCell(own, manifest, signer), name));
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
    const digests = new Map<string, string>();
    for (const [file, bytes] of files) {
      const changed = marked(bytes, index);
      digests.set(file, sha256Hex(changed));
      writeFileSync(join(folder, PREPARED_FOLDER, file), changed);
    }
    const modules = Object.fromEntries(
      Object.keys(record.jco.modules).map((module) => [module, { plain: digests.get(modulePath(module, false)) ?? '' }]),
    );
    const fast = record.fast === undefined ? {} : { fast: { ...record.fast, core: digests.get('core.wasm') ?? '' } };
    const prepared: PreparedRecord = { ...record, digest, ...fast, jco: { ...record.jco, modules } };
    writeFileSync(join(folder, PREPARED_FOLDER, PREPARED_FILE), `${JSON.stringify(prepared, undefined, 2)}\n`);
    store.switchCell(name, { version: manifest.version, digest }, 'bench', Date.now());
  }
  connection.exec('COMMIT');
  connection.close();
}

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

function onlyVersion(folder: string): string {
  const [version] = readdirSync(folder);
  if (version === undefined) throw new Error(`${folder} has no version`);
  return version;
}

/** The bytes with this cell's number in the place of the mark's first letters; bytes without the mark stay as they are. */
function marked(bytes: Uint8Array, index: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(MARK);
  if (at >= 0) copy.write(String(index).padStart(4, '0'), at, 'utf16le');
  return copy;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed;
  for (let last = mixed.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
