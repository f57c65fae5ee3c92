/** The claims of the README and how each is measured. `stands` undefined: this machine lacks what the claim needs, and the value says what. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/platform/clock.ts';
import { seededEntropy, systemEntropy } from '../../main/platform/entropy.ts';
import { sitePlans } from '../../main/village/plan.ts';
import { readPaysim } from '../../main/village/replay/paysim.ts';
import { replay } from '../../main/village/replay/replay.ts';
import type { Report } from '../../main/village/replay/report.ts';
import { seededTrace } from '../../main/village/trace.ts';
import { World } from '../../main/village/world.ts';
import { findTool } from '../support/require.ts';

export type Finding = { readonly stands: boolean | undefined; readonly value: string; readonly rival?: string };
export type Claim = { readonly name: string; readonly says: string; readonly alone: string; readonly measure: () => Promise<Finding> };

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'main/cli.ts');
const EXCERPT = join(ROOT, 'test/fixtures/paysim/excerpt.csv.gz');

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-prove-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inWorld<T>(run: (world: World, folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const world = await World.start({ dataDirectory: folder, sites: sitePlans(1), clock: systemClock, entropy: systemEntropy });
    try {
      return await run(world, folder);
    } finally {
      await world.stop();
    }
  });
}

let replayed: Promise<{ report: Report; hledger: Finding }> | undefined;

/** One replay serves several claims. */
function excerptReplay(): Promise<{ report: Report; hledger: Finding }> {
  replayed ??= inFolder(async (folder) => {
    const report = await replay({
      rows: readPaysim(EXCERPT, 1_600),
      dataDirectory: folder,
      gateways: 2,
      trace: seededTrace(seededEntropy(5), 3_600),
      speed: 20,
      kills: 40,
      window: 8,
      seed: 5,
      entropy: seededEntropy(5),
      worldEntropy: systemEntropy,
      clock: systemClock,
      cores: availableParallelism(),
      progress: { write: () => true },
    });
    return { report, hledger: checkHledger(folder, report) };
  });
  return replayed;
}

/** The export passes `hledger check`, and hledger's own sums are the report's. */
function checkHledger(folder: string, report: Report): Finding {
  const hledger = findTool('hledger');
  if (hledger === undefined) return { stands: undefined, value: 'hledger is not installed here' };
  const journal = join(folder, 'ledger.journal');
  const exported = spawnSync(process.execPath, [CLI, 'export', '--data', join(folder, 'central'), '--format', 'hledger', '--out', journal]);
  if (exported.status !== 0) return { stands: false, value: `the export failed: ${exported.stderr}` };
  const checked = spawnSync(hledger, ['-f', journal, 'check', '--strict']);
  if (checked.status !== 0) return { stands: false, value: `hledger check: ${checked.stderr.toString().split('\n')[0]}` };
  const balances = spawnSync(hledger, ['-f', journal, 'balance', '--flat', '--empty', '-O', 'csv', '--no-total'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  let compared = 0;
  for (const line of balances.stdout.toString('utf8').trim().split('\n').slice(1)) {
    const [account = '', amount = ''] = line.split('","').map((cell) => cell.replaceAll('"', ''));
    const minor = amount.replace(/[^0-9-]/g, '');
    const expected = report.balances[account] ?? '0';
    if (BigInt(minor === '' ? '0' : minor) !== BigInt(expected))
      return { stands: false, value: `${account}: hledger ${amount}, report ${expected}` };
    compared++;
  }
  return { stands: compared > 0, value: `hledger check passes and its ${compared} balances are ours` };
}

export const claims: readonly Claim[] = [
  {
    name: 'kill',
    says: 'An approval is never lost, doubled or taken back, whatever is killed',
    alone: 'npx chautari replay test/fixtures/paysim/excerpt.csv.gz --gateways 2 --kills 40',
    measure: async () => {
      const { report } = await excerptReplay();
      const { gateways, broker, central } = report.kills;
      const lost = report.differenceCount;
      return {
        stands: report.exact,
        value: `${report.approved} approved, ${gateways + broker + central} kills -9, ${report.duplicatesAbsorbed} repeats absorbed, ${lost} differences`,
        rival: 'clearing a queue on PUBACK lost 476 of 5,000: docs/adr/0001',
      };
    },
  },
  {
    name: 'exact',
    says: 'Head office adds up to the paisa, by its own books and by another program’s',
    alone: 'npx chautari export --data village-data/central --format hledger | hledger -f - check --strict',
    measure: async () => (await excerptReplay()).hledger,
  },
  {
    name: 'offline',
    says: 'Payments go on where there is no network at all',
    alone: 'npm run prove -- offline',
    measure: offline,
  },
  {
    name: 'answer',
    says: 'The shop waits for its own disk, not for the satellite',
    alone: 'npm run bench -- article',
    measure: () =>
      inWorld(async (world) => {
        const site = world.sites[0];
        if (site === undefined) throw new Error('no site');
        world.setLink(site.plan.gateway, 'bad');
        const session = await site.client.pair(world.pairingCode(site), 'prove');
        const times: number[] = [];
        for (let payment = 1; payment <= 200; payment++) {
          const at = performance.now();
          const answer = await site.client.send('POST', '/v1/payments', cashSale(`${session}.${payment}`));
          if (answer.status !== 201) throw new Error(`payment ${payment} was answered ${answer.status}`);
          times.push(performance.now() - at);
        }
        times.sort((left, right) => left - right);
        const median = times[100] ?? Number.NaN;
        return {
          stands: median < 820,
          value: `${median.toFixed(1)} ms median on a link of 820 ms`,
          rival: 'at least 820 ms for one synchronous round trip',
        };
      }),
  },
  {
    name: 'once',
    says: 'The same payment asked for a hundred times at once is one entry',
    alone: 'npm run prove -- once',
    measure: () =>
      inWorld(async (world) => {
        const client = world.sites[0]?.client;
        if (client === undefined) throw new Error('no site');
        const before = await client.get<{ head: { number: number } }>('/v1/status');
        const answers = await Promise.all(Array.from({ length: 100 }, () => client.send('POST', '/v1/payments', cashSale('one-id'))));
        const after = await client.get<{ head: { number: number } }>('/v1/status');
        const entries = after.head.number - before.head.number;
        const approved = answers.filter(({ status }) => status === 200 || status === 201).length;
        return {
          stands: entries === 1 && approved === 100,
          value: `${approved} answers, ${entries} entry`,
          rival: '8 orders, 19 payments: stripe-terminal-android issue 747',
        };
      }),
  },
  {
    name: 'bytes',
    says: 'A payment costs a handful of bytes on the satellite, signature included',
    alone: 'npm run bench -- wire',
    measure: async () => {
      const { wireFigures } = await import('../bench/wire.ts');
      const figure = (await wireFigures()).find(({ name }) => name === 'wire.100');
      if (figure === undefined) throw new Error('no figure');
      return {
        stands: figure.holds !== false,
        value: `${figure.value.toFixed(1)} bytes in batches of 100`,
        rival: `${figure.rivalValue?.toFixed(0)} bytes: ${figure.rival}`,
      };
    },
  },
  {
    name: 'stranger',
    says: 'Nothing is answered to a stranger, nothing is taken from a box that was not enrolled',
    alone: 'npm run prove -- stranger',
    measure: () =>
      inWorld(async (world) => {
        const base = world.sites[0]?.child.ready?.http ?? '';
        const paths = ['/v1/status', '/v1/accounts', '/v1/journal', '/v1/payments', '/metrics', '/v1/events', '/v1/catalogue'];
        const statuses = await Promise.all(paths.map(async (path) => (await fetch(`${base}${path}`)).status));
        const office = await fetch(`${world.central.ready?.http}/v1/entries`);
        const refused = statuses.filter((status) => status === 401).length;
        return {
          stands: refused === paths.length && office.status === 401,
          value: `${refused} of ${paths.length} doors of the box and head office’s answer 401`,
        };
      }),
  },
];

const cashSale = (id: string) => ({ id, method: 'cash', action: 'sale', amount: '12500', currency: 'NPR' });

/** A gateway in a network namespace that has loopback only: no route, no name, no link, and a hundred payments. */
async function offline(): Promise<Finding> {
  const probe = spawnSync('unshare', ['-rn', 'true']);
  if (probe.status !== 0) return { stands: undefined, value: 'this machine lets nobody make a network namespace (unshare -rn)' };
  return inWorld(async (world, folder) => {
    const site = world.sites[0];
    if (site === undefined) throw new Error('no site');
    await world.stop();
    const script = join(import.meta.dirname, 'offline-payments.ts');
    const run = spawnSync('unshare', ['-rn', process.execPath, script, join(folder, site.plan.gateway)], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (run.status !== 0) throw new Error(run.stderr.trim().split('\n').at(-1) ?? 'the payments failed');
    const found = JSON.parse(run.stdout) as { approved: number; interfaces: string[] };
    const journal = readFileSync(join(folder, site.plan.gateway, 'gateway.sqlite')).length;
    return {
      stands: found.approved === 100,
      value: `100 payments asked, ${found.approved} approved, interfaces: ${found.interfaces.join(' ')}; journal of ${journal} bytes`,
    };
  });
}
