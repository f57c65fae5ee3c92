/**
 * How a command on the same machine finds the gateway that runs over a data folder: `gateway.json` (mode 0600) says its address and a
 * token that is made at each start and dies with it. A file that was left behind by a process that was killed leads to nobody.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceDurably } from './durable-file.ts';
import { parseJson } from './json.ts';

export type RunningGateway = { readonly http: string; readonly pid: number; readonly token: string };

const pathOf = (dataDirectory: string): string => join(dataDirectory, 'gateway.json');

/** What stood in the way, where something did: a gateway on a full disk is found by nobody, and serves all the same. */
export function sayWhereItRuns(dataDirectory: string, running: RunningGateway): string | undefined {
  try {
    replaceDurably(pathOf(dataDirectory), `${JSON.stringify(running)}\n`);
    return undefined;
  } catch (error) {
    return `${pathOf(dataDirectory)} cannot be written (${(error as Error).message}): commands on this machine do not find this gateway`;
  }
}

export function forgetWhereItRuns(dataDirectory: string): void {
  try {
    rmSync(pathOf(dataDirectory), { force: true });
  } catch {
    // A disk that cannot be written any more: what is left behind leads to nobody.
  }
}

export function findRunningGateway(dataDirectory: string): RunningGateway | undefined {
  let text: string;
  try {
    text = readFileSync(pathOf(dataDirectory), 'utf8');
  } catch {
    return undefined;
  }
  const { http, pid, token } = (parseJson(text) ?? {}) as Partial<RunningGateway>;
  return typeof http === 'string' && typeof pid === 'number' && typeof token === 'string' ? { http, pid, token } : undefined;
}
