/** Real processes whose folders and disks are tampered with between their lives. For tests alone; everything stops with `end`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../main/platform/clock.ts';
import { systemEntropy } from '../../main/platform/entropy.ts';
import { CLI, sitePlans } from '../../main/village/plan.ts';
import { type Site, World } from '../../main/village/world.ts';

export type Ended = { readonly code: number | null; readonly complaint: string };
export type Running = { readonly url: string; readonly child: ChildProcess; complaint(): string };
type Status = {
  readonly epoch: string;
  readonly head: { readonly number: number };
  readonly watermark: { readonly received: number };
  readonly fenced?: string;
};
type Row = { readonly number: number; readonly standing: string };

/** Runs the `chautari` command until it is ready or has ended. */
export function run(args: readonly string[]): Promise<Running | Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, complaint }));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"ready"')) resolve({ url: (JSON.parse(line) as { http: string }).http, child, complaint: () => complaint });
    });
  });
}

/** For a start that must fail. */
export async function refused(args: readonly string[]): Promise<Ended> {
  const started = await run(args);
  if (!('child' in started)) return started;
  started.child.kill('SIGKILL');
  throw new Error('it started');
}

/** Asks again until it is so: what another process does has no event here. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (value: T) => boolean, limitMs = 25_000): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (performance.now() > until) throw new Error(`it never came to be: ${JSON.stringify(value).slice(0, 400)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export class Village {
  readonly folder: string;
  readonly world: World;
  private payments = 0;

  private constructor(folder: string, world: World) {
    this.folder = folder;
    this.world = world;
  }

  /** One shop, enrolled. It shows its head every two seconds, as in any village. `prepare` is given the folder before anything runs. */
  static async start(prepare: (folder: string) => void = () => undefined): Promise<Village> {
    const folder = mkdtempSync(join(tmpdir(), 'chautari-faults-'));
    prepare(folder);
    const options = { dataDirectory: folder, sites: sitePlans(1), clock: systemClock, entropy: systemEntropy };
    return new Village(folder, await World.start({ ...options, villageUrl: () => 'http://127.0.0.1:9' }));
  }

  get site(): Site {
    return this.world.sites[0] as Site;
  }

  get dataDirectory(): string {
    return this.site.dataDirectory;
  }

  async end(): Promise<void> {
    await this.world.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  pay(id = `fault-${++this.payments}`) {
    return this.site.client.send('POST', '/v1/payments', { id, method: 'cash', action: 'sale', amount: '12500', currency: 'NPR' });
  }

  async payTimes(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      const answer = await this.pay();
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    }
  }

  status(): Promise<Status> {
    return this.site.client.get<Status>('/v1/status');
  }

  async settled(number: number): Promise<void> {
    await eventually(
      () => this.status(),
      (status) => status.watermark.received >= number,
    );
  }

  /** Copies the stopped box's folder away; what is given puts it back. */
  keepCopy(name: string): () => void {
    const copy = join(this.folder, name);
    cpSync(this.dataDirectory, copy, { recursive: true });
    return () => {
      rmSync(this.dataDirectory, { recursive: true });
      cpSync(copy, this.dataDirectory, { recursive: true });
    };
  }

  async entries(): Promise<readonly Row[]> {
    return (await this.world.office.get<{ entries: Row[] }>('/v1/entries?limit=500')).entries;
  }

  async breaks(): Promise<readonly { readonly kind: string; readonly gateway: string }[]> {
    return (await this.world.office.get<{ breaks: { kind: string; gateway: string }[] }>('/v1/breaks')).breaks;
  }
}
