/** A village as its user starts it: the real command, ports picked by the system, its own folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = join(import.meta.dirname, '../../main/cli.ts');

export type TestVillage = {
  readonly url: string;
  readonly office: string;
  readonly kiosks: readonly string[];
  readonly folder: string;
  readonly password: string;
  readonly process: ChildProcess;
  /** SIGTERM; its exit code. */
  stop(): Promise<number | null>;
  remove(): void;
};

export async function startVillage(gateways: number): Promise<TestVillage> {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-village-'));
  const args = [CLI, 'village', '--headless', '--port', '0', '--gateways', String(gateways), '--data', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"ready"')) continue;
    const { http, office, kiosks } = JSON.parse(line) as { http: string; office: string; kiosks: string[] };
    return {
      url: http,
      office,
      kiosks,
      folder,
      password: readFileSync(join(folder, 'central/office-password'), 'utf8').trim(),
      process: child,
      stop: () => {
        child.kill('SIGTERM');
        return exited;
      },
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  throw new Error(`the village did not start: ${complaints.slice(-3).join(' / ')}`);
}
