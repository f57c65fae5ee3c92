/**
 * `chautari village` (npm start): everything on one machine, with sample customers and a catalogue. Prints every URL. Ctrl-C stops all;
 * data survives in the village's folder and `--fresh` begins anew.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineCommand } from 'citty';
import { refuseUnknown, wholeNumber } from '../platform/arguments.ts';
import { systemClock } from '../platform/clock.ts';
import { openDataFolder } from '../platform/data-folder.ts';
import { findElectron } from '../platform/electron-binary.ts';
import { systemEntropy } from '../platform/entropy.ts';
import { ExitFault, printReady, stopOnSignal } from '../platform/exit.ts';
import { type Fetch, listen } from '../platform/http/listen.ts';
import { createLog } from '../platform/log.ts';
import { type FolderLock, lockFolder } from '../store/folder-lock.ts';
import { exitFaultOf, StorageFault } from '../store/storage-fault.ts';
import { MAX_GATEWAYS, SAMPLE_FLOAT, sampleCustomers, sampleKhata, sampleVouchers, sitePlans } from './plan.ts';
import { SAMPLE_CATALOGUE } from './sample-catalogue.ts';
import { leaseSampleMeter } from './sample-meter.ts';
import { Village } from './village.ts';
import { villageApp } from './village-http.ts';
import { type Site, World } from './world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const args = {
  gateways: { type: 'string', default: '3', valueHint: 'N', description: `How many gateways, 1 to ${MAX_GATEWAYS}` },
  data: { type: 'string', default: join(ROOT, 'village-data'), valueHint: 'DIR', description: 'Where the village lives' },
  fresh: { type: 'boolean', default: false, description: 'Throw the village’s data away first' },
  headless: { type: 'boolean', default: false, description: 'Open no window' },
  port: {
    type: 'string',
    default: '7000',
    valueHint: 'PORT',
    description: 'The village page; gateways from 7070, head office 7060; 0: the system picks all',
  },
  printer: { type: 'boolean', default: true, description: 'Give the first gateway a simulated receipt printer' },
} as const;

export const villageCommand = defineCommand({
  meta: { name: 'village', description: 'Everything on one machine, for trying and testing' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const count = wholeNumber('gateways', given.gateways, 1, MAX_GATEWAYS);
    const port = wholeNumber('port', given.port, 0, 65_535);
    const dataDirectory = resolve(given.data);
    const lock = lockVillage(openDataFolder(dataDirectory));
    if (given.fresh) throwAway(dataDirectory);
    await runVillage({ count, port, dataDirectory, headless: given.headless, printer: given.printer, lock });
  },
});

/** A second village would start another head office over the same ledger, and `--fresh` would empty a living one. */
function lockVillage(directory: string): FolderLock {
  try {
    return lockFolder(join(directory, 'village.lock'));
  } catch (fault) {
    if (!(fault instanceof StorageFault)) throw fault;
    if (fault.code !== 'locked') throw exitFaultOf(fault);
    throw new ExitFault(1, `a village runs in ${directory} already; stop it with Ctrl-C, or give this one another folder with --data`);
  }
}

/** Only a folder that a village made is ever removed. */
function throwAway(directory: string): void {
  try {
    if (dirname(directory) === directory) throw new Error('it is the root');
    for (const name of ['logs', 'central', 'receipts', ...sitePlans(MAX_GATEWAYS).map((plan) => plan.gateway)]) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
  } catch (fault) {
    throw new ExitFault(1, `${directory} cannot be cleared: ${(fault as Error).message}`);
  }
}

type VillageOptions = {
  readonly count: number;
  readonly port: number;
  readonly dataDirectory: string;
  readonly headless: boolean;
  readonly printer: boolean;
  readonly lock: FolderLock;
};

async function runVillage(options: VillageOptions): Promise<void> {
  const log = createLog('village');
  let village: Village | undefined;
  let world: World | undefined;
  let shell: ReturnType<typeof spawn> | undefined;
  let stopping = false;
  const { app, events } = villageApp(() => village, join(ROOT, 'dist/renderer/village'), log);
  const server = await listenOnFreePort(app.fetch as Fetch, options.port);
  stopOnSignal(async () => {
    stopping = true;
    shell?.kill('SIGTERM');
    village?.stop();
    await world?.stop();
    events.close();
    await server.close(200);
    options.lock.release();
  }, 15_000);

  const started = World.start(
    {
      dataDirectory: options.dataDirectory,
      sites: sitePlans(options.count),
      clock: systemClock,
      entropy: systemEntropy,
      ...(options.port === 0 ? {} : { ports: { central: 7060, firstGateway: 7070 } }),
      villageUrl: () => server.url,
      gatewayArgs: (plan) =>
        options.printer && plan.gateway === 'syabru' ? ['--printer', `simulator:${join(options.dataDirectory, 'receipts')}`] : [],
    },
    (line) => process.stderr.write(`village: ${line}\n`),
    (made) => {
      world = made;
    },
  );
  // Stopped on its way up: that is no fault, and the signal's own handler ends the process.
  const up = await started.catch((fault: unknown) => {
    if (!stopping) throw fault;
  });
  if (up === undefined) return;
  for (const [index, site] of up.sites.entries()) {
    await furnish(site, index);
    await leaseSampleMeter(up, site, index);
  }
  await furnishOffice(up);
  village = new Village(up, { log, entropy: systemEntropy });
  const tellPage = coalesced(() => {
    if (!stopping) events.publish('state', village?.state());
  });
  village.onChange(tellPage);

  say(up, server.url);
  printReady({
    ready: 'village',
    http: server.url,
    office: up.central.ready?.http,
    kiosks: up.sites.map((site) => site.child.ready?.http),
  });
  if (!options.headless) shell = openWindow(`${server.url}/`, up);
}

/** Opens what a fresh shop has. Asking again changes nothing: openings are idempotent. */
async function furnish(site: Site, index: number): Promise<void> {
  const open = (body: Readonly<Record<string, string>>): Promise<unknown> => site.client.post('/v1/accounts', { currency: 'NPR', ...body });
  await open({ id: `float:${site.plan.gateway}`, opening: SAMPLE_FLOAT, name: 'Float' });
  for (const customer of sampleCustomers(index)) await open(customer);
  for (const khata of sampleKhata(index)) await open(khata);
  for (const voucher of sampleVouchers(index)) await open(voucher);
}

async function furnishOffice(world: World): Promise<void> {
  const { items } = await world.office.get<{ items: readonly unknown[] }>('/v1/catalogue');
  if (items.length === 0) await world.office.patch('/v1/catalogue', { items: SAMPLE_CATALOGUE });
}

function say(world: World, url: string): void {
  const rows: [string, string][] = [
    ['Village', `${url}/`],
    ['Head office', `${world.central.ready?.http}/office/   password: ${world.officePassword()}`],
    ...world.sites.map((site): [string, string] => [
      `Kiosk ${site.plan.site.en}`,
      `${site.child.ready?.http}/kiosk/#pair=${world.pairingCode(site)}`,
    ]),
    ...world.sites.map((site): [string, string] => [`Field ${site.plan.site.en}`, `${site.child.ready?.http}/field/`]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, target]) => `  ${name.padEnd(width)}${target}`);
  process.stderr.write(
    `\nThe village is up. Open any of these; a kiosk's code lets one browser in, the village page always has the next.\n\n${lines.join('\n')}\n\nCtrl-C stops everything; what was paid stays.\n\n`,
  );
}

/** The kiosk window where there is an Electron and a display; else one line that says how to get it. */
function openWindow(villageUrl: string, world: World): ReturnType<typeof spawn> | undefined {
  const electron = findElectron();
  const site = world.sites[0];
  if (!electron.ok || site === undefined) {
    process.stderr.write(`village: no kiosk window: ${electron.ok ? 'no gateway' : electron.error}; open ${villageUrl} in a browser.\n`);
    return undefined;
  }
  const target = `${site.child.ready?.http}/kiosk/#pair=${world.pairingCode(site)}`;
  const { path, args: first } = electron.value;
  const child = spawn(path, [...first, ROOT, '--windowed'], { stdio: 'ignore', env: { ...process.env, CHAUTARI_KIOSK_URL: target } });
  child.on('error', (fault) => process.stderr.write(`village: the kiosk window could not be opened: ${fault.message}\n`));
  return child;
}

async function listenOnFreePort(fetch: Fetch, port: number): Promise<{ readonly url: string; close(graceMs?: number): Promise<void> }> {
  const first = await listen(fetch, { host: '127.0.0.1', port });
  if (first.ok) return first.value;
  if (first.error.code !== 'port-in-use') throw new ExitFault(1, first.error.detail);
  const second = await listen(fetch, { host: '127.0.0.1', port: 0 });
  if (!second.ok) throw new ExitFault(1, second.error.detail);
  process.stderr.write(`village: port ${port} is in use, so the page is at ${second.value.url}\n`);
  return second.value;
}

/** At most ten a second, and always the last. */
function coalesced(run: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      run();
    }, 100).unref();
  };
}
