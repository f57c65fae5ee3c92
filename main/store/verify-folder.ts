/** A data folder verified, as a process says it: 0 where all of it adds up, 3 and a clear line at the first fault. */
import { join } from 'node:path';
import type { ExitCode } from '../platform/exit.ts';
import { JOURNAL_FILE } from './database.ts';
import { verifyDatabase } from './verify.ts';

/** `say` takes a line for stdout, `complain` one for stderr. */
export function verifyFolder(dataDirectory: string, say: (line: string) => void, complain: (line: string) => void): ExitCode {
  const report = verifyDatabase(join(dataDirectory, JOURNAL_FILE));
  if (report.ok) {
    const { name, head, accounts, payments, received } = report.value;
    say(
      `${name.gateway} (epoch ${name.epoch}): ${head.number} entries, ${payments} answers and ${accounts} accounts add up; ` +
        `head office holds ${received}; head ${head.hash}`,
    );
    return 0;
  }
  const { code, number, text } = report.error;
  complain(`chautari: verify found a fault (${code}${number === undefined ? '' : `, entry ${number}`}): ${text}`);
  // A folder without a database is a slip of the caller; everything else needs a person.
  return code === 'missing' ? 2 : code === 'locked' || code === 'unreadable' ? 1 : 3;
}
