/**
 * Puts a version into use on a box: through the gateway that runs over its folder, or, where none does, by the writer itself. Either way
 * it is the writer's command, in its journal, under its lock.
 */

import { join } from 'node:path';
import type { CellSwitch, Commands } from '../gateway/commands.ts';
import { systemClock } from '../platform/clock.ts';
import { ExitFault } from '../platform/exit.ts';
import { parseJson } from '../platform/json.ts';
import { findRunningGateway, type RunningGateway } from '../platform/running-gateway.ts';
import { JOURNAL_FILE } from '../store/database.ts';
import { startWriter } from '../store/writer-thread.ts';
import type { CellBox } from './cell-box.ts';
import { readingJournal } from './replay-journal.ts';

const ANSWER_WITHIN_MS = 30_000;

/** Without a version: the one before. */
export type Wanted = { readonly name: string; readonly version?: string | undefined };

export async function switchCell(box: CellBox, wanted: Wanted): Promise<CellSwitch> {
  if (!box.hasJournal) throw new ExitFault(1, 'this box has no journal yet: enrol it, then put the cell into use');
  const running = findRunningGateway(box.data);
  return (running === undefined ? undefined : await askGateway(running, wanted)) ?? (await asWriter(box, wanted));
}

/** A wildcard is where it listens, not where it is asked. */
const addressOf = (http: string): string => http.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Undefined where nobody answers there: the file was left behind. */
async function askGateway({ http, token }: RunningGateway, { name, version }: Wanted): Promise<CellSwitch | undefined> {
  let answer: Response;
  try {
    answer = await fetch(`${addressOf(http)}/v1/cells/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(version === undefined ? { previous: true } : { version }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw new ExitFault(1, `the gateway at ${http} does not answer; look at it`);
    return undefined;
  }
  const body = parseJson(await answer.text()) as (CellSwitch & { readonly detail?: string }) | undefined;
  if (answer.status === 200 && body !== undefined) return body;
  // Somebody else's process took the port of one that was killed: it does not know the token.
  if (answer.status === 401) return undefined;
  throw new ExitFault(1, body?.detail ?? `the gateway at ${http} answered ${answer.status}`);
}

async function asWriter(box: CellBox, { name, version }: Wanted): Promise<CellSwitch> {
  const about = readingJournal(box.data, (reader) => ({ name: reader.name(), currency: reader.currency(), site: reader.site() }));
  const writer = await startWriter({
    databasePath: join(box.data, JOURNAL_FILE),
    cellsDirectory: box.roots.shipped,
    installedCellsDirectory: box.roots.installed,
    gateway: about.name.gateway,
    epoch: about.name.epoch,
    currency: about.currency,
    site: about.site,
    printReceipts: false,
    at: systemClock.now(),
  } as Parameters<typeof startWriter>[0]);
  try {
    const command: Commands['use-cell']['in'] = {
      name,
      ...(version === undefined ? {} : { version }),
      who: 'cell-command',
      at: systemClock.now(),
    };
    const done = await writer.execute('use-cell', command);
    if (!done.ok) throw new ExitFault(1, done.error.detail);
    return done.value;
  } finally {
    await writer.stop();
  }
}
