// Who may import whom, checked on resolved paths: a crossing prints a line and fails the lint. The linter's own settings hold what it
// can express (cycles, and which packages belong where); the arrows between the rooms stand here, once.
// `boundaries.mjs [ROOT]`. Parsed, not searched: a specifier in a comment or a string is none. Unit tests may reach for anything; nothing may reach for them.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

// The most specific prefix wins. `values`: rooms whose code may be used, besides the room's own. `types`: rooms of which only types.
// `packages`: 'none', or anything that the linter allows there.
const doors = ['main/platform'];
const contracts = ['ledger-sync', 'hardware/ports', 'main'];
const rooms = [
  { path: 'ledger-sync/ledger', values: [], types: [], packages: 'none' },
  { path: 'ledger-sync/protocol', values: ['ledger-sync/ledger'], types: [] },
  { path: 'ledger-sync/agent', values: ['ledger-sync/protocol', 'ledger-sync/ledger'], types: doors },
  { path: 'ledger-sync/documents', values: ['ledger-sync/protocol', 'ledger-sync/ledger'], types: doors },
  { path: 'ledger-sync/central', values: ['ledger-sync/documents', 'ledger-sync/protocol', 'ledger-sync/ledger', ...doors], types: [] },
  { path: 'hardware/ports', values: ['ledger-sync/ledger'], types: [] },
  { path: 'hardware/serial', values: ['hardware/ports', 'ledger-sync/ledger'], types: doors },
  { path: 'hardware/*', values: ['hardware/ports', 'hardware/serial', 'ledger-sync/ledger'], types: doors },
  // What puts the gateway together: the adapters between its rooms and the real world.
  { path: 'main/gateway/compose', values: ['main', 'ledger-sync', 'hardware'], types: [], except: ['main/electron', 'main/village'] },
  { path: 'main/gateway', values: ['ledger-sync/ledger'], types: contracts },
  { path: 'main/store', values: ['ledger-sync/ledger', 'ledger-sync/protocol', ...doors], types: contracts },
  // Telemetry and decisions, in threads and files of their own: no arrow leads to the store.
  { path: 'main/sensors', values: ['ledger-sync/ledger', 'main/cell-host', ...doors], types: [] },
  {
    path: 'main/cell-host',
    // Its glue is generated from the contract, which the SDK reads.
    values: [
      'ledger-sync/ledger',
      'ledger-sync/protocol/ed25519.ts',
      'ledger-sync/protocol/sha256.ts',
      'cells/sdk/wit',
      'cells/sdk/abi',
      ...doors,
    ],
    types: contracts,
  },
  { path: 'main/api', values: ['ledger-sync/ledger', 'main/gateway', ...doors], types: contracts },
  { path: 'main/platform', values: ['ledger-sync/ledger', 'ledger-sync/protocol'], types: [] },
  { path: 'main/electron', values: ['ledger-sync/ledger', ...doors], types: [] },
  {
    path: 'main/cell-command',
    values: ['cells/sdk', 'main/cell-host', 'main/gateway', 'main/store', 'ledger-sync/ledger', 'ledger-sync/protocol', ...doors],
    types: [],
  },
  { path: 'main', values: ['main', 'ledger-sync', 'hardware'], types: [], except: ['main/electron'] },
  { path: 'renderer/shared', values: [], types: ['main/api/schemas.ts', 'ledger-sync/central/schemas.ts', 'ledger-sync/ledger'] },
  {
    path: 'renderer/*',
    values: ['renderer/shared'],
    types: ['main/api/schemas.ts', 'main/village/schemas.ts', 'ledger-sync/central/schemas.ts', 'ledger-sync/ledger'],
  },
  { path: 'cells/sdk', values: ['main/cell-host', 'ledger-sync/protocol'], types: [] },
  { path: 'cells/*', values: ['cells/sdk'], types: [] },
  { path: 'test', values: ['main', 'ledger-sync', 'hardware', 'cells', 'renderer', 'scripts'], types: [] },
  { path: 'scripts', values: [], types: [] },
];
// These put the parts together; they may use everything but tests, scripts and pages.
const composers = [/(^|\/)compose(-[a-z-]+)?(\.ts$|\/)/, /(^|\/)([a-z-]+-)?(command|cli)\.ts$/];
const composed = ['main', 'ledger-sync', 'hardware'];

const isTest = (file) => /\.test\.tsx?$/.test(file);
const isIn = (file, path) => file === path || file.startsWith(`${path}/`);

/** The room a file is in, with `*` filled in, so that two devices are two rooms. */
const roomOf = (file) => {
  for (const room of rooms) {
    if (!room.path.endsWith('/*')) {
      if (isIn(file, room.path)) return room;
      continue;
    }
    const parent = room.path.slice(0, -2);
    const [name, inside] = isIn(file, parent) ? file.slice(parent.length + 1).split('/') : [];
    if (inside !== undefined) return { ...room, path: `${parent}/${name}` };
  }
  return undefined;
};

/** Every import, export-from, dynamic import and `new URL` of a source, with whether it is for types only. */
const importsOf = (file, source) => {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0].message}`);
  const found = [];
  const typed = (start, word) => new RegExp(`^${word}\\s+type\\b`).test(source.slice(start, start + 40));
  for (const one of module.staticImports) found.push({ to: one.moduleRequest.value, isType: typed(one.start, 'import') });
  for (const one of module.staticExports) {
    const request = one.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (request) found.push({ to: request.value, isType: typed(one.start, 'export') });
  }
  for (const one of module.dynamicImports) {
    const text = source.slice(one.moduleRequest.start, one.moduleRequest.end);
    const literal = /^(['"`])([^$]*)\1$/.exec(text);
    if (literal) found.push({ to: literal[2], isType: false });
  }
  for (const one of source.matchAll(/new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g)) {
    if (/\.(ts|tsx|mjs|js)$/.test(one[1])) found.push({ to: one[1], isType: false });
  }
  return found;
};

const faultOf = (file, { to, isType }) => {
  const room = roomOf(file);
  if (!to.startsWith('.')) {
    if (room?.packages === 'none' && !isTest(file)) return 'this room imports nothing but itself';
    return undefined;
  }
  const target = posix.normalize(posix.join(posix.dirname(file), to));
  if (isTest(target)) return 'a unit test is nobody’s library';
  if (isTest(file)) return target.startsWith('../') ? 'outside the repository' : undefined;
  if (isIn(target, 'test') && !isIn(file, 'test')) return 'nothing that runs may need the tests';
  if (target.startsWith('dist/') || target.startsWith('../')) return 'built files are found by path at run time, not imported';
  if (room === undefined) return undefined;
  if (composers.some((pattern) => pattern.test(file)) && composed.some((path) => isIn(target, path)) && !isIn(target, 'main/electron')) {
    return undefined;
  }
  const isExcepted = room.except?.some((path) => isIn(target, path)) ?? false;
  if (isIn(target, room.path) && !isExcepted) return undefined;
  if (room.values.some((path) => isIn(target, path)) && !isExcepted) return undefined;
  if (isType && room.types.some((path) => isIn(target, path))) return undefined;
  if (room.types.some((path) => isIn(target, path))) return `${room.path} may take types only from there`;
  return `no arrow leads from ${room.path} there`;
};

function* sourcesOf(root, folder) {
  let entries = [];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      // AssemblyScript is another language: its compiler keeps it inside its own folder.
      if (entry.name !== 'node_modules' && entry.name !== 'fixtures' && entry.name !== 'assembly') yield* sourcesOf(root, path);
    } else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield path;
  }
}

/** All crossings under `root`, one line each, in the order of the files. */
const crossingsOf = (root) => {
  const lines = [];
  for (const folder of ['cells', 'hardware', 'ledger-sync', 'main', 'renderer', 'scripts', 'test']) {
    for (const file of sourcesOf(root, folder)) {
      for (const one of importsOf(file, readFileSync(join(root, file), 'utf8'))) {
        const fault = faultOf(file, one);
        if (fault !== undefined) lines.push(`${file}: imports ${one.to}: ${fault}`);
      }
    }
  }
  return lines;
};

const lines = crossingsOf(process.argv[2] ?? join(import.meta.dirname, '..'));
for (const line of lines) process.stderr.write(`${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
